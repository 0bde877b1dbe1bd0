import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { exempt, type Exempt } from './exempt.js';

export class ExemptCommand extends Command<Outcome> {
  constructor(readonly input: Omit<Exempt, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(ExemptCommand)
export class ExemptHandler implements ICommandHandler<ExemptCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: ExemptCommand): Promise<Outcome> {
    return this.desk.onSubject(exempt, input);
  }
}
