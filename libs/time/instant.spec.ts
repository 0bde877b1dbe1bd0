import * as fc from 'fast-check';
import type { CalendarDate } from '#event-sourcing/vocabulary.js';
import {
  addDays,
  addMilliseconds,
  addMonths,
  at,
  calendarDate,
  dateIn,
  daysBetween,
  earlier,
  endOfDay,
  FOREVER,
  instant,
  isBefore,
  isInstant,
  isTimeZone,
  lastDay,
  later,
  millisecondsBetween,
  parseInstant,
  startOfDay,
  timeIn,
  TimeError,
  timeOfDay,
} from './instant.js';

const shanghai = 'Asia/Shanghai';
const newYork = 'America/New_York';
const problemOf = (compute: () => unknown): string => {
  try {
    compute();
  } catch (error) {
    if (error instanceof TimeError) return error.problem;
    throw error;
  }
  return 'none';
};
const day = (text: string): CalendarDate => calendarDate(text);
const anyInstant = () =>
  fc
    .integer({ min: Date.UTC(1950, 0), max: Date.UTC(2200, 0) })
    .map((milliseconds) => instant(new Date(milliseconds).toISOString()));
const anyDate = () => anyInstant().map((when) => dateIn(when, 'UTC'));
const anyZone = () =>
  fc.constantFrom(
    shanghai,
    newYork,
    'America/Los_Angeles',
    'Pacific/Apia',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Europe/London',
    'UTC',
  );

describe('instant', () => {
  it.each([
    ['2026-03-02T10:00:00+08:00', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T02:00Z', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02 02:00:00.123456Z', '2026-03-02T02:00:00.123Z'],
    ['2026-01-01T00:30:00+08:00', '2025-12-31T16:30:00.000Z'],
    ['2024-02-29T23:59:59.999-05:30', '2024-03-01T05:29:59.999Z'],
    ['9999-12-31T23:59:59.999Z', FOREVER],
  ])('%s is %s', (text, expected) => expect(instant(text)).toBe(expected));

  it.each([
    ['2026-03-02', 'DateWithoutTime'],
    ['2026-03-02T10:00', 'TimeWithoutZone'],
    ['2026-02-30T10:00:00Z', 'NotADate'],
    ['2025-02-29T10:00:00+08:00', 'NotADate'],
    ['2026-03-02T24:00:00Z', 'NotAnInstant'],
    ['2026-03-02T10:00:60Z', 'NotAnInstant'],
    ['2026-3-2T10:00:00Z', 'NotAnInstant'],
    ['20260302T100000Z', 'NotAnInstant'],
    ['2026-03-02T10:00:00+08:00[Asia/Shanghai]', 'NotAnInstant'],
    ['２０２６-03-02T10:00:00Z', 'NotAnInstant'],
    ['+012026-03-02T10:00:00Z', 'NotAnInstant'],
    ['', 'NotAnInstant'],
    ['1772416800000', 'NotAnInstant'],
    ['0000-01-01T00:00:00Z', 'OutOfRange'],
    ['0001-01-01T00:00:00+08:00', 'OutOfRange'],
    ['9999-12-31T23:59:59-08:00', 'OutOfRange'],
  ])('%s is refused: %s', (text, problem) => {
    expect(problemOf(() => instant(text))).toBe(problem);
    expect(isInstant(text)).toBe(false);
  });

  it('text order is time order, whatever the offset was', () => {
    fc.assert(
      fc.property(anyInstant(), anyInstant(), (a, b) => {
        const between = millisecondsBetween(a, b);
        expect(isBefore(a, b)).toBe(between > 0);
        expect(earlier(a, b)).toBe(between >= 0 ? a : b);
        expect(later(a, b)).toBe(between >= 0 ? b : a);
        expect(addMilliseconds(a, between)).toBe(b);
      }),
    );
  });

  it('an error never repeats a long text', () => {
    expect(new TimeError('NotAnInstant', 'x'.repeat(1_000)).message.length).toBeLessThan(80);
  });
});

