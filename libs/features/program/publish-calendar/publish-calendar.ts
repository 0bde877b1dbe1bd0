import { accept, refuse } from '#event-sourcing/decision.js';
import type { CalendarDate, Code } from '#event-sourcing/vocabulary.js';
import { CalendarError, calendarYear } from '#time/calendar.js';
import { TimeError } from '#time/instant.js';
import { administration } from '../../deciding/administration.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { CalendarPublished } from '../events.js';
import { calendarFolding, calendarStream, type CalendarFacts } from '../facts.js';

/**
 * Publishes the working days of one year. A year nobody published is an error where a clock needs it, never a guess.
 */
export interface PublishCalendar extends CommandBase {
  readonly calendarId: Code;
  readonly year: number;
  readonly holidays: readonly string[];
  readonly makeUpDays: readonly string[];
}

export const publishCalendar = administration<PublishCalendar, CalendarFacts, CalendarPublished>({
  name: 'PublishCalendar',
  stream: ({ calendarId, year }) => calendarStream(calendarId, year),
  folding: calendarFolding,
  allowed: ['administrator'],
  decide: ({ state }, { calendarId, year, holidays, makeUpDays }) => {
    try {
      const days = calendarYear(year, { holidays, makeUpDays });
      if (
        state.days !== undefined &&
        same(state.days.holidays, days.holidays) &&
        same(state.days.makeUpDays, days.makeUpDays)
      )
        return accept();
      return accept({
        type: 'CalendarPublished',
        calendarId,
        year,
        version: state.version + 1,
        holidays: days.holidays,
        makeUpDays: days.makeUpDays,
      });
    } catch (error) {
      if (error instanceof CalendarError)
        return refuse({
          reason: 'CalendarInvalid',
          field: 'holidays',
          inputs: { problem: error.problem as Code, date: error.date as CalendarDate },
        });
      if (error instanceof TimeError)
        return refuse({ reason: 'CalendarInvalid', field: 'holidays', inputs: { problem: error.problem as Code } });
      throw error;
    }
  },
});
const same = (a: readonly CalendarDate[], b: readonly CalendarDate[]): boolean =>
  a.length === b.length && a.every((date, index) => date === b[index]);
