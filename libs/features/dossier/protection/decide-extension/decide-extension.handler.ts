import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { decideExtension, type DecideExtension } from './decide-extension.js';

export class DecideExtensionCommand extends Command<Outcome> {
  constructor(readonly input: DecideExtension) {
    super();
  }
}

@CommandHandler(DecideExtensionCommand)
export class DecideExtensionHandler implements ICommandHandler<DecideExtensionCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: DecideExtensionCommand): Promise<Outcome> {
    return this.desk.onDossier(decideExtension, input);
  }
}
