import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { agreeSplit, type AgreeSplit } from './agree-split.js';

export class AgreeSplitCommand extends Command<Outcome> {
  constructor(readonly input: AgreeSplit) {
    super();
  }
}

@CommandHandler(AgreeSplitCommand)
export class AgreeSplitHandler implements ICommandHandler<AgreeSplitCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: AgreeSplitCommand): Promise<Outcome> {
    return this.desk.onDossier(agreeSplit, input);
  }
}
