import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { openProgram, type OpenProgram } from './open-program.js';

export class OpenProgramCommand extends Command<Outcome> {
  constructor(readonly input: OpenProgram) {
    super();
  }
}

@CommandHandler(OpenProgramCommand)
export class OpenProgramHandler implements ICommandHandler<OpenProgramCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: OpenProgramCommand): Promise<Outcome> {
    return this.desk.administer(openProgram, input);
  }
}
