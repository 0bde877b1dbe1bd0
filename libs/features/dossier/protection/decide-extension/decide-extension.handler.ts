import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { decideExtension, type DecideExtension } from './decide-extension.js';

export class DecideExtensionCommand extends Command<Outcome> {
  constructor(readonly input: DecideExtension) {
    super();
  }
}

@CommandHandler(DecideExtensionCommand)
export class DecideExtensionHandler implements ICommandHandler<DecideExtensionCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: DecideExtensionCommand): Promise<Outcome> {
    return this.desk.onDossier(decideExtension, input);
  }
}
