import { createRequire } from 'node:module';
import type { CalendarDate } from '#event-sourcing/vocabulary.js';
import { addDays, calendarDate, dayOfWeek, daysBetween } from './instant.js';

/**
 * One year as an organisation published it. Every other Monday to Friday is worked, every other Saturday and Sunday is
 * not.
 */
export interface CalendarYear {
  /** Days off: statutory holidays, days in lieu, the organisation's own. */
  readonly holidays: readonly CalendarDate[];
  /** Weekend days that are worked to make up for a holiday (调休上班). */
  readonly makeUpDays: readonly CalendarDate[];
}
/** Explicit for each year it covers: an uncovered year is an error, never a guess. */
export interface WorkingCalendar {
  readonly id: string;
  /** Of every year that `versions` does not name. */
  readonly version: string;
  /** Each year's own version, where years are published one by one. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Keyed by the year as four digits. */
  readonly years: Readonly<Record<string, CalendarYear>>;
  /** What to throw for a year that nobody has looked up yet; undefined: it was looked up and never published. */
  readonly notLookedUp?: (year: string) => Error | undefined;
}

export class UnknownYearError extends Error {
  override readonly name = 'UnknownYearError';
  constructor(
    readonly calendarId: string,
    readonly year: string,
  ) {
    super(`Calendar ${calendarId} does not cover the year ${year}: publish its working days first.`);
  }
}
export type CalendarProblem = 'DateOutsideYear' | 'DateTwice' | 'HolidayAndMakeUpDay' | 'MakeUpDayNotAtWeekend';
export class CalendarError extends Error {
  override readonly name = 'CalendarError';
  constructor(
    readonly problem: CalendarProblem,
    readonly date: string,
  ) {
    super(`${problem}: ${date}`);
  }
}

/** No regime counts further than this; a longer walk is a mistake in a policy. */
const workingDaysMax = 2_000;

interface YearSets {
  readonly holidays: ReadonlySet<string>;
  readonly makeUpDays: ReadonlySet<string>;
}
const setsOfYear = new WeakMap<CalendarYear, YearSets>();
const setsOf = (calendar: WorkingCalendar, year: string): YearSets => {
  const published = Object.hasOwn(calendar.years, year) ? calendar.years[year] : undefined;
  if (published === undefined) throw calendar.notLookedUp?.(year) ?? new UnknownYearError(calendar.id, year);
  const known = setsOfYear.get(published);
  if (known !== undefined) return known;
  const sets = { holidays: new Set<string>(published.holidays), makeUpDays: new Set<string>(published.makeUpDays) };
  setsOfYear.set(published, sets);
  return sets;
};

/** Throws UnknownYearError when the calendar does not cover the date's year. */
export const isWorkingDay = (calendar: WorkingCalendar, date: CalendarDate): boolean => {
  const { holidays, makeUpDays } = setsOf(calendar, date.slice(0, 4));
  if (holidays.has(date)) return false;
  return makeUpDays.has(date) || dayOfWeek(date) <= 5;
};

/** The date itself when it is worked, otherwise the next one that is. */
export const sameOrNextWorkingDay = (calendar: WorkingCalendar, date: CalendarDate): CalendarDate =>
  isWorkingDay(calendar, date) ? date : addWorkingDays(calendar, date, 1);
export const sameOrPreviousWorkingDay = (calendar: WorkingCalendar, date: CalendarDate): CalendarDate =>
  isWorkingDay(calendar, date) ? date : addWorkingDays(calendar, date, -1);

/**
 * The n-th working day after `date` (before it when n is negative); `date` itself is not counted, and 0 answers it
 * unchanged.
 */
export const addWorkingDays = (calendar: WorkingCalendar, date: CalendarDate, count: number): CalendarDate => {
  if (!Number.isSafeInteger(count) || Math.abs(count) > workingDaysMax)
    throw new RangeError(`workingDays ${count}: whole, at most ${workingDaysMax}`);
  const step = Math.sign(count);
  let day = date;
  for (let left = Math.abs(count); left > 0;) {
    day = addDays(day, step);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return day;
};

/**
 * How many working days lie after `from`, up to and including `to`; negative when `to` is the earlier one. Undoes
 * addWorkingDays.
 */
export const workingDaysBetween = (calendar: WorkingCalendar, from: CalendarDate, to: CalendarDate): number => {
  const step = Math.sign(daysBetween(from, to));
  let count = 0;
  for (let day = from; day !== to;) {
    day = addDays(day, step);
    if (isWorkingDay(calendar, day)) count += step;
  }
  return count;
};

/**
 * One year from published lists, checked: each date lies in the year and stands once; a make-up day is a Saturday or
 * Sunday.
 */
export const calendarYear = (
  year: number,
  published: { readonly holidays: readonly string[]; readonly makeUpDays: readonly string[] },
): CalendarYear => {
  const seen = new Map<string, 'holiday' | 'makeUpDay'>();
  const read = (dates: readonly string[], kind: 'holiday' | 'makeUpDay'): CalendarDate[] =>
    dates
      .map((text) => {
        const date = calendarDate(text);
        if (date.slice(0, 4) !== yearText(year)) throw new CalendarError('DateOutsideYear', date);
        const before = seen.get(date);
        if (before !== undefined) throw new CalendarError(before === kind ? 'DateTwice' : 'HolidayAndMakeUpDay', date);
        if (kind === 'makeUpDay' && dayOfWeek(date) <= 5) throw new CalendarError('MakeUpDayNotAtWeekend', date);
        seen.set(date, kind);
        return date;
      })
      .toSorted();
  return { holidays: read(published.holidays, 'holiday'), makeUpDays: read(published.makeUpDays, 'makeUpDay') };
};

/** Joins published years; a year that is given again replaces the former one under the new version. */
export const withYear = (
  calendar: WorkingCalendar,
  year: number,
  days: CalendarYear,
  version: string,
): WorkingCalendar => ({ ...calendar, version, years: { ...calendar.years, [yearText(year)]: days } });

const yearText = (year: number): string => String(year).padStart(4, '0');

/** The years whose State Council notice we compared with the package day by day. */
const chineseYears: readonly number[] = [2025, 2026];

const ofYear = (dates: Record<string, string>, year: number): string[] =>
  Object.keys(dates).filter((date) => date.startsWith(`${year}-`));

/**
 * The working days of mainland China (statutory holidays, days in lieu, make-up days) for 2025 and 2026, from the
 * package `chinese-days`.
 * Only its published table of date texts is read: its functions go through the machine's time zone and are a day off
 * west of Greenwich.
 * Throws UnknownYearError for any other year.
 */
export const calendarFromChineseDays = (...years: readonly number[]): WorkingCalendar => {
  const wanted = years.length === 0 ? chineseYears : years;
  const missing = wanted.find((year) => !chineseYears.includes(year));
  if (missing !== undefined) throw new UnknownYearError('china', String(missing));
  const table = createRequire(import.meta.url)('chinese-days/dist/chinese-days.json') as {
    holidays: Record<string, string>;
    workdays: Record<string, string>;
  };
  return {
    id: 'china',
    version: 'chinese-days-1.5.7',
    years: Object.fromEntries(
      wanted.map((year) => [
        yearText(year),
        calendarYear(year, { holidays: ofYear(table.holidays, year), makeUpDays: ofYear(table.workdays, year) }),
      ]),
    ),
  };
};
