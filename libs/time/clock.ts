import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import type { WorkingCalendar } from './calendar.js';
import { addWorkingDays, sameOrNextWorkingDay } from './calendar.js';
import type { TimeOfDay, WallTime, ZoneId } from './instant.js';
import {
  addDays,
  addMilliseconds,
  addMonths,
  at,
  dateIn,
  daysBetween,
  endOfDay,
  FOREVER,
  lastDay,
  later,
  millisecondsBetween,
  sameTimeMonthsLater,
  timeIn,
} from './instant.js';

/**
 * How long a policy clock runs. A regime that writes "7 days" has not yet said which one it means: `counting` says it.
 * - inclusive: the start day is day 1; exclusive: it is not counted; rolling: n × 24 h (or months of the same wall
 * time) from the instant.
 * - corresponding: the date of the same number n months later, the month's last day where there is none; inclusive: the
 * day before it, and again the month's last day where there is none (28, 29, 30 November + 3 months: 27, 28, 28
 * February).
 * - workingDays inclusive: the start day is day 1 if it is worked, otherwise the next working day is.
 * - untilTime on onDay: a wall time on the n-th day, the start day being day 1 (R31.09). sameDay: the rest of the start
 * day (R29.09).
 */
export type Duration =
  | { readonly days: number; readonly counting: 'inclusive' | 'exclusive' | 'rolling' }
  | { readonly months: number; readonly counting: 'corresponding' | 'inclusive' | 'rolling' }
  | {
      readonly workingDays: number;
      readonly counting: 'inclusive' | 'exclusive';
      /** A start at or after this time of a day counts as the next working day's (R42.04). */
      readonly lateFrom?: TimeOfDay | undefined;
    }
  | { readonly hours: number }
  | { readonly untilTime: TimeOfDay; readonly onDay: number }
  | { readonly sameDay: true }
  | { readonly permanent: true };

export interface ClockSetting {
  readonly zone: ZoneId;
  /** Needed by working days and by `rollToWorkingDay`. */
  readonly calendar?: WorkingCalendar;
  /**
   * When the last day ends: at 24:00, or at a cut-off such as close of business. Hours and rolling clocks have no last
   * day and ignore it.
   */
  readonly ends?: 'endOfDay' | TimeOfDay;
  /** A last day that is not worked moves to the next working day. */
  readonly rollToWorkingDay?: boolean;
  /**
   * `cut`: inclusive months end a day early where the last month has no such date (29 November + 3 months: 27 February).
   * Counted so once by mistake; kept for the rulings that cite it.
   */
  readonly monthEnds?: 'whole' | 'cut';
  /** A start at or after this time counts as the next day (the next working day for working days): R42.04. */
  readonly lateFrom?: TimeOfDay;
}

export class DurationError extends Error {
  override readonly name = 'DurationError';
  constructor(
    readonly problem: 'CalendarNeeded' | 'LengthOutOfRange',
    detail: string,
  ) {
    super(`${problem}: ${detail}`);
  }
}

/** No regime's clock is longer; what never ends says `permanent`. */
const daysMax = 36_500;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * The exclusive end of a clock that starts at `start`: from this instant on it has run out. Never before `start`.
 * Throws DurationError (no calendar given, a length out of range), UnknownYearError (a working year nobody published).
 */
export const endOf = (duration: Duration, start: Instant, setting: ClockSetting): Instant => {
  if ('permanent' in duration || start === FOREVER) return FOREVER;
  if ('hours' in duration) return addMilliseconds(start, length(duration.hours * HOUR, 0, daysMax * 24 * HOUR));
  if ('days' in duration && duration.counting === 'rolling')
    return addMilliseconds(start, length(duration.days * 24 * HOUR, 0, daysMax * 24 * HOUR));
  if ('months' in duration && duration.counting === 'rolling')
    return sameTimeMonthsLater(start, length(duration.months, 0, daysMax / 30), setting.zone);
  const last = rolled(lastDayOf(duration, startDate(duration, start, setting), setting), setting);
  const ends = 'untilTime' in duration ? duration.untilTime : (setting.ends ?? 'endOfDay');
  return later(start, ends === 'endOfDay' ? endOfDay(last, setting.zone) : at(last, ends, setting.zone));
};

/** Clocks counted in days: everything but hours, rolling and permanent. */
type DayDuration = Exclude<Duration, { readonly hours: number } | { readonly permanent: true }>;

