import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../../desk.js';
import { meetDeadlines, type MeetDeadlines } from './meet-deadlines.js';

export class MeetDeadlinesCommand extends Command<Outcome> {
  constructor(readonly input: MeetDeadlines) {
    super();
  }
}

@CommandHandler(MeetDeadlinesCommand)
export class MeetDeadlinesHandler implements ICommandHandler<MeetDeadlinesCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: MeetDeadlinesCommand): Promise<Outcome> {
    return this.desk.onDossier(meetDeadlines, input);
  }
}
