import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { recall, type Recall } from './recall.js';

export class RecallCommand extends Command<Outcome> {
  constructor(readonly input: Recall) {
    super();
  }
}

@CommandHandler(RecallCommand)
export class RecallHandler implements ICommandHandler<RecallCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: RecallCommand): Promise<Outcome> {
    return this.desk.onDossier(recall, input);
  }
}
