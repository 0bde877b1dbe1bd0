import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { requestExtension, type RequestExtension } from './request-extension.js';

export class RequestExtensionCommand extends Command<Outcome> {
  constructor(readonly input: RequestExtension) {
    super();
  }
}

@CommandHandler(RequestExtensionCommand)
export class RequestExtensionHandler implements ICommandHandler<RequestExtensionCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RequestExtensionCommand): Promise<Outcome> {
    return this.desk.onDossier(requestExtension, input);
  }
}
