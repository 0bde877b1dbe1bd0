import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { arbitrate, type Arbitrate } from './arbitrate.js';

export class ArbitrateCommand extends Command<Outcome> {
  constructor(readonly input: Arbitrate) {
    super();
  }
}

@CommandHandler(ArbitrateCommand)
export class ArbitrateHandler implements ICommandHandler<ArbitrateCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ArbitrateCommand): Promise<Outcome> {
    return this.desk.onDossier(arbitrate, input);
  }
}
