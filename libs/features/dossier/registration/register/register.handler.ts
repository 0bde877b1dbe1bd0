import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { register, type Register } from './register.js';

export class RegisterCommand extends Command<Outcome> {
  constructor(readonly input: Omit<Register, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(RegisterCommand)
export class RegisterHandler implements ICommandHandler<RegisterCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RegisterCommand): Promise<Outcome> {
    return this.desk.onSubject(register, input);
  }
}
