import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome } from '#event-sourcing/handle-command.js';
import { Desk } from '../../desk.js';
import { publishCalendar, type PublishCalendar } from './publish-calendar.js';

export class PublishCalendarCommand extends Command<Outcome> {
  constructor(readonly input: PublishCalendar) {
    super();
  }
}

@CommandHandler(PublishCalendarCommand)
export class PublishCalendarHandler implements ICommandHandler<PublishCalendarCommand> {
  constructor(private readonly desk: Desk) {}

  execute({ input }: PublishCalendarCommand): Promise<Outcome> {
    return this.desk.administer(publishCalendar, input);
  }
}
