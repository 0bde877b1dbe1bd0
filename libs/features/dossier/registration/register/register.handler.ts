import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { register, type Register } from './register.js';

export class RegisterCommand extends Command<Outcome> {
  constructor(readonly input: Omit<Register, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(RegisterCommand)
export class RegisterHandler implements ICommandHandler<RegisterCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RegisterCommand): Promise<Outcome> {
    return this.desk.onSubject(register, input);
  }
}
