import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { recordDeal, type RecordDeal } from './record-deal.js';

export class RecordDealCommand extends Command<Outcome> {
  constructor(readonly input: RecordDeal) { super(); }
}

@CommandHandler(RecordDealCommand)
export class RecordDealHandler implements ICommandHandler<RecordDealCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecordDealCommand): Promise<Outcome> { return this.desk.onDossier(recordDeal, input); }
}
