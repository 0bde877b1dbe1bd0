import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { requestExtension, type RequestExtension } from './request-extension.js';

export class RequestExtensionCommand extends Command<Outcome> {
  constructor(readonly input: RequestExtension) {
    super();
  }
}

@CommandHandler(RequestExtensionCommand)
export class RequestExtensionHandler implements ICommandHandler<RequestExtensionCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RequestExtensionCommand): Promise<Outcome> {
    return this.desk.onDossier(requestExtension, input);
  }
}
