import * as fc from 'fast-check';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { addWorkingDays, calendarFromChineseDays, isWorkingDay, UnknownYearError } from './calendar.js';
import {
  DurationError,
  endOf,
  filedInTime,
  latestFiling,
  remaining,
  resumeEnd,
  withinWindow,
  type ClockSetting,
  type Duration,
  type SuspensionSetting,
} from './clock.js';
import {
  addDays,
  addMilliseconds,
  addMonths,
  dateIn,
  daysBetween,
  FOREVER,
  instant,
  isBefore,
  lastDay,
  millisecondsBetween,
  parseInstant,
  timeIn,
} from './instant.js';

const zone = 'Asia/Shanghai';
const calendar = calendarFromChineseDays();
const setting: ClockSetting = { zone, calendar };
const at = (text: string): Instant => parseInstant(text, zone);
const readsAs = (duration: Duration, start: string, more: Partial<ClockSetting> = {}): CalendarDate =>
  lastDay(endOf(duration, at(start), { ...setting, ...more }), zone);
const within2026 = () =>
  fc.integer({ min: 0, max: 270 * 86_400_000 - 1 }).map((ms) => addMilliseconds(instant('2025-12-31T16:00:00Z'), ms));
const anyZone = () =>
  fc.constantFrom(
    zone,
    'America/New_York',
    'America/Los_Angeles',
    'Pacific/Apia',
    'Asia/Kolkata',
    'Europe/London',
    'UTC',
  );
const dayClocks = (): fc.Arbitrary<Duration> =>
  fc.oneof(
    fc.record({
      days: fc.integer({ min: 1, max: 60 }),
      counting: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    }),
    fc.record({
      months: fc.integer({ min: 1, max: 2 }),
      counting: fc.constantFrom('corresponding' as const, 'inclusive' as const),
    }),
    fc.record({
      workingDays: fc.integer({ min: 1, max: 20 }),
      counting: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    }),
    fc.record({
      untilTime: fc.constantFrom('10:30' as const, '00:00' as const, '24:00' as const),
      onDay: fc.integer({ min: 1, max: 30 }),
    }),
    fc.constant({ sameDay: true as const }),
  );
const anyClock = (): fc.Arbitrary<Duration> =>
  fc.oneof(
    dayClocks(),
    fc.record({ days: fc.integer({ min: 1, max: 60 }), counting: fc.constant('rolling' as const) }),
    fc.record({ months: fc.integer({ min: 1, max: 2 }), counting: fc.constant('rolling' as const) }),
    fc.record({ hours: fc.integer({ min: 0, max: 100 }) }),
    fc.constant({ permanent: true as const }),
  );
const ways = (): fc.Arbitrary<SuspensionSetting> =>
  fc.record({
    unit: fc.constantFrom('instants' as const, 'days' as const),
    partialDay: fc.constantFrom('used' as const, 'unused' as const),
    zone: anyZone(),
  });
const lastDayOfClock = (duration: Duration, start: Instant, rollToWorkingDay: boolean): CalendarDate =>
  lastDay(
    endOf('untilTime' in duration ? { ...duration, untilTime: '24:00' } : duration, start, {
      ...setting,
      rollToWorkingDay,
    }),
    zone,
  );

