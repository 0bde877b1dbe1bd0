import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { recordDeal, recordDealOf, type RecordDeal, type RecordDealOf } from './record-deal.js';

export class RecordDealCommand extends Command<Outcome> {
  constructor(readonly input: RecordDeal) {
    super();
  }
}

@CommandHandler(RecordDealCommand)
export class RecordDealHandler implements ICommandHandler<RecordDealCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordDealCommand): Promise<Outcome> {
    return this.desk.onDossier(recordDeal, input);
  }
}

/** The customer is named by a form: nobody need ever have registered it. */
export class RecordDealOfCommand extends Command<Outcome> {
  constructor(readonly input: Omit<RecordDealOf, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(RecordDealOfCommand)
export class RecordDealOfHandler implements ICommandHandler<RecordDealOfCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordDealOfCommand): Promise<Outcome> {
    return this.desk.onSubject(recordDealOf, input);
  }
}
