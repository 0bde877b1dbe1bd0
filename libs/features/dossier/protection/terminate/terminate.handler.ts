import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { terminate, type Terminate } from './terminate.js';

export class TerminateCommand extends Command<Outcome> {
  constructor(readonly input: Terminate) {
    super();
  }
}

@CommandHandler(TerminateCommand)
export class TerminateHandler implements ICommandHandler<TerminateCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: TerminateCommand): Promise<Outcome> {
    return this.desk.onDossier(terminate, input);
  }
}
