import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../../edge/commands.js';
import { meetDeadlines, type MeetDeadlines } from './meet-deadlines.js';

export class MeetDeadlinesCommand extends Command<Outcome> {
  constructor(readonly input: MeetDeadlines) {
    super();
  }
}

@CommandHandler(MeetDeadlinesCommand)
export class MeetDeadlinesHandler implements ICommandHandler<MeetDeadlinesCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: MeetDeadlinesCommand): Promise<Outcome> {
    return this.desk.onDossier(meetDeadlines, input);
  }
}