describe('the readings that the regimes leave open', () => {
  it('R04.06 7 days from the registration: through 03-07, through 03-08, or to 03-08 10:00', () => {
    expect(readsAs({ days: 7, counting: 'inclusive' }, '2026-03-01 10:00')).toBe('2026-03-07');
    expect(readsAs({ days: 7, counting: 'exclusive' }, '2026-03-01 10:00')).toBe('2026-03-08');
    expect(endOf({ days: 7, counting: 'rolling' }, at('2026-03-01 10:00'), setting)).toBe(at('2026-03-08 10:00'));
  });
  it('R04.07 90 days from registration or deposit, either way of counting', () => {
    expect([
      readsAs({ days: 90, counting: 'inclusive' }, '2026-03-01 10:00'),
      readsAs({ days: 90, counting: 'exclusive' }, '2026-03-01 10:00'),
    ]).toEqual(['2026-05-29', '2026-05-30']);
    expect([
      readsAs({ days: 90, counting: 'inclusive' }, '2026-03-05 10:00'),
      readsAs({ days: 90, counting: 'exclusive' }, '2026-03-05 10:00'),
    ]).toEqual(['2026-06-02', '2026-06-03']);
  });
  it('R06.09 verification within 7 working days of receipt', () => {
    expect(readsAs({ workingDays: 7, counting: 'inclusive' }, '2026-03-02 09:00')).toBe('2026-03-10');
    expect(readsAs({ workingDays: 7, counting: 'exclusive' }, '2026-03-02 09:00')).toBe('2026-03-11');
  });
  it('R06.12 objection within 2 working days of a notice on Friday 13 March', () => {
    expect(readsAs({ workingDays: 2, counting: 'inclusive' }, '2026-03-13 15:00')).toBe('2026-03-16');
    expect(readsAs({ workingDays: 2, counting: 'exclusive' }, '2026-03-13 15:00')).toBe('2026-03-17');
  });
  it('R06.14 3 months from the entry of the approval', () => {
    expect(readsAs({ months: 3, counting: 'inclusive' }, '2026-03-11 14:00')).toBe('2026-06-10');
    expect(readsAs({ months: 3, counting: 'corresponding' }, '2026-03-11 14:00')).toBe('2026-06-11');
  });
  it('R06.18 an extension asked 20 days before the end', () => {
    const endsAt = endOf({ months: 3, counting: 'corresponding' }, at('2026-03-11 14:00'), setting);
    const lastProtected = addMilliseconds(endsAt, -1);
    expect(latestFiling(lastProtected, { days: 20 }, { zone })).toBe(addMilliseconds(at('2026-05-23 00:00'), -1));
    expect(filedInTime(at('2026-05-22 23:59'), lastProtected, { days: 20 }, { zone })).toBe(true);
    expect(filedInTime(at('2026-05-23 00:00'), lastProtected, { days: 20 }, { zone })).toBe(false);
  });
  it('R09.02 2 months: the last day is 05-01 or 05-02, and a holiday there moves it only if the policy says so', () => {
    expect(readsAs({ months: 2, counting: 'inclusive' }, '2026-03-02 11:00')).toBe('2026-05-01');
    expect(readsAs({ months: 2, counting: 'corresponding' }, '2026-03-02 11:00')).toBe('2026-05-02');
    expect(readsAs({ months: 2, counting: 'corresponding' }, '2026-03-02 11:00', { rollToWorkingDay: true })).toBe(
      '2026-05-06',
    );
  });
  it('R13.07 5 working days after the signing', () =>
    expect([
      readsAs({ workingDays: 5, counting: 'inclusive' }, '2026-03-02 10:00'),
      readsAs({ workingDays: 5, counting: 'exclusive' }, '2026-03-02 10:00'),
    ]).toEqual(['2026-03-06', '2026-03-09']));
  it('R21.08 within 24 hours: 10:00 is the last instant of the day after, 10:01 is late', () => {
    const endsAt = endOf({ hours: 24 }, at('2026-03-02 10:00'), setting);
    expect([isBefore(at('2026-03-03 09:59'), endsAt), isBefore(at('2026-03-03 10:01'), endsAt)]).toEqual([true, false]);
  });
  it("R29.20 7 days, the visit's day included: protected on 03-07 23:59, open on 03-08 00:00", () => {
    const endsAt = endOf({ days: 7, counting: 'inclusive' }, at('2026-03-01 16:20'), setting);
    expect([isBefore(at('2026-03-07 23:59'), endsAt), isBefore(at('2026-03-08 00:00'), endsAt)]).toEqual([true, false]);
  });
  it('R31.09 until 10:30 on day 3, the pick-up day being day 1', () =>
    expect(endOf({ untilTime: '10:30', onDay: 3 }, at('2026-03-02 17:00'), setting)).toBe(at('2026-03-04 10:30')));
  it('R42.04 received in the last hour counts as received the next working day', () => {
    const late = { lateFrom: '16:30' as const };
    expect([
      readsAs({ workingDays: 2, counting: 'inclusive' }, '2026-03-02 16:45', late),
      readsAs({ workingDays: 2, counting: 'exclusive' }, '2026-03-02 16:45', late),
    ]).toEqual(['2026-03-04', '2026-03-05']);
    expect(readsAs({ workingDays: 2, counting: 'inclusive' }, '2026-03-02 16:29', late)).toBe('2026-03-03');
    expect(readsAs({ workingDays: 2, counting: 'exclusive' }, '2026-03-06 16:45', late)).toBe('2026-03-11');
  });
  it('R29.09 that day, R26.01 for ever', () => {
    expect(endOf({ sameDay: true }, at('2026-03-02 15:15'), setting)).toBe(at('2026-03-03 00:00'));
    expect(endOf({ sameDay: true }, at('2026-03-02 15:15'), { ...setting, ends: '17:30' })).toBe(
      at('2026-03-02 17:30'),
    );
    expect(endOf({ permanent: true }, at('2026-03-02 15:15'), setting)).toBe(FOREVER);
  });
});

