import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import { Commands } from '../../edge/commands.js';
import { publishCalendar, type PublishCalendar } from './publish-calendar.js';

export class PublishCalendarCommand extends Command<Outcome> {
  constructor(readonly input: PublishCalendar) {
    super();
  }
}

@CommandHandler(PublishCalendarCommand)
export class PublishCalendarHandler implements ICommandHandler<PublishCalendarCommand> {
  constructor(private readonly desk: Commands) {}

  execute({ input }: PublishCalendarCommand): Promise<Outcome> {
    return this.desk.administer(publishCalendar, input);
  }
}
