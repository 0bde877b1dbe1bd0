import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { exempt, type Exempt } from './exempt.js';

export class ExemptCommand extends Command<Outcome> {
  constructor(readonly input: Omit<Exempt, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(ExemptCommand)
export class ExemptHandler implements ICommandHandler<ExemptCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: ExemptCommand): Promise<Outcome> {
    return this.desk.onSubject(exempt, input);
  }
}
