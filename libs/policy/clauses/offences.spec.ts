import fc from 'fast-check';
import type { Code, Fen, Instant } from '#event-sourcing/vocabulary.js';
import { accepted, at, refusals, under, underInvented } from '../testing/evaluations.js';
import { PolicyMisuse } from '../evaluation.js';
import { countingWindow, judgeOffenceFinder, penaltyFor, type OffenceInput } from './offences.js';

const zhaodu = under('zhaodu-intent-customer');
const administration = under('two-month-admin-filing');
const invented = underInvented();
const penalties = (e: typeof zhaodu, given: Partial<OffenceInput> & { readonly offence: string }) =>
  penaltyFor(e, { occurrence: 1, customers: 1, at: at('2026-03-05 10:00'), ...given }).penalties;

describe('offences', () => {
  it('R04.15 false registrations: 50 yuan, 100 yuan, dismissal', () => {
    expect([1, 2, 3, 4].map((occurrence) => penalties(zhaodu, { offence: 'falseFiling', occurrence }))).toEqual([
      [{ kind: 'fine', amount: '5000' }],
      [{ kind: 'fine', amount: '10000' }],
      [{ kind: 'dismissal' }],
      [{ kind: 'dismissal' }],
    ]);
    expect(penaltyFor(zhaodu, { offence: 'falseFiling', occurrence: 2, customers: 1 }).because).toMatchObject({
      clause: 'offences.falseFiling',
      meaning: 'offences/1',
      rules: ['R04.15'],
      inputs: { offence: 'falseFiling', occurrence: 2, customers: 1 },
    });
  });
  it('R04.17, R04.20 dismissal at once', () =>
    expect([penalties(zhaodu, { offence: 'sabotage' }), penalties(zhaodu, { offence: 'paidLeak' })]).toEqual([
      [{ kind: 'dismissal' }],
      [{ kind: 'dismissal' }],
    ]));
  it('R04.19 500 yuan for each customer: three customers, 1,500 yuan', () => {
    expect(penalties(zhaodu, { offence: 'leak', customers: 3 })).toEqual([{ kind: 'fine', amount: '150000' }]);
    expect(refusals(penaltyFor(zhaodu, { offence: 'leak', occurrence: 1, customers: 0 }).judgement)).toEqual([
      'CustomersNotCounted',
    ]);
  });
  it('R04.14 has no figure: the ruler picks, and only what the policy offers', () => {
    const given = { offence: 'browsingOthers', occurrence: 1, customers: 1 };
    expect(accepted(penaltyFor(zhaodu, given).judgement)).toEqual({ kinds: ['warning', 'dismissal'] });
    expect(penaltyFor(zhaodu, { ...given, chosen: { kind: 'warning' } }).penalties).toEqual([{ kind: 'warning' }]);
    expect(
      refusals(penaltyFor(zhaodu, { ...given, chosen: { kind: 'fine', amount: '100' as Fen } }).judgement),
    ).toEqual(['PenaltyNotChoosable']);
  });
  it('R09.09, R09.11 200 yuan each time', () => {
    for (const offence of ['browsingOthers', 'falseFiling', 'leak', 'harmfulDispute']) {
      expect([1, 5].map((occurrence) => penalties(administration, { offence, occurrence, customers: 4 }))).toEqual([
        [{ kind: 'fine', amount: '20000' }],
        [{ kind: 'fine', amount: '20000' }],
      ]);
    }
  });
  it('R17.18 a fine within a range, its bounds included', () => {
    const rule = (amount: string) =>
      refusals(
        penaltyFor(invented, {
          offence: 'lostByQuarrel',
          occurrence: 1,
          customers: 1,
          chosen: { kind: 'fine', amount: amount as Fen },
        }).judgement,
      );
    expect([rule('9999'), rule('10000'), rule('50000'), rule('50001')]).toEqual([
      ['PenaltyOutOfRange'],
      [],
      [],
      ['PenaltyOutOfRange'],
    ]);
    expect(refusals(penaltyFor(invented, { offence: 'lostByQuarrel', occurrence: 1, customers: 1 }).judgement)).toEqual(
      ['PenaltyNotChosen'],
    );
    expect(
      refusals(
        penaltyFor(invented, { offence: 'falseFiling', occurrence: 1, customers: 1, chosen: { kind: 'warning' } })
          .judgement,
      ),
    ).toEqual(['PenaltyNotChoosable']);
  });
  it('R11.16 a measure in the words of the policy may be chosen, and follows from a ladder', () => {
    const negligence = {
      offence: 'negligence',
      occurrence: 1,
      customers: 1,
      at: '2026-03-10T02:00:00.000Z' as Instant,
    };
    const chosen = (measure: string) =>
      penaltyFor(invented, { ...negligence, chosen: { kind: 'measure', measure: measure as Code } });
    expect(chosen('demerit').penalties).toEqual([{ kind: 'measure', measure: 'demerit' }]);
    expect(accepted(chosen('cleaning').judgement)).toEqual({ kinds: ['warning', 'demerit', 'suspension', 'ban'] });
    expect([1, 2, 3].map((occurrence) => penalties(invented, { offence: 'unpunctual', occurrence }))).toEqual([
      [{ kind: 'warning' }],
      [{ kind: 'measure', measure: 'cleaning' }],
      [{ kind: 'measure', measure: 'cleaning' }],
    ]);
  });
  it('R07.14 a suspension may be chosen: as long as the policy lets, or shorter, and never longer', () => {
    const at = '2026-03-10T02:00:00.000Z' as Instant;
    const ruled = (kind: 'suspension' | 'ban', until?: string) =>
      penaltyFor(invented, {
        offence: 'negligence',
        occurrence: 1,
        customers: 1,
        at,
        chosen: { kind, ...(until === undefined ? {} : { until: until as Instant }) },
      });
    const latest = '2026-04-09T16:00:00.000Z';
    expect([ruled('suspension').penalties, ruled('suspension', '2026-03-20T00:00:00.000Z').penalties]).toEqual([
      [{ kind: 'suspension', until: latest }],
      [{ kind: 'suspension', until: '2026-03-20T00:00:00.000Z' }],
    ]);
    for (const until of ['2026-04-09T16:00:00.001Z', at])
      expect([refusals(ruled('suspension', until).judgement), accepted(ruled('suspension', until).judgement)]).toEqual([
        ['PenaltyTooLong'],
        { latest },
      ]);
    expect([ruled('ban').penalties, refusals(ruled('ban', at).judgement)]).toEqual([
      [{ kind: 'ban' }],
      ['PenaltyTooLong'],
    ]);
  });
  it('R26.06 another bears a penalty of his own', () =>
    expect(penaltyFor(invented, { offence: 'interception', occurrence: 1, customers: 1 })).toMatchObject({
      penalties: [{ kind: 'fine', amount: '50000' }],
      vicarious: { relation: 'manager', penalties: [{ kind: 'fine', amount: '100000' }] },
    }));
  it('suspensions and bans carry their end, and permanent ones none', () => {
    expect(penalties(invented, { offence: 'falseFiling', occurrence: 2 })).toEqual([
      { kind: 'fine', amount: '10000' },
      { kind: 'suspension', until: at('2026-03-13') },
    ]);
    expect(penalties(invented, { offence: 'falseFiling', occurrence: 3 })).toEqual([
      { kind: 'ban' },
      { kind: 'dismissal' },
    ]);
    expect(() => penaltyFor(invented, { offence: 'falseFiling', occurrence: 2, customers: 1 })).toThrow(PolicyMisuse);
  });
  it('money below the yuan is exact', () =>
    expect(penalties(invented, { offence: 'leak', customers: 3 })).toEqual([
      { kind: 'fine', amount: '150150' },
      { kind: 'compensation', amount: '6000' },
    ]));
  it('counts over the employment or over a time', () => {
    expect(countingWindow(zhaodu, 'falseFiling').since(at('2026-03-05 10:00'))).toBeUndefined();
    expect(countingWindow(invented, 'falseFiling').since(at('2026-03-05 10:00'))).toBe(at('2025-03-05 10:00'));
    expect(countingWindow(invented, 'interception').since(at('2028-02-29 10:00'))).toBe(at('2027-02-28 10:00'));
  });
  it('names who may find it', () => {
    expect(refusals(judgeOffenceFinder(zhaodu, { offence: 'leak', roles: ['party'], relations: [] }))).toEqual([
      'FinderNotPermitted',
    ]);
    expect(refusals(judgeOffenceFinder(zhaodu, { offence: 'leak', roles: ['reviewer'], relations: [] }))).toEqual([]);
    expect(refusals(judgeOffenceFinder(zhaodu, { offence: 'other', roles: ['reviewer'], relations: [] }))).toEqual([
      'OffenceUnknown',
    ]);
    expect(refusals(judgeOffenceFinder(invented, { offence: 'interception', roles: [], relations: [] }))).toEqual([]);
  });
  it('an unknown offence or an occurrence below 1 has no penalty', () => {
    expect(penaltyFor(zhaodu, { offence: 'other', occurrence: 1, customers: 1 })).toMatchObject({ penalties: [] });
    expect(refusals(penaltyFor(zhaodu, { offence: 'leak', occurrence: 0, customers: 1 }).judgement)).toEqual([
      'OccurrenceInvalid',
    ]);
  });

  it('a ladder never skips a step and never steps down', () => {
    const severity = (occurrence: number) =>
      ['warning', 'suspension', 'dismissal'].findIndex((kind) =>
        penalties(invented, { offence: 'falseFiling', occurrence }).some((penalty) => penalty.kind === kind),
      );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (occurrence) => {
        const step = severity(occurrence + 1) - severity(occurrence);
        expect(step === 0 || step === 1).toBe(true);
        expect(severity(occurrence)).toBe(Math.min(occurrence, 3) - 1);
      }),
    );
  });
  it('a fine for each customer is as many fines as customers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (customers) => {
        expect(penalties(zhaodu, { offence: 'leak', customers })).toEqual([
          { kind: 'fine', amount: String(50_000n * BigInt(customers)) },
        ]);
      }),
    );
  });
});
