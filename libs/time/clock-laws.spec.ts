import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { addWorkingDays, calendarFromChineseDays, isWorkingDay } from './calendar.js';
import { endOf, type Duration } from './clock.js';

/**
 * A second implementation, as a person with a wall calendar counts: year, month and day as three numbers, one day after
 * the other, and the zone as the platform's own formatter prints it. It shares nothing with clock.ts.
 */
type Day = readonly [year: number, month: number, day: number];
const lengthOfMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};
const nextDay = ([year, month, day]: Day): Day => {
  if (day < lengthOfMonth(year, month)) return [year, month, day + 1];
  return month === 12 ? [year + 1, 1, 1] : [year, month + 1, 1];
};
const written = (day: Day): string => day.map((part) => String(part).padStart(2, '0')).join('-');

const formats = new Map<string, Intl.DateTimeFormat>();
/** `2026-03-02 10:00:00` on the wall of the zone. */
const wall = (instant: number, zone: string): string => {
  const format =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  formats.set(zone, format);
  return format.format(instant);
};

/** The last day that a person would write down; the first day is the start's date. */
const lastDayOf = (duration: Duration, first: Day): Day => {
  if ('sameDay' in duration) return first;
  if ('days' in duration) {
    let day = first;
    for (let counted = duration.counting === 'inclusive' ? 1 : 0; counted < duration.days; counted += 1)
      day = nextDay(day);
    return day;
  }
  if (!('months' in duration)) throw new Error('not a length in days');
  let [year, month] = first;
  for (let passed = 0; passed < duration.months; passed += 1)
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  const date = first[2];
  // No such date in that month: its last day, however one counts.
  if (date > lengthOfMonth(year, month)) return [year, month, lengthOfMonth(year, month)];
  if (duration.counting === 'corresponding') return [year, month, date];
  if (date > 1) return [year, month, date - 1];
  return month === 1 ? [year - 1, 12, 31] : [year, month - 1, lengthOfMonth(year, month - 1)];
};

const zones = ['Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Auckland'] as const;
/** A run under another zone of the machine (host-zone.spec.ts) takes a sample. */
const everyDays = process.env['HOST_ZONE_UNDER_TEST'] === undefined ? 1 : 20;
/** Every day of two years, one of them with a 29 February. */
const days: readonly Day[] = (() => {
  const all: Day[] = [];
  for (let day: Day = [2027, 1, 1]; day[0] < 2029; day = nextDay(day)) all.push(day);
  return all.filter((_, index) => index % everyDays === 0);
})();
const lengths: readonly Duration[] = [
  ...[1, 3, 13].flatMap((months): Duration[] => [
    { months, counting: 'inclusive' },
    { months, counting: 'corresponding' },
  ]),
  ...[1, 30].flatMap((count): Duration[] => [
    { days: count, counting: 'inclusive' },
    { days: count, counting: 'exclusive' },
  ]),
  { sameDay: true },
];

describe('clocks against a second, naive implementation', () => {
  it.each([...zones])('every start day of two years, every length and counting, in %s', (zone) => {
    const wrong: string[] = [];
    for (const [index, day] of days.entries()) {
      // The hour goes round with the day, so that starts lie before, in and after a change of clocks.
      const start = `${written(day)}T${String((index * 7) % 24).padStart(2, '0')}:30:00.000Z` as Instant;
      const date = wall(Date.parse(start), zone).slice(0, 10);
      const first = date.split('-').map(Number) as unknown as Day;
      for (const length of lengths) {
        const end = Date.parse(endOf(length, start, { zone }));
        const expected = `${written(lastDayOf(length, first))} 23:59:59`;
        // One second before the end it is the last day still, and at the end it is the first moment of the next.
        if (wall(end - 1_000, zone) !== expected || wall(end, zone).slice(11) !== '00:00:00')
          wrong.push(`${date} ${JSON.stringify(length)}: ${wall(end - 1_000, zone)}, not ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('rolling months keep the wall time, and the month’s last day where there is no such date', () => {
    const wrong: string[] = [];
    for (const zone of zones)
      for (const day of days) {
        const start = `${written(day)}T20:30:00.000Z` as Instant;
        const [date = '', time = ''] = wall(Date.parse(start), zone).split(' ');
        const first = date.split('-').map(Number) as unknown as Day;
        for (const months of [1, 12]) {
          const ends = wall(Date.parse(endOf({ months, counting: 'rolling' }, start, { zone })), zone);
          const expected = `${written(lastDayOf({ months, counting: 'corresponding' }, first))} ${time}`;
          if (ends !== expected) wrong.push(`${zone} ${date} + ${months}: ${ends}, not ${expected}`);
        }
      }
    expect(wrong).toEqual([]);
  });

  it('working days, day by day, over every start day of a year', () => {
    const calendar = calendarFromChineseDays();
    const wrong: string[] = [];
    for (let day: Day = [2025, 7, 1]; written(day) < '2026-07-01'; day = nextDay(day)) {
      const start = `${written(day)}T04:00:00.000Z` as Instant;
      for (const counting of ['inclusive', 'exclusive'] as const)
        for (const workingDays of [1, 7]) {
          let last = counting === 'inclusive' ? day : nextDay(day);
          for (let left = workingDays; ; last = nextDay(last)) {
            if (isWorkingDay(calendar, written(last) as CalendarDate)) left -= 1;
            if (left === 0) break;
          }
          const end = Date.parse(endOf({ workingDays, counting }, start, { zone: 'Asia/Shanghai', calendar }));
          if (wall(end - 1_000, 'Asia/Shanghai') !== `${written(last)} 23:59:59`)
            wrong.push(`${written(day)} + ${workingDays} ${counting}`);
        }
    }
    expect(wrong).toEqual([]);
    expect(addWorkingDays(calendar, '2026-01-01' as CalendarDate, 1)).toBe('2026-01-04'); // a Sunday that is worked
  });

  it('28, 29 and 30 November and three months: 27, 28 and 28 February; counted once a day short at the two latter', () => {
    const lastOf = (date: string, monthEnds?: 'cut' | 'whole'): string => {
      const end = endOf({ months: 3, counting: 'inclusive' }, `${date}T02:00:00.000Z` as Instant, {
        zone: 'Asia/Shanghai',
        monthEnds,
      });
      return wall(Date.parse(end) - 1, 'Asia/Shanghai').slice(0, 10);
    };
    const november = ['2026-11-28', '2026-11-29', '2026-11-30'];
    expect(november.map((date) => lastOf(date))).toEqual(['2027-02-27', '2027-02-28', '2027-02-28']);
    expect(november.map((date) => lastOf(date, 'cut'))).toEqual(['2027-02-27', '2027-02-27', '2027-02-27']);
  });
});
