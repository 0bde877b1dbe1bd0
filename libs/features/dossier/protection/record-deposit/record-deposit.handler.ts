import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { recordDeposit, type RecordDeposit } from './record-deposit.js';

export class RecordDepositCommand extends Command<Outcome> {
  constructor(readonly input: RecordDeposit) {
    super();
  }
}

@CommandHandler(RecordDepositCommand)
export class RecordDepositHandler implements ICommandHandler<RecordDepositCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecordDepositCommand): Promise<Outcome> {
    return this.desk.onDossier(recordDeposit, input);
  }
}