describe('the laws of a clock', () => {
  it('exclusive ends one day after inclusive: in days, in months, in working days', () => {
    fc.assert(
      fc.property(within2026(), fc.integer({ min: 1, max: 40 }), (start, n) => {
        const last = (duration: Duration): CalendarDate => lastDay(endOf(duration, start, setting), zone);
        expect(daysBetween(last({ days: n, counting: 'inclusive' }), last({ days: n, counting: 'exclusive' }))).toBe(1);
        // Where the last month has no such date, both end on its last day.
        const first = dateIn(start, zone);
        expect(
          daysBetween(last({ months: n, counting: 'inclusive' }), last({ months: n, counting: 'corresponding' })),
        ).toBe(addMonths(first, n).slice(8) === first.slice(8) ? 1 : 0);
        const [inclusive, exclusive] = [
          last({ workingDays: n, counting: 'inclusive' }),
          last({ workingDays: n, counting: 'exclusive' }),
        ];
        expect(exclusive).toBe(
          isWorkingDay(calendar, dateIn(start, zone)) ? addWorkingDays(calendar, inclusive, 1) : inclusive,
        );
      }),
    );
  });

  it('a later start never ends earlier, and no end lies before its start', () => {
    fc.assert(
      fc.property(
        anyClock(),
        within2026(),
        within2026(),
        fc.boolean(),
        fc.constantFrom<ClockSetting['ends']>('endOfDay', '17:30'),
        anyZone(),
        (duration, a, b, rollToWorkingDay, ends, where) => {
          const [first, second] = a < b ? [a, b] : [b, a];
          const rules: ClockSetting = { zone: where, calendar, rollToWorkingDay, ends };
          expect(endOf(duration, first, rules) <= endOf(duration, second, rules)).toBe(true);
          expect(first <= endOf(duration, first, rules)).toBe(true);
        },
      ),
    );
  });

  it('a longer clock never ends earlier', () => {
    fc.assert(
      fc.property(
        within2026(),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        anyZone(),
        (start, n, more, where) => {
          const rules: ClockSetting = { zone: where, calendar };
          const pairs: readonly (readonly [Duration, Duration])[] = [
            [
              { days: n, counting: 'inclusive' },
              { days: n + more, counting: 'inclusive' },
            ],
            [
              { days: n, counting: 'rolling' },
              { days: n + more, counting: 'rolling' },
            ],
            [
              { workingDays: n, counting: 'exclusive' },
              { workingDays: n + more, counting: 'exclusive' },
            ],
            [
              { months: n, counting: 'corresponding' },
              { months: n + more, counting: 'corresponding' },
            ],
            [{ hours: n }, { hours: n + more }],
          ];
          for (const [shorter, longer] of pairs)
            expect(endOf(shorter, start, rules) < endOf(longer, start, rules)).toBe(true);
        },
      ),
    );
  });

  it('a month from the 29th to the 31st ends on the last day of a shorter month, never in the next', () => {
    fc.assert(
      fc.property(within2026(), fc.integer({ min: 1, max: 24 }), (start, months) => {
        const from = dateIn(start, zone);
        const last = lastDay(endOf({ months, counting: 'corresponding' }, start, setting), zone);
        const monthsApart =
          (Number(last.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
          Number(last.slice(5, 7)) -
          Number(from.slice(5, 7));
        expect(monthsApart).toBe(months);
        expect(
          last.slice(8) === from.slice(8) || (last.slice(8) < from.slice(8) && addDays(last, 1).endsWith('-01')),
        ).toBe(true);
        expect(last).toBe(addMonths(from, months));
      }),
    );
  });

  it('in a zone of a fixed offset it is plain arithmetic on days', () => {
    const DAY = 86_400_000;
    fc.assert(
      fc.property(within2026(), fc.integer({ min: 1, max: 400 }), (start, days) => {
        const local = Date.parse(start) + 8 * 3_600_000;
        const endOfLocalDay = (n: number): string =>
          new Date((Math.floor(local / DAY) + n + 1) * DAY - 8 * 3_600_000).toISOString();
        expect(endOf({ days, counting: 'inclusive' }, start, setting)).toBe(endOfLocalDay(days - 1));
        expect(endOf({ days, counting: 'exclusive' }, start, setting)).toBe(endOfLocalDay(days));
        expect(endOf({ days, counting: 'rolling' }, start, setting)).toBe(
          new Date(Date.parse(start) + days * DAY).toISOString(),
        );
      }),
    );
  });

  it('the last day of a rolled clock is a working day, and the first one from the unrolled on', () => {
    fc.assert(
      fc.property(dayClocks(), within2026(), (duration, start) => {
        const plain = lastDayOfClock(duration, start, false);
        const rolled = lastDayOfClock(duration, start, true);
        expect(isWorkingDay(calendar, rolled)).toBe(true);
        for (let date = plain; date < rolled; date = addDays(date, 1)) expect(isWorkingDay(calendar, date)).toBe(false);
      }),
    );
  });
  it('rolling months keep the wall time across a change of clocks, rolling days keep the hours', () => {
    const start = parseInstant('2026-02-08 10:00', 'America/New_York');
    const rules = { zone: 'America/New_York' };
    expect(timeIn(endOf({ months: 1, counting: 'rolling' }, start, rules), rules.zone)).toBe('10:00:00.000');
    expect(timeIn(endOf({ days: 28, counting: 'rolling' }, start, rules), rules.zone)).toBe('11:00:00.000');
    expect(timeIn(endOf({ days: 28, counting: 'exclusive' }, start, rules), rules.zone)).toBe('00:00:00.000');
  });

  it.each<[string, Duration]>([
    ['no days, the start day included', { days: 0, counting: 'inclusive' }],
    ['half a day', { days: 0.5, counting: 'exclusive' }],
    ['less than nothing', { days: -1, counting: 'rolling' }],
    ['no months', { months: 0, counting: 'corresponding' }],
    ['day 0', { untilTime: '10:30', onDay: 0 }],
    ['a hundred years and a day', { days: 36_501, counting: 'exclusive' }],
    ['no number', { hours: Number.NaN }],
    ['without end', { hours: Number.POSITIVE_INFINITY }],
  ])('%s is no duration', (_, duration) =>
    expect(() => endOf(duration, at('2026-03-02 10:00'), setting)).toThrow(DurationError),
  );
  it('working days need a calendar that covers them', () => {
    expect(() => endOf({ workingDays: 2, counting: 'exclusive' }, at('2026-03-02 10:00'), { zone })).toThrow(
      DurationError,
    );
    expect(() => endOf({ workingDays: 5, counting: 'exclusive' }, at('2026-12-30 10:00'), setting)).toThrow(
      UnknownYearError,
    );
    expect(() =>
      endOf({ months: 3, counting: 'corresponding' }, at('2026-11-11 10:00'), { ...setting, rollToWorkingDay: true }),
    ).toThrow(UnknownYearError);
  });
});

describe('suspension', () => {
  it('suspending and resuming at once changes nothing', () => {
    fc.assert(
      fc.property(
        within2026(),
        anyClock(),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        ways(),
        (start, duration, part, way) => {
          const endsAt = endOf(duration, start, { zone: way.zone, calendar });
          fc.pre(endsAt !== FOREVER && endsAt > start);
          const suspendedAt = addMilliseconds(start, Math.floor(part * millisecondsBetween(start, endsAt)));
          expect(resumeEnd(remaining(endsAt, suspendedAt, way), suspendedAt, way)).toBe(endsAt);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('in instants the end moves by exactly the time of the suspension', () => {
    fc.assert(
      fc.property(within2026(), fc.nat(40 * 86_400_000), fc.nat(40 * 86_400_000), (suspendedAt, left, pause) => {
        const way: SuspensionSetting = { unit: 'instants', partialDay: 'used', zone };
        const endsAt = addMilliseconds(suspendedAt, left);
        expect(resumeEnd(remaining(endsAt, suspendedAt, way), addMilliseconds(suspendedAt, pause), way)).toBe(
          addMilliseconds(endsAt, pause),
        );
      }),
    );
  });

  it('in days, a used day is never given again and an unused one is given once, over month ends and holidays', () => {
    fc.assert(
      fc.property(
        within2026(),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40 * 86_400_000),
        (suspendedAt, days, pause) => {
          const endsAt = endOf({ days, counting: 'exclusive' }, suspendedAt, setting);
          const resumedAt = addMilliseconds(suspendedAt, pause);
          const apart = daysBetween(dateIn(suspendedAt, zone), dateIn(resumedAt, zone));
          const movedBy = (partialDay: 'used' | 'unused'): number => {
            const way: SuspensionSetting = { unit: 'days', partialDay, zone };
            return daysBetween(
              lastDay(endsAt, zone),
              lastDay(resumeEnd(remaining(endsAt, suspendedAt, way), resumedAt, way), zone),
            );
          };
          expect(movedBy('unused')).toBe(apart);
          expect(movedBy('used')).toBe(Math.max(0, apart - 1));
        },
      ),
    );
  });

  it('protected to 03-20, suspended 03-10 10:00, resumed 03-12 15:00', () => {
    const endsAt = at('2026-03-21 00:00');
    const resumed = (partialDay: 'used' | 'unused'): CalendarDate =>
      lastDay(
        resumeEnd(
          remaining(endsAt, at('2026-03-10 10:00'), { unit: 'days', partialDay, zone }),
          at('2026-03-12 15:00'),
          { zone },
        ),
        zone,
      );
    expect([resumed('used'), resumed('unused')]).toEqual(['2026-03-21', '2026-03-22']);
  });
  it('keeps a cut-off time, and rolls the new last day when the policy rolls', () => {
    const left = remaining(at('2026-03-20 17:30'), at('2026-03-10 10:00'), {
      unit: 'days',
      partialDay: 'unused',
      zone,
    });
    expect(left).toEqual({ unit: 'days', days: 11, ends: '17:30:00.000' });
    expect(resumeEnd(left, at('2026-04-25 09:00'), { zone })).toBe(at('2026-05-05 17:30'));
    expect(resumeEnd(left, at('2026-04-25 09:00'), { zone, calendar, rollToWorkingDay: true })).toBe(
      at('2026-05-06 17:30'),
    );
    expect(() => resumeEnd(left, at('2026-04-25 09:00'), { zone, rollToWorkingDay: true })).toThrow(DurationError);
  });
  it('what had run out stays run out; what never ends stays so', () => {
    for (const unit of ['instants', 'days'] as const) {
      const way: SuspensionSetting = { unit, partialDay: 'unused', zone };
      expect(
        resumeEnd(remaining(at('2026-03-10 10:00'), at('2026-03-11 10:00'), way), at('2026-03-20 10:00'), way),
      ).toBe(at('2026-03-20 10:00'));
      expect(resumeEnd(remaining(FOREVER, at('2026-03-11 10:00'), way), at('2026-03-20 10:00'), way)).toBe(FOREVER);
    }
  });
});

describe('windows and lead times', () => {
  it('R29.02 after 18:00 and before 21:00', () => {
    const window = { from: '18:00', to: '21:00', fromIncluded: false } as const;
    const inside = ['17:59', '18:00', '18:00:00.001', '20:59', '21:00', '21:00:01'].map((time) =>
      withinWindow(at(`2026-03-02 ${time}`), window, zone),
    );
    expect(inside).toEqual([false, false, true, true, false, false]);
    expect(withinWindow(at('2026-03-02 21:00'), { ...window, toIncluded: true }, zone)).toBe(true);
  });
  it('runs over midnight, and to the very end of the day', () => {
    expect(
      ['21:59', '22:00', '23:59:59.999', '00:00', '05:59', '06:00'].map((time) =>
        withinWindow(at(`2026-03-02 ${time}`), { from: '22:00', to: '06:00' }, zone),
      ),
    ).toEqual([false, true, true, true, true, false]);
    expect(withinWindow(at('2026-03-02 23:59:59.999'), { from: '18:00', to: '24:00' }, zone)).toBe(true);
  });
  it('a window and its complement never agree', () => {
    fc.assert(
      fc.property(within2026(), anyZone(), (when, where) =>
        expect(withinWindow(when, { from: '18:00', to: '21:00' }, where)).not.toBe(
          withinWindow(when, { from: '21:00', to: '18:00' }, where),
        ),
      ),
    );
  });

  it('R02.04 one day before a visit on 03-05 14:00: the evening before is in time by the calendar, late by 24 hours', () => {
    const visit = at('2026-03-05 14:00');
    expect(filedInTime(at('2026-03-04 18:00'), visit, { days: 1 }, { zone })).toBe(true);
    expect(filedInTime(at('2026-03-04 18:00'), visit, { days: 1, counting: 'rolling' }, { zone })).toBe(false);
    expect(filedInTime(at('2026-03-04 18:00'), visit, { days: 1, by: '18:00' }, { zone })).toBe(false);
  });
  it('R29.08 30 minutes before 15:45: 15:14 in time, 15:20 late, 15:15 as the policy says', () => {
    const arrival = at('2026-03-02 15:45');
    const inTime = (time: string, boundary: 'included' | 'excluded'): boolean =>
      filedInTime(at(`2026-03-02 ${time}`), arrival, { minutes: 30, boundary }, { zone });
    expect([
      inTime('15:14', 'excluded'),
      inTime('15:20', 'included'),
      inTime('15:15', 'included'),
      inTime('15:15', 'excluded'),
    ]).toEqual([true, false, true, false]);
  });
  it('R21.07 5 and 15 working days before Monday 23 March', () => {
    expect(filedInTime(at('2026-03-16 09:00'), at('2026-03-23 09:00'), { workingDays: 5 }, { zone, calendar })).toBe(
      true,
    );
    expect(dateIn(latestFiling(at('2026-03-23 09:00'), { workingDays: 15 }, { zone, calendar }), zone)).toBe(
      '2026-03-02',
    );
    expect(() => latestFiling(at('2026-03-23 09:00'), { workingDays: 5 }, { zone })).toThrow(DurationError);
  });
  it.each([-1, 0.5, Number.NaN])('a lead of %d days is refused', (days) =>
    expect(() => latestFiling(at('2026-03-23 09:00'), { days }, { zone })).toThrow(DurationError),
  );
});
