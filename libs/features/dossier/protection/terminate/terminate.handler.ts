import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { terminate, type Terminate } from './terminate.js';

export class TerminateCommand extends Command<Outcome> {
  constructor(readonly input: Terminate) {
    super();
  }
}

@CommandHandler(TerminateCommand)
export class TerminateHandler implements ICommandHandler<TerminateCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: TerminateCommand): Promise<Outcome> {
    return this.desk.onDossier(terminate, input);
  }
}