const lastDayOf = (duration: DayDuration, first: CalendarDate, setting: ClockSetting): CalendarDate => {
  if ('sameDay' in duration) return first;
  if ('untilTime' in duration) return addDays(first, length(duration.onDay, 1, daysMax) - 1);
  if ('days' in duration)
    return duration.counting === 'inclusive'
      ? addDays(first, length(duration.days, 1, daysMax) - 1)
      : addDays(first, length(duration.days, 0, daysMax));
  if ('months' in duration) {
    const corresponding = addMonths(first, length(duration.months, 1, daysMax / 30));
    const exists = corresponding.slice(8) === first.slice(8) || setting.monthEnds === 'cut';
    return duration.counting === 'inclusive' && exists ? addDays(corresponding, -1) : corresponding;
  }
  const calendar = calendarOf(setting);
  if (duration.counting === 'exclusive')
    return addWorkingDays(calendar, first, length(duration.workingDays, 0, daysMax));
  return addWorkingDays(calendar, addDays(first, -1), length(duration.workingDays, 1, daysMax));
};

const startDate = (duration: DayDuration, start: Instant, setting: ClockSetting): CalendarDate => {
  const date = dateIn(start, setting.zone);
  const lateFrom = ('workingDays' in duration ? duration.lateFrom : undefined) ?? setting.lateFrom;
  if (lateFrom === undefined || timeIn(start, setting.zone) < lateFrom) return date;
  const next = addDays(date, 1);
  return 'workingDays' in duration ? sameOrNextWorkingDay(calendarOf(setting), next) : next;
};

const rolled = (
  date: CalendarDate,
  setting: { readonly calendar?: WorkingCalendar; readonly rollToWorkingDay?: boolean },
): CalendarDate => (setting.rollToWorkingDay === true ? sameOrNextWorkingDay(calendarOf(setting), date) : date);

const calendarOf = (setting: { readonly calendar?: WorkingCalendar }): WorkingCalendar => {
  if (setting.calendar === undefined)
    throw new DurationError('CalendarNeeded', 'working days are counted on a calendar that somebody published');
  return setting.calendar;
};

const length = (value: number, min: number, max: number): number => {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new DurationError('LengthOutOfRange', `${value} is not a whole number from ${min} to ${max}`);
  return value;
};

/** What is left of a clock while it stands still. Plain and complete: it is stored in the event that suspends. */
export type Remaining =
  | { readonly unit: 'instants'; readonly milliseconds: number }
  | {
      readonly unit: 'days';
      /** Whole days that still have to be given. */
      readonly days: number;
      /** The day of the suspension, when it counts as used: resuming on that same day does not use it twice. */
      readonly usedDay?: CalendarDate;
      /** The time at which the last day ends. */
      readonly ends: '24:00' | WallTime;
    }
  | { readonly unit: 'permanent' };

export interface SuspensionSetting {
  /** instants: the clock stops and goes on to the millisecond. days: whole days of `zone` are given back. */
  readonly unit: 'instants' | 'days';
  /**
   * Whether the day on which a suspension begins counts against the protection (used) or is given again after it
   * (unused).
   */
  readonly partialDay: 'used' | 'unused';
  readonly zone: ZoneId;
}

/**
 * What is left at `suspendedAt` of a clock that would end at `endsAt` (exclusive). Nothing is left when it has already
 * run out.
 */
export const remaining = (
  endsAt: Instant,
  suspendedAt: Instant,
  { unit, partialDay, zone }: SuspensionSetting,
): Remaining => {
  if (endsAt === FOREVER) return { unit: 'permanent' };
  if (unit === 'instants') return { unit, milliseconds: Math.max(0, millisecondsBetween(suspendedAt, endsAt)) };
  const today = dateIn(suspendedAt, zone);
  const last = lastDay(endsAt, zone);
  const ends = endOfDay(last, zone) === endsAt ? '24:00' : timeIn(endsAt, zone);
  if (endsAt <= suspendedAt) return { unit, days: 0, usedDay: today, ends };
  const left = daysBetween(today, last);
  return partialDay === 'used' ? { unit, days: left, usedDay: today, ends } : { unit, days: left + 1, ends };
};

/**
 * The new exclusive end of a clock that goes on at `resumedAt`. In days, the day of resuming is the first of those that
 * are left,
 * unless it is the very day that the suspension already used. Resuming at once gives the old end back; never before
 * `resumedAt`.
 */
