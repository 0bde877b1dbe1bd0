import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { findOffenceHandling, type FindOffence } from './find-offence.js';

export class FindOffenceCommand extends Command<Outcome> {
  constructor(readonly input: FindOffence) {
    super();
  }
}

@CommandHandler(FindOffenceCommand)
export class FindOffenceHandler implements ICommandHandler<FindOffenceCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: FindOffenceCommand): Promise<Outcome> {
    return this.desk.handle(findOffenceHandling(input, this.desk.clock));
  }
}
