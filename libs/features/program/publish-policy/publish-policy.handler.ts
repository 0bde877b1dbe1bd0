import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { publishPolicy, type PublishPolicy } from './publish-policy.js';

export class PublishPolicyCommand extends Command<Outcome> {
  constructor(readonly input: PublishPolicy) {
    super();
  }
}

@CommandHandler(PublishPolicyCommand)
export class PublishPolicyHandler implements ICommandHandler<PublishPolicyCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: PublishPolicyCommand): Promise<Outcome> {
    return this.desk.administer(publishPolicy, input);
  }
}