export const resumeEnd = (
  left: Remaining,
  resumedAt: Instant,
  setting: { readonly zone: ZoneId; readonly calendar?: WorkingCalendar; readonly rollToWorkingDay?: boolean },
): Instant => {
  if (left.unit === 'permanent') return FOREVER;
  if (left.unit === 'instants') return addMilliseconds(resumedAt, left.milliseconds);
  const today = dateIn(resumedAt, setting.zone);
  if (left.days === 0 && left.usedDay !== today) return resumedAt;
  const last = addDays(today, left.usedDay === today ? left.days : left.days - 1);
  return later(resumedAt, at(rolled(last, setting), left.ends, setting.zone));
};

/**
 * A daily window on the wall clock. Where `from` is later than `to` it runs over midnight. Unless said otherwise,
 * `from` belongs to it and `to` does not.
 */
export interface DailyWindow {
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
  readonly fromIncluded?: boolean;
  readonly toIncluded?: boolean;
}

/**
 * R29.02: a mail between 18:00 and 21:00. To the millisecond: 21:00:00.000 is the boundary, 21:00:00.001 is outside.
 */
export const withinWindow = (when: Instant, window: DailyWindow, zone: ZoneId): boolean => {
  const time = timeIn(when, zone);
  const from = precise(window.from);
  const to = precise(window.to);
  const afterFrom = time > from || (window.fromIncluded !== false && time === from);
  const beforeTo = time < to || (window.toIncluded === true && time === to);
  return from <= to ? afterFrom && beforeTo : afterFrom || beforeTo;
};
const precise = (time: TimeOfDay): string => `${time}:00.000`;

/**
 * How long before an event something must be filed.
 * days: on an earlier calendar day, at the latest `days` before the event's, until `by` (24:00 if not said); rolling: n
 * × 24 h before.
 * workingDays: the same on working days. minutes, hours: before the instant. `boundary`: whether the exact moment is
 * still in time.
 */
export type LeadTime =
  | { readonly days: number; readonly counting?: 'calendar'; readonly by?: TimeOfDay }
  | { readonly days: number; readonly counting: 'rolling'; readonly boundary?: 'included' | 'excluded' }
  | { readonly workingDays: number; readonly by?: TimeOfDay }
  | { readonly hours: number; readonly boundary?: 'included' | 'excluded' }
  | { readonly minutes: number; readonly boundary?: 'included' | 'excluded' };

/**
 * The last instant, itself included, at which a filing for an event at `eventAt` is in time (R02.04, R21.07, R29.08).
 */
export const latestFiling = (
  eventAt: Instant,
  lead: LeadTime,
  setting: { readonly zone: ZoneId; readonly calendar?: WorkingCalendar },
): Instant => {
  if ('minutes' in lead) return before(eventAt, lead.minutes * MINUTE, lead.boundary);
  if ('hours' in lead) return before(eventAt, lead.hours * HOUR, lead.boundary);
  if ('workingDays' in lead)
    return lastMoment(
      addWorkingDays(calendarOf(setting), dateIn(eventAt, setting.zone), -length(lead.workingDays, 0, daysMax)),
      lead.by,
      setting.zone,
    );
  if (lead.counting === 'rolling') return before(eventAt, lead.days * 24 * HOUR, lead.boundary);
  return lastMoment(addDays(dateIn(eventAt, setting.zone), -length(lead.days, 0, daysMax)), lead.by, setting.zone);
};

/** Whether a filing at `filedAt` keeps the lead time of an event at `eventAt`. */
export const filedInTime = (
  filedAt: Instant,
  eventAt: Instant,
  lead: LeadTime,
  setting: { readonly zone: ZoneId; readonly calendar?: WorkingCalendar },
): boolean => filedAt <= latestFiling(eventAt, lead, setting);

const before = (eventAt: Instant, milliseconds: number, boundary: 'included' | 'excluded' = 'included'): Instant =>
  addMilliseconds(eventAt, -length(milliseconds, 0, daysMax * 24 * HOUR) - (boundary === 'excluded' ? 1 : 0));

/** The last millisecond before a day's cut-off, because `by 18:00` no longer holds at 18:00. */
const lastMoment = (date: CalendarDate, by: TimeOfDay | undefined, zone: ZoneId): Instant =>
  addMilliseconds(by === undefined ? endOfDay(date, zone) : at(date, by, zone), -1);
