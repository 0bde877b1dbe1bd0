import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { recordFollowUp, type RecordFollowUp } from './record-follow-up.js';

export class RecordFollowUpCommand extends Command<Outcome> {
  constructor(readonly input: RecordFollowUp) {
    super();
  }
}

@CommandHandler(RecordFollowUpCommand)
export class RecordFollowUpHandler implements ICommandHandler<RecordFollowUpCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecordFollowUpCommand): Promise<Outcome> {
    return this.desk.onDossier(recordFollowUp, input);
  }
}
