import * as fc from 'fast-check';
import type { CalendarDate } from '#event-sourcing/vocabulary.js';
import {
  addWorkingDays,
  type CalendarError,
  calendarFromChineseDays,
  calendarYear,
  isWorkingDay,
  sameOrNextWorkingDay,
  sameOrPreviousWorkingDay,
  UnknownYearError,
  withYear,
  workingDaysBetween,
} from './calendar.js';
import { addDays, calendarDate, dayOfWeek } from './instant.js';

const china = calendarFromChineseDays();
const day = (text: string): CalendarDate => calendarDate(text);
const range = (from: string, to: string): CalendarDate[] => {
  const days: CalendarDate[] = [];
  for (let date = day(from); date <= to; date = addDays(date, 1)) days.push(date);
  return days;
};
const workedDays = () => fc.integer({ min: 0, max: 729 }).map((n) => addDays(day('2025-01-01'), n));
/** Undefined where the count leaves the years that are known. */
const addWorkingDaysInside = (date: CalendarDate, count: number): CalendarDate | undefined => {
  try {
    return addWorkingDays(china, date, count);
  } catch (error) {
    if (error instanceof UnknownYearError) return undefined;
    throw error;
  }
};

describe('the Chinese calendar', () => {
  /** The State Council's notices for 2025 and 2026, written down a second time. */
  const off = [
    ['2025-01-01', '2025-01-01'],
    ['2025-01-28', '2025-02-04'],
    ['2025-04-04', '2025-04-06'],
    ['2025-05-01', '2025-05-05'],
    ['2025-05-31', '2025-06-02'],
    ['2025-10-01', '2025-10-08'],
    ['2026-01-01', '2026-01-03'],
    ['2026-02-15', '2026-02-23'],
    ['2026-04-04', '2026-04-06'],
    ['2026-05-01', '2026-05-05'],
    ['2026-06-19', '2026-06-21'],
    ['2026-09-25', '2026-09-27'],
    ['2026-10-01', '2026-10-07'],
  ].flatMap(([from = '', to = '']) => range(from, to));
  const madeUp = [
    '2025-01-26',
    '2025-02-08',
    '2025-04-27',
    '2025-09-28',
    '2025-10-11',
    '2026-01-04',
    '2026-02-14',
    '2026-02-28',
    '2026-05-09',
    '2026-09-20',
    '2026-10-10',
  ].map(day);

  it('agrees with the notices on every one of the 730 days', () => {
    const wrong = range('2025-01-01', '2026-12-31').filter(
      (date) => isWorkingDay(china, date) !== (madeUp.includes(date) || (dayOfWeek(date) <= 5 && !off.includes(date))),
    );
    expect(wrong).toEqual([]);
  });
  it('counts 248 working days in 2025 and 2026 each', () => {
    for (const year of [2025, 2026])
      expect(range(`${year}-01-01`, `${year}-12-31`).filter((date) => isWorkingDay(china, date))).toHaveLength(248);
  });
  it.each([2024, 2027])('knows nothing of %i and says so', (year) =>
    expect(() => calendarFromChineseDays(year)).toThrow(UnknownYearError),
  );
  it('does not guess next year, not even a Wednesday', () => {
    expect(() => isWorkingDay(china, day('2027-03-03'))).toThrow(new UnknownYearError('china', '2027'));
    expect(() => addWorkingDays(china, day('2026-12-31'), 1)).toThrow(UnknownYearError);
  });
});

describe('counting working days', () => {
  it('goes over the Spring Festival and its make-up days', () => {
    expect(addWorkingDays(china, day('2026-02-13'), 1)).toBe('2026-02-14');
    expect(addWorkingDays(china, day('2026-02-14'), 1)).toBe('2026-02-24');
    expect(addWorkingDays(china, day('2026-02-24'), 5)).toBe('2026-03-02');
  });
  it('an event on Monday 23 March and a lead of 5 reaches back to Monday 16 (R21.07)', () =>
    expect(addWorkingDays(china, day('2026-03-23'), -5)).toBe('2026-03-16'));
  it('none leaves the date alone, worked or not', () =>
    expect(addWorkingDays(china, day('2026-03-01'), 0)).toBe('2026-03-01'));
  it('same or next, same or previous', () => {
    expect([
      sameOrNextWorkingDay(china, day('2026-05-01')),
      sameOrPreviousWorkingDay(china, day('2026-05-01')),
    ]).toEqual(['2026-05-06', '2026-04-30']);
    expect(sameOrNextWorkingDay(china, day('2026-03-02'))).toBe('2026-03-02');
  });

  it('always lands on a working day, and the distance is what was added', () => {
    fc.assert(
      fc.property(
        workedDays(),
        fc.integer({ min: -60, max: 60 }).filter((n) => n !== 0),
        (date, count) => {
          const reached = addWorkingDaysInside(date, count);
          fc.pre(reached !== undefined);
          expect(isWorkingDay(china, reached)).toBe(true);
          expect(workingDaysBetween(china, date, reached)).toBe(count);
        },
      ),
    );
  });
  it('a later start never ends earlier', () => {
    fc.assert(
      fc.property(
        workedDays(),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 0, max: 30 }),
        (date, later, count) => {
          const [first, second] = [
            addWorkingDaysInside(date, count),
            addWorkingDaysInside(addDays(date, later), count),
          ];
          fc.pre(first !== undefined && second !== undefined);
          expect(first <= second).toBe(true);
        },
      ),
    );
  });
  it.each([0.5, 2_001, Number.NaN])('refuses to count %d days', (count) =>
    expect(() => addWorkingDays(china, day('2026-03-02'), count)).toThrow(RangeError),
  );
});

describe("an organisation's own calendar", () => {
  const ours = withYear(
    china,
    2027,
    calendarYear(2027, { holidays: ['2027-01-01', '2027-03-08'], makeUpDays: ['2027-01-02'] }),
    'ours-3',
  );

  it('covers the year that was published', () => {
    expect([
      isWorkingDay(ours, day('2027-03-08')),
      isWorkingDay(ours, day('2027-01-02')),
      isWorkingDay(ours, day('2027-03-09')),
    ]).toEqual([false, true, true]);
    expect(ours.version).toBe('ours-3');
  });
  it('leaves the former version as it was', () =>
    expect(() => isWorkingDay(china, day('2027-03-09'))).toThrow(UnknownYearError));

  it.each([
    ['DateOutsideYear', { holidays: ['2026-12-31'], makeUpDays: [] }],
    ['DateTwice', { holidays: ['2027-01-01', '2027-01-01'], makeUpDays: [] }],
    ['HolidayAndMakeUpDay', { holidays: ['2027-01-02'], makeUpDays: ['2027-01-02'] }],
    ['MakeUpDayNotAtWeekend', { holidays: [], makeUpDays: ['2027-01-04'] }],
  ])('refuses %s', (problem, published) => {
    const refused = expect.objectContaining({ name: 'CalendarError', problem }) as CalendarError;
    expect(() => calendarYear(2027, published)).toThrow(refused);
  });
  it('is not misled by a year named after a method of objects', () =>
    expect(() => isWorkingDay({ id: 'x', version: '1', years: {} }, 'toString' as CalendarDate)).toThrow(
      UnknownYearError,
    ));
});
