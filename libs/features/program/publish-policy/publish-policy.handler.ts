import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { publishPolicy, type PublishPolicy } from './publish-policy.js';

export class PublishPolicyCommand extends Command<Outcome> {
  constructor(readonly input: PublishPolicy) {
    super();
  }
}

@CommandHandler(PublishPolicyCommand)
export class PublishPolicyHandler implements ICommandHandler<PublishPolicyCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: PublishPolicyCommand): Promise<Outcome> {
    return this.desk.administer(publishPolicy, input);
  }
}
