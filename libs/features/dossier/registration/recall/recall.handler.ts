import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { recall, type Recall } from './recall.js';

export class RecallCommand extends Command<Outcome> {
  constructor(readonly input: Recall) {
    super();
  }
}

@CommandHandler(RecallCommand)
export class RecallHandler implements ICommandHandler<RecallCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: RecallCommand): Promise<Outcome> {
    return this.desk.onDossier(recall, input);
  }
}
