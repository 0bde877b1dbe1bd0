import fc from 'fast-check';
import { calendarFromChineseDays, isWorkingDay } from './calendar.js';
import { addDays, calendarDate, dayOfWeek, instant } from './instant.js';
import { dueIn, periodNames, periodOn } from './period.js';

const zone = 'Asia/Shanghai';
const calendar = calendarFromChineseDays();
const dates = fc.integer({ min: 0, max: 650 }).map((days) => addDays(calendarDate('2025-02-01'), days));

describe('periods', () => {
  it('every date lies in one, and they follow each other without a gap', () => {
    fc.assert(
      fc.property(fc.constantFrom(...periodNames), dates, (each, date) => {
        const { from, until } = periodOn(each, date, calendar);
        expect(from < until && date < until).toBe(true);
        if (each !== 'workingDay') expect(from <= date).toBe(true);
        const next = periodOn(each, until, calendar);
        if (each === 'workingDay') expect(isWorkingDay(calendar, from) && next.from >= until).toBe(true);
        else expect(next.from).toBe(until);
        // Every day of it says the same.
        for (let day = from; day < until; day = addDays(day, 1))
          expect(periodOn(each, day, calendar)).toEqual({ from, until });
      }),
      { numRuns: 300, seed: 11 },
    );
  });
  it('begin where people count them from', () => {
    const of = (each: (typeof periodNames)[number], date: string) => periodOn(each, calendarDate(date), calendar);
    expect(dayOfWeek(of('week', '2026-03-08').from)).toBe(1);
    expect(of('month', '2026-02-28')).toEqual({ from: '2026-02-01', until: '2026-03-01' });
    expect(of('quarter', '2026-12-31')).toEqual({ from: '2026-10-01', until: '2027-01-01' });
    expect(of('halfYear', '2026-06-30')).toEqual({ from: '2026-01-01', until: '2026-07-01' });
    expect(of('year', '2026-01-01')).toEqual({ from: '2026-01-01', until: '2027-01-01' });
    // The spring festival; then a Saturday that is worked.
    expect(of('workingDay', '2026-02-17').from > '2026-02-17').toBe(true);
  });
  it('are due at their end, at a time of their last day, or on a day of the next', () => {
    const due = (each: (typeof periodNames)[number], date: string, by: Parameters<typeof dueIn>[2]) =>
      dueIn(each, periodOn(each, calendarDate(date), calendar), by, { zone, calendar });
    expect(due('month', '2026-03-05', {})).toBe(instant('2026-03-31T16:00:00.000Z'));
    expect(due('day', '2026-03-05', { time: '17:30' })).toBe(instant('2026-03-05T09:30:00.000Z'));
    expect(due('quarter', '2026-03-05', { day: 6, of: 'next' })).toBe(instant('2026-04-06T16:00:00.000Z'));
    expect(due('month', '2026-01-05', { day: 31, of: 'next' })).toBe(instant('2026-02-28T16:00:00.000Z'));
    expect(due('week', '2026-03-05', { day: 5, time: '12:00' })).toBe(instant('2026-03-06T04:00:00.000Z'));
  });
});
