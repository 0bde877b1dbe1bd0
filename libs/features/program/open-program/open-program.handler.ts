import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { openProgram, type OpenProgram } from './open-program.js';

export class OpenProgramCommand extends Command<Outcome> {
  constructor(readonly input: OpenProgram) {
    super();
  }
}

@CommandHandler(OpenProgramCommand)
export class OpenProgramHandler implements ICommandHandler<OpenProgramCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: OpenProgramCommand): Promise<Outcome> {
    return this.desk.administer(openProgram, input);
  }
}
