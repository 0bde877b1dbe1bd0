import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { recordDeposit, type RecordDeposit } from './record-deposit.js';

export class RecordDepositCommand extends Command<Outcome> {
  constructor(readonly input: RecordDeposit) {
    super();
  }
}

@CommandHandler(RecordDepositCommand)
export class RecordDepositHandler implements ICommandHandler<RecordDepositCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecordDepositCommand): Promise<Outcome> {
    return this.desk.onDossier(recordDeposit, input);
  }
}
