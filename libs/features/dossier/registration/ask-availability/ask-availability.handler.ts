import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { askAvailabilityHandling, type AskAvailability } from './ask-availability.js';

export class AskAvailabilityCommand extends Command<Outcome> {
  constructor(readonly input: Omit<AskAvailability, 'newDossierId'>) {
    super();
  }
}

@CommandHandler(AskAvailabilityCommand)
export class AskAvailabilityHandler implements ICommandHandler<AskAvailabilityCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: AskAvailabilityCommand): Promise<Outcome> {
    return this.desk.handle(
      askAvailabilityHandling({ ...input, newDossierId: this.desk.newDossierId() }, this.desk.clock, this.desk.secret),
    );
  }
}
