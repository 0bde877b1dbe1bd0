import { Temporal } from 'temporal-polyfill';
import type { Brand, CalendarDate, Instant } from '#event-sourcing/vocabulary.js';

/** IANA name such as `Asia/Shanghai`. Always given by the caller: the machine's own zone is never read. */
export type ZoneId = string;
/** `HH:MM`, from `00:00` to `23:59`, or `24:00` for the end of the day. */
export type TimeOfDay = `${number}:${number}`;
/** `HH:MM:SS.mmm`, as a clock on the wall shows it. */
export type WallTime = Brand<string, 'WallTime'>;

/** The end of what never ends. Exclusive like every end; no sum or zone moves it. */
export const FOREVER = '9999-12-31T23:59:59.999Z' as Instant;
const LAST_DATE = '9999-12-31' as CalendarDate;

export type TimeProblem =
  'NotAnInstant' | 'DateWithoutTime' | 'TimeWithoutZone' | 'NotADate' | 'NotATimeOfDay' | 'NotATimeZone' | 'OutOfRange';
/** Text that is no time. `problem` is for machines; the message repeats no more than 40 characters of the text. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
  constructor(
    readonly problem: TimeProblem,
    text: string,
  ) {
    super(`${problem}: ${JSON.stringify(text.slice(0, 40))}`);
  }
}

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`;
const OFFSET = String.raw`(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)`;
const DATE_ONLY = new RegExp(`^${DATE}$`);
const LOCAL = new RegExp(`^${DATE}[T ]${TIME}$`);
const ABSOLUTE = new RegExp(`^${DATE}[T ]${TIME}${OFFSET}$`);
const TIME_OF_DAY = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/**
 * Reads a point in time that says its own offset (`2026-03-02T10:00:00+08:00`, `…Z`) and writes it as UTC with
 * milliseconds.
 * Finer digits are cut off, never rounded up into the future. Throws TimeError: no offset, no such day, second 60, a
 * year outside 0001 to 9999.
 */
export const instant = (text: string): Instant => {
  if (ABSOLUTE.test(text)) return fromTemporal(absolute(text), text);
  throw new TimeError(
    DATE_ONLY.test(text) ? 'DateWithoutTime' : LOCAL.test(text) ? 'TimeWithoutZone' : 'NotAnInstant',
    text,
  );
};

/**
 * Reads what a person or a sheet wrote: with an offset as `instant` does, without one as wall time in `zone`
 * (`2026-03-02 10:00`).
 * A date alone is refused, because nobody knows which of its moments was meant. Gaps and overlaps: see `at`.
 */
export const parseInstant = (text: string, zone: ZoneId): Instant => {
  if (!LOCAL.test(text)) return instant(text);
  const local = attempt('NotAnInstant', text, () => Temporal.PlainDateTime.from(text, { overflow: 'reject' }));
  return fromTemporal(local.toZonedDateTime(timeZone(zone)).toInstant(), text);
};

export const isInstant = (text: string): text is Instant => {
  try {
    return instant(text) === text;
  } catch {
    return false;
  }
};

export const isBefore = (a: Instant, b: Instant): boolean => a < b;
export const earlier = (a: Instant, b: Instant): Instant => (b < a ? b : a);
export const later = (a: Instant, b: Instant): Instant => (a < b ? b : a);

const firstMillisecond = Date.parse('0001-01-01T00:00:00.000Z');
const lastMillisecond = Date.parse('9999-12-31T23:59:59.999Z');

/** FOREVER plus anything stays FOREVER. Throws TimeError beyond the years 0001 to 9999. */
export const addMilliseconds = (from: Instant, milliseconds: number): Instant => {
  if (from === FOREVER) return FOREVER;
  if (!Number.isSafeInteger(milliseconds)) throw new TimeError('OutOfRange', String(milliseconds));
  // Plain arithmetic on UTC milliseconds; every decision does it several times.
  const sum = Date.parse(from) + milliseconds;
  if (!(sum >= firstMillisecond && sum <= lastMillisecond)) throw new TimeError('OutOfRange', from);
  return new Date(sum).toISOString() as Instant;
};
/** Positive when `to` is later. */
export const millisecondsBetween = (from: Instant, to: Instant): number => Date.parse(to) - Date.parse(from);

/** The date that a calendar on the wall of `zone` shows. FOREVER shows 9999-12-31 everywhere. */
export const dateIn = (when: Instant, zone: ZoneId): CalendarDate =>
  when === FOREVER ? LAST_DATE : dateOf(inZone(when, zone).toPlainDate());
export const timeIn = (when: Instant, zone: ZoneId): WallTime =>
  inZone(when, zone).toPlainTime().toString({ smallestUnit: 'millisecond' }) as WallTime;

/**
 * The moment a clock on the wall of `zone` shows `time` on `date`; `24:00` is the start of the next day.
 * When clocks are put forward and the time does not exist, it is moved on by the length of the gap (02:30 becomes
 * 03:30);
 * when they are put back and it exists twice, the earlier one is taken. So a deadline never comes later than a person
 * could read it.
 */
