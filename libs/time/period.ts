import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { sameOrNextWorkingDay, type WorkingCalendar } from './calendar.js';
import { addDays, addMonths, at, calendarDate, dayOfWeek, startOfDay, type TimeOfDay, type ZoneId } from './instant.js';

/** How time is cut into pieces in each of which something is to be done. A week begins on Monday. */
export const periodNames = ['day', 'workingDay', 'week', 'month', 'quarter', 'halfYear', 'year'] as const;
export type PeriodName = (typeof periodNames)[number];

/** Whole days; `until` is the first that belongs to it no more. */
export interface Period {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** By when within a period, or within the one behind it. Without a day: its last; without a time: the end of that day. */
export interface DueBy {
  readonly day?: number | undefined;
  readonly of?: 'this' | 'next' | undefined;
  readonly time?: TimeOfDay | undefined;
}

const monthsIn = { month: 1, quarter: 3, halfYear: 6, year: 12 } as const;

/**
 * The period that a date lies in; of a day off, the working day that comes next. Throws UnknownYearError for a working
 * day of a year that nobody published.
 */
export const periodOn = (each: PeriodName, date: CalendarDate, calendar?: WorkingCalendar): Period => {
  switch (each) {
    case 'day':
      return { from: date, until: addDays(date, 1) };
    case 'workingDay': {
      if (calendar === undefined) throw new RangeError('Working days are counted on a calendar');
      const from = sameOrNextWorkingDay(calendar, date);
      return { from, until: addDays(from, 1) };
    }
    case 'week': {
      const from = addDays(date, 1 - dayOfWeek(date));
      return { from, until: addDays(from, 7) };
    }
    case 'month':
    case 'quarter':
    case 'halfYear':
    case 'year': {
      const months = monthsIn[each];
      const month = Number(date.slice(5, 7)) - 1;
      const first = String(month - (month % months) + 1).padStart(2, '0');
      const from = calendarDate(`${date.slice(0, 4)}-${first}-01`);
      return { from, until: addMonths(from, months) };
    }
  }
};

/** By when what a period asks for is due, exclusive. A day that the period does not have is its last. */
export const dueIn = (
  each: PeriodName,
  period: Period,
  { day, of, time }: DueBy,
  { zone, calendar }: { readonly zone: ZoneId; readonly calendar?: WorkingCalendar | undefined },
): Instant => {
  const { from, until } = of === 'next' ? periodOn(each, period.until, calendar) : period;
  const last = addDays(until, -1);
  const wanted = day === undefined ? last : addDays(from, day - 1);
  const date = wanted < last ? wanted : last;
  return time === undefined ? startOfDay(addDays(date, 1), zone) : at(date, time, zone);
};
