import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { recordVisit, type RecordVisit } from './record-visit.js';

export class RecordVisitCommand extends Command<Outcome> {
  constructor(readonly input: RecordVisit) {
    super();
  }
}

@CommandHandler(RecordVisitCommand)
export class RecordVisitHandler implements ICommandHandler<RecordVisitCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordVisitCommand): Promise<Outcome> {
    return this.desk.onDossier(recordVisit, input);
  }
}
