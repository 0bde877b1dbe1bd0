import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { recordFollowUp, type RecordFollowUp } from './record-follow-up.js';

export class RecordFollowUpCommand extends Command<Outcome> {
  constructor(readonly input: RecordFollowUp) {
    super();
  }
}

@CommandHandler(RecordFollowUpCommand)
export class RecordFollowUpHandler implements ICommandHandler<RecordFollowUpCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordFollowUpCommand): Promise<Outcome> {
    return this.desk.onDossier(recordFollowUp, input);
  }
}
