import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { resubmit, type Resubmit } from './resubmit.js';

export class ResubmitCommand extends Command<Outcome> {
  constructor(readonly input: Resubmit) {
    super();
  }
}

@CommandHandler(ResubmitCommand)
export class ResubmitHandler implements ICommandHandler<ResubmitCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ResubmitCommand): Promise<Outcome> {
    return this.desk.onDossier(resubmit, input);
  }
}