describe('what a person or a sheet wrote', () => {
  it.each([
    ['2026-03-02 10:00', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02T10:00:05', '2026-03-02T02:00:05.000Z'],
    ['2026-03-02T10:00:00+08:00', '2026-03-02T02:00:00.000Z'],
    ['2026-03-02 10:00:00-05:00', '2026-03-02T15:00:00.000Z'],
  ])('%s in Shanghai is %s', (text, expected) => expect(parseInstant(text, shanghai)).toBe(expected));

  it.each([
    ['2026-03-02', 'DateWithoutTime'],
    ['2026-02-30 10:00', 'NotAnInstant'],
    ['明天 10:00', 'NotAnInstant'],
    ['2026/03/02 10:00', 'NotAnInstant'],
  ])('%s is refused: %s', (text, problem) => expect(problemOf(() => parseInstant(text, shanghai))).toBe(problem));
});

describe('dates', () => {
  it.each([
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-04-31',
    '2026-3-2',
    '2026-03-02T00:00',
    '-00001-01-01',
    '',
  ])('%s is no date and becomes no other one', (text) => expect(problemOf(() => calendarDate(text))).toBe('NotADate'));

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', 3, '2026-06-30'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
  ])('%s and %i months is %s', (date, months, expected) => expect(addMonths(day(date), months)).toBe(expected));

  it('counting days there and back again', () => {
    fc.assert(
      fc.property(anyDate(), fc.integer({ min: -5_000, max: 5_000 }), (date, days) => {
        expect(daysBetween(date, addDays(date, days))).toBe(days);
        expect(addDays(addDays(date, days), -days)).toBe(date);
      }),
    );
  });

  it('there is no year 0', () => expect(problemOf(() => calendarDate('0000-01-01'))).toBe('OutOfRange'));
  it('a fraction of a day is refused', () =>
    expect(problemOf(() => addDays(day('2026-03-02'), 0.5))).toBe('OutOfRange'));
  it('the calendar ends with year 9999', () =>
    expect(problemOf(() => addDays(day('9999-12-31'), 1))).toBe('OutOfRange'));
});

describe('wall time', () => {
  it('reads date and time as the zone shows them', () => {
    const when = instant('2026-03-02T16:05:06.007Z');
    expect([dateIn(when, shanghai), timeIn(when, shanghai)]).toEqual(['2026-03-03', '00:05:06.007']);
    expect([dateIn(when, newYork), timeIn(when, newYork)]).toEqual(['2026-03-02', '11:05:06.007']);
  });

  it('a time that clocks skip is moved on by the gap', () =>
    expect(timeIn(at(day('2026-03-08'), '02:30', newYork), newYork)).toBe('03:30:00.000'));
  it('a time that comes twice is the earlier one', () =>
    expect(at(day('2026-11-01'), '01:30', newYork)).toBe('2026-11-01T05:30:00.000Z'));
  it('24:00 is the start of the next day', () =>
    expect(at(day('2026-03-31'), '24:00', shanghai)).toBe(startOfDay(day('2026-04-01'), shanghai)));
  it('a day whose midnight is skipped starts later', () =>
    expect(timeIn(startOfDay(day('2018-11-04'), 'America/Sao_Paulo'), 'America/Sao_Paulo')).toBe('01:00:00.000'));
  it('Shanghai had summer time in 1988: the day of the change has 23 hours', () =>
    expect(millisecondsBetween(startOfDay(day('1988-04-17'), shanghai), endOfDay(day('1988-04-17'), shanghai))).toBe(
      23 * 3_600_000,
    ));

  it('every instant lies inside its own day, in every zone', () => {
    fc.assert(
      fc.property(anyInstant(), anyZone(), (when, zone) => {
        const date = dateIn(when, zone);
        expect(startOfDay(date, zone) <= when).toBe(true);
        expect(when < endOfDay(date, zone)).toBe(true);
      }),
    );
  });

  it.each(['24:01', '25:00', '9:00', '10:60', '', '10:00:00', '10点'])('%s is no time of day', (text) =>
    expect(problemOf(() => timeOfDay(text))).toBe('NotATimeOfDay'),
  );
  it.each(['Mars/Olympus', '+08:00', '', '../etc/localtime', 'GMT+8x'])('%s is no time zone', (name) =>
    expect(isTimeZone(name)).toBe(false),
  );
});

describe('the last day a person reads', () => {
  it('an end at 24:00 on the 8th reads as the 8th', () =>
    expect(lastDay(endOfDay(day('2026-03-08'), shanghai), shanghai)).toBe('2026-03-08'));
  it('an end in the middle of the day reads as that day', () =>
    expect(lastDay(instant('2026-03-08T02:00:00Z'), shanghai)).toBe('2026-03-08'));
  it('what never ends reads the same everywhere', () => {
    fc.assert(
      fc.property(anyZone(), (zone) =>
        expect([lastDay(FOREVER, zone), dateIn(FOREVER, zone)]).toEqual(['9999-12-31', '9999-12-31']),
      ),
    );
    expect(endOfDay(day('9999-12-31'), shanghai)).toBe(FOREVER);
    expect(addMilliseconds(FOREVER, 86_400_000)).toBe(FOREVER);
  });
  it('is the inverse of the end of a day', () => {
    fc.assert(
      fc.property(anyDate(), anyZone(), (date, zone) => {
        fc.pre(!(zone === 'Pacific/Apia' && date === '2011-12-30')); // Samoa had no such day.
        expect(lastDay(endOfDay(date, zone), zone)).toBe(date);
      }),
    );
  });
});
