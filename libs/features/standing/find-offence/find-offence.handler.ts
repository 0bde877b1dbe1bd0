import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { findOffenceHandling, type FindOffence } from './find-offence.js';

export class FindOffenceCommand extends Command<Outcome> {
  constructor(readonly input: FindOffence) {
    super();
  }
}

@CommandHandler(FindOffenceCommand)
export class FindOffenceHandler implements ICommandHandler<FindOffenceCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: FindOffenceCommand): Promise<Outcome> {
    return this.desk.handle(findOffenceHandling(input, this.desk.clock));
  }
}
