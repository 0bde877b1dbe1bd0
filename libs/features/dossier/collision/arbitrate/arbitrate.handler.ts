import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { arbitrate, type Arbitrate } from './arbitrate.js';

export class ArbitrateCommand extends Command<Outcome> {
  constructor(readonly input: Arbitrate) {
    super();
  }
}

@CommandHandler(ArbitrateCommand)
export class ArbitrateHandler implements ICommandHandler<ArbitrateCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ArbitrateCommand): Promise<Outcome> {
    return this.desk.onDossier(arbitrate, input);
  }
}
