import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { transfer, type Transfer } from './transfer.js';

export class TransferCommand extends Command<Outcome> {
  constructor(readonly input: Transfer) {
    super();
  }
}

@CommandHandler(TransferCommand)
export class TransferHandler implements ICommandHandler<TransferCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: TransferCommand): Promise<Outcome> {
    return this.desk.onDossier(transfer, input);
  }
}
