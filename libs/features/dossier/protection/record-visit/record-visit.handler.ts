import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { recordVisit, type RecordVisit } from './record-visit.js';

export class RecordVisitCommand extends Command<Outcome> {
  constructor(readonly input: RecordVisit) {
    super();
  }
}

@CommandHandler(RecordVisitCommand)
export class RecordVisitHandler implements ICommandHandler<RecordVisitCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecordVisitCommand): Promise<Outcome> {
    return this.desk.onDossier(recordVisit, input);
  }
}
