import { createHash } from 'node:crypto';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { calendarFromChineseDays } from './calendar.js';
import { endOf, type ClockSetting, type Duration } from './clock.js';
import { at, calendarDate, dateIn, instant, lastDay, startOfDay, timeIn } from './instant.js';

/**
 * Ends that events have stored and packs will recompute. They must not move: not with the machine's zone, not with a
 * newer time zone
 * database, not with a better library. A case that changes is a new meaning and needs a new version of the clause.
 */
const durations: readonly Duration[] = [
  { days: 7, counting: 'inclusive' },
  { days: 7, counting: 'exclusive' },
  { days: 7, counting: 'rolling' },
  { months: 3, counting: 'corresponding' },
  { months: 1, counting: 'inclusive' },
  { months: 1, counting: 'rolling' },
  { workingDays: 7, counting: 'inclusive' },
  { workingDays: 2, counting: 'exclusive' },
  { hours: 24 },
  { untilTime: '10:30', onDay: 3 },
  { sameDay: true },
  { permanent: true },
];
const china = calendarFromChineseDays();
const starts: readonly (readonly [string, ClockSetting])[] = [
  ['2026-03-01T10:00:00+08:00', { zone: 'Asia/Shanghai', calendar: china }],
  ['2026-01-31T23:59:59.999+08:00', { zone: 'Asia/Shanghai', calendar: china, ends: '17:30' }],
  ['2026-02-13T00:00:00+08:00', { zone: 'Asia/Shanghai', calendar: china, rollToWorkingDay: true }],
  ['2025-09-29T16:45:00+08:00', { zone: 'Asia/Shanghai', calendar: china, lateFrom: '16:30' }],
  ['2026-03-05T22:30:00-08:00', { zone: 'America/Los_Angeles', calendar: china }],
];
/** As the first meaning of every clause counts; a month's end that is cut is one of the sixty. */
const endsWith = (monthEnds: ClockSetting['monthEnds']): readonly Instant[] =>
  starts.flatMap(([start, setting]) =>
    durations.map((duration) => endOf(duration, instant(start), { ...setting, monthEnds })),
  );
const ends = endsWith('cut');
const digest = createHash('sha256').update(ends.join('\n')).digest('hex');

describe('sixty clocks that must never move', () => {
  it('are sixty', () => expect(ends).toHaveLength(60));

  it('end as a person counts them on a wall calendar', () => {
    const read = starts.map(([, setting], row) =>
      ends
        .slice(row * 12, row * 12 + 11)
        .map((end) => `${dateIn(end, setting.zone).slice(5)} ${timeIn(end, setting.zone).slice(0, 5)}`),
    );
    expect(read).toEqual([
      [
        '03-08 00:00',
        '03-09 00:00',
        '03-08 10:00',
        '06-02 00:00',
        '04-01 00:00',
        '04-01 10:00',
        '03-11 00:00',
        '03-04 00:00',
        '03-02 10:00',
        '03-03 10:30',
        '03-02 00:00',
      ],
      [
        '02-06 17:30',
        '02-07 17:30',
        '02-07 23:59',
        '04-30 17:30',
        '02-27 17:30',
        '02-28 23:59',
        '02-10 17:30',
        '02-03 17:30',
        '02-01 23:59',
        '02-02 10:30',
        '01-31 23:59',
      ],
      [
        '02-25 00:00',
        '02-25 00:00',
        '02-20 00:00',
        '05-14 00:00',
        '03-13 00:00',
        '03-13 00:00',
        '03-01 00:00',
        '02-25 00:00',
        '02-14 00:00',
        '02-24 10:30',
        '02-14 00:00',
      ],
      [
        '10-07 00:00',
        '10-08 00:00',
        '10-06 16:45',
        '12-31 00:00',
        '10-30 00:00',
        '10-29 16:45',
        '10-16 00:00',
        '10-11 00:00',
        '09-30 16:45',
        '10-02 10:30',
        '10-01 00:00',
      ],
      [
        '03-12 00:00',
        '03-13 00:00',
        '03-12 23:30',
        '06-06 00:00',
        '04-05 00:00',
        '04-05 22:30',
        '03-14 00:00',
        '03-10 00:00',
        '03-06 22:30',
        '03-07 10:30',
        '03-06 00:00',
      ],
    ]);
  });

  it('to the byte', () => expect(digest).toBe('b1a057f38ef3aadc56c0ac52cca1224be32fbba084ab3db77913ac62e1339965'));

  it('and the second meaning moves the one end that was a day short', () =>
    expect(endsWith('whole').flatMap((end, index) => (end === ends[index] ? [] : [`${ends[index]} → ${end}`]))).toEqual(
      ['2026-02-27T09:30:00.000Z → 2026-02-28T09:30:00.000Z'],
    ));

  it('and so do days that clocks change', () => {
    expect(startOfDay(calendarDate('2026-03-09'), 'America/Los_Angeles')).toBe('2026-03-09T07:00:00.000Z');
    expect(at(calendarDate('1988-04-17'), '12:00', 'Asia/Shanghai')).toBe('1988-04-17T03:00:00.000Z');
    expect(lastDay(instant('2026-11-01T07:00:00Z'), 'America/Los_Angeles')).toBe('2026-10-31');
  });
});