export const at = (date: CalendarDate, time: TimeOfDay | WallTime, zone: ZoneId): Instant => {
  if (time === '24:00') return endOfDay(date, zone);
  if (!TIME_OF_DAY.test(time) && !/^\d\d:\d\d:\d\d\.\d{3}$/.test(time)) throw new TimeError('NotATimeOfDay', time);
  const plainTime = attempt('NotATimeOfDay', time, () => Temporal.PlainTime.from(time, { overflow: 'reject' }));
  return fromTemporal(
    plain(date)
      .toZonedDateTime({ timeZone: timeZone(zone), plainTime })
      .toInstant(),
    date,
  );
};
/** The first moment of the date: 00:00, or later where the clocks skip midnight. */
export const startOfDay = (date: CalendarDate, zone: ZoneId): Instant =>
  fromTemporal(plain(date).toZonedDateTime(timeZone(zone)).toInstant(), date);
/** The exclusive end of the date: the first moment of the next one. The end of 9999-12-31 is FOREVER. */
export const endOfDay = (date: CalendarDate, zone: ZoneId): Instant =>
  date === LAST_DATE ? FOREVER : startOfDay(addDays(date, 1), zone);

/** Reads `2026-03-02`. A day that does not exist (`2026-02-30`) is an error and never becomes another day. */
export const calendarDate = (text: string): CalendarDate => {
  if (!DATE_ONLY.test(text)) throw new TimeError('NotADate', text);
  return dateOf(attempt('NotADate', text, () => Temporal.PlainDate.from(text, { overflow: 'reject' })));
};
export const isCalendarDate = (text: string): text is CalendarDate => {
  try {
    return calendarDate(text) === text;
  } catch {
    return false;
  }
};
export const addDays = (date: CalendarDate, days: number): CalendarDate => shift(date, { days: whole(days) });
/** The corresponding date `months` later; where the month is shorter, its last day. */
export const addMonths = (date: CalendarDate, months: number): CalendarDate => shift(date, { months: whole(months) });
/** Positive when `to` is later. */
export const daysBetween = (from: CalendarDate, to: CalendarDate): number =>
  plain(from).until(plain(to), { largestUnit: 'days' }).days;
/** 1 = Monday … 7 = Sunday. */
export const dayOfWeek = (date: CalendarDate): number => plain(date).dayOfWeek;

/**
 * The date a person reads for an exclusive end: the day that holds its last moment. An end at 00:00 on the 9th reads as
 * the 8th.
 */
export const lastDay = (endsAt: Instant, zone: ZoneId): CalendarDate =>
  endsAt === FOREVER ? LAST_DATE : dateIn(addMilliseconds(endsAt, -1), zone);

/** The same wall time `months` later (clamped to the month's end), where clocks may have changed in between. */
export const sameTimeMonthsLater = (when: Instant, months: number, zone: ZoneId): Instant =>
  when === FOREVER
    ? FOREVER
    : fromTemporal(
        attempt('OutOfRange', when, () => inZone(when, zone).add({ months: whole(months) })).toInstant(),
        when,
      );

export const isTimeOfDay = (text: string): text is TimeOfDay => TIME_OF_DAY.test(text);
export const timeOfDay = (text: string): TimeOfDay => {
  if (!isTimeOfDay(text)) throw new TimeError('NotATimeOfDay', text);
  return text;
};

const knownZones = new Set<string>();
/**
 * Answers the name, or throws TimeError when this machine knows no such zone. Bare offsets are refused: they know no
 * clock changes.
 */
export const timeZone = (name: string): ZoneId => {
  if (knownZones.has(name)) return name;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) throw new TimeError('NotATimeZone', name);
  attempt('NotATimeZone', name, () => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name));
  knownZones.add(name);
  return name;
};
export const isTimeZone = (name: string): boolean => {
  try {
    timeZone(name);
    return true;
  } catch {
    return false;
  }
};

const plain = (date: CalendarDate): Temporal.PlainDate =>
  attempt('NotADate', date, () => Temporal.PlainDate.from(date));
const inZone = (when: Instant, zone: ZoneId): Temporal.ZonedDateTime =>
  Temporal.Instant.from(when).toZonedDateTimeISO(timeZone(zone));

/** The date is checked by itself, because an offset must not hide that it does not exist. */
const absolute = (text: string): Temporal.Instant => {
  calendarDate(text.slice(0, 10));
  return attempt('NotAnInstant', text, () => Temporal.Instant.from(text));
};
const fromTemporal = (value: Temporal.Instant, text: string): Instant => {
  const written = value.toString({ smallestUnit: 'millisecond', roundingMode: 'floor' });
  if (written.length !== 24 || written < '0001') throw new TimeError('OutOfRange', text);
  return written as Instant;
};
const dateOf = (date: Temporal.PlainDate): CalendarDate => {
  if (date.year < 1 || date.year > 9999) throw new TimeError('OutOfRange', date.toString());
  return date.toString() as CalendarDate;
};
const shift = (date: CalendarDate, by: { days: number } | { months: number }): CalendarDate =>
  dateOf(attempt('OutOfRange', date, () => plain(date).add(by)));
const whole = (count: number): number => {
  if (!Number.isSafeInteger(count)) throw new TimeError('OutOfRange', String(count));
  return count;
};
const attempt = <T>(problem: TimeProblem, text: string, compute: () => T): T => {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) throw new TimeError(problem, text);
    throw error;
  }
};
