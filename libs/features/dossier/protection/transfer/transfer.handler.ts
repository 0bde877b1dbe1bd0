import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { transfer, type Transfer } from './transfer.js';

export class TransferCommand extends Command<Outcome> {
  constructor(readonly input: Transfer) {
    super();
  }
}

@CommandHandler(TransferCommand)
export class TransferHandler implements ICommandHandler<TransferCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: TransferCommand): Promise<Outcome> {
    return this.desk.onDossier(transfer, input);
  }
}
