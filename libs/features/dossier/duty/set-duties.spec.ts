import fc from 'fast-check';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { addMilliseconds } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { foldUnrecorded } from '../ahead.js';
import { applyDossier, emptyDossier, type Dossier } from '../dossier.js';
import type { DossierEvent, DossierId, RegistrationId } from '../events.js';
import { settle } from '../settle.js';
import { on, policyOf, programId, rehearsalText, zone } from '../testing/rehearsal.js';
import { setDuties } from './set-duties.js';

const id = 'd1.1' as RegistrationId;
const title = '{ zh: 任务, en: Duty }';
const dutiesText = (...items: readonly string[]): string =>
  rehearsalText({
    'review:\n': `duties:\n${items.map((item) => `  - { title: ${title}, ${item} }\n`).join('')}review:\n`,
  });
const daily = 'name: contact, of: holder, after: approved, every: { days: 3, counting: exclusive }, done: deposit';
const sampling = 'name: sampling, of: holder, after: visit, within: { days: 2, counting: exclusive }, done: sample';
const typing = 'name: typing, of: { roles: desk }, within: { workingDays: 2, counting: exclusive }, done: visit';
const lapse = `${daily}, missed: { end: signedElsewhere }`;

type Step = readonly [at: string, event: object | 'tick'];
interface Told {
  readonly at: string;
  readonly says: string;
}
/** One claim, protected from 2 March on for a very long time, and what is said of its duties as things happen to it. */
const play = (text: string, steps: readonly Step[], calendar?: object): readonly Told[] => {
  const policy = policyOf(text);
  const known = (now: Instant): FactsInForce =>
    ({
      now,
      command: { by: 'dealer-a', receivedAt: now },
      roles: [],
      inForce: { policy },
      claimantFacts: {},
      under: () => ({ policy, calendar }),
    }) as unknown as FactsInForce;
  const told: Told[] = [];
  const hear = (events: readonly { readonly event: object; readonly source?: unknown }[], now: Instant): void => {
    for (const { event, source } of events) {
      const { type, duty, state, dueAt, cause, party, roles } = event as Record<string, string>;
      const at = (source as { occurredAt?: Instant } | undefined)?.occurredAt ?? now;
      const what = type === 'DutySet' ? state : type === 'DutyMissed' ? 'missed' : `${type} ${cause ?? ''}`.trim();
      told.push({ at, says: [duty, what, party ?? roles, dueAt].filter((part) => part !== undefined).join(' ') });
    }
  };
  let dossier: Dossier = applyDossier(
    emptyDossier,
    happened({ type: 'DossierOpened', dossierId: 'd1' as DossierId, programId }, on('2026-03-02')),
  );
  const filed: readonly object[] = [
    {
      type: 'Registered',
      registrationId: id,
      programId,
      holder: 'dealer-a',
      class: 'walkIn',
      rankedAt: on('2026-03-02'),
      details: {},
    },
    approved,
  ];
  for (const [at, event] of [['2026-03-02', filed] as const, ...steps]) {
    const now = on(at);
    const settled = settle(dossier, known(now));
    hear(settled.due, now);
    dossier = settled.dossier;
    for (const each of event === 'tick' ? [] : [event].flat()) dossier = applyDossier(dossier, happened(each, now));
    const set = setDuties(dossier, known(now), now);
    hear(set, now);
    dossier = foldUnrecorded(dossier, set, known(now));
  }
  return told;
  function happened(event: object, at: Instant) {
    return {
      event: { because: [], ...event } as unknown as DossierEvent,
      policy: policy.reference as Code,
      at,
      by: { party: 'dealer-a' as PartyId },
    };
  }
};
const approved = {
  type: 'Approved',
  registrationId: id,
  holder: 'dealer-a',
  class: 'walkIn',
  protection: { startsAt: on('2026-03-02'), endsAt: on('2036-03-02'), lastDay: '2036-03-01' },
};
const done = (type: string): object => ({ type, registrationId: id, by: 'dealer-a' });
const sampled = (at: string): object => ({ ...done('ActivityRecorded'), activity: 'sample', happenedAt: on(at) });
const lines = (text: string, steps: readonly Step[], calendar?: object): readonly string[] =>
  play(text, steps, calendar).map(({ says }) => says);
const until = (date: string): string => endOf({ sameDay: true }, on(date), { zone });

const hour = (n: number): string => {
  const at = addMilliseconds(on('2026-03-02'), n * 3_600_000);
  const local = addMilliseconds(at, 8 * 3_600_000);
  return `${local.slice(0, 10)} ${local.slice(11, 16)}`;
};

describe('a cadence', () => {
  it('counts from the start, then from each time that it was done', () =>
    expect(
      lines(dutiesText(daily), [
        ['2026-03-04', done('DepositRecorded')],
        ['2026-03-06', done('DepositRecorded')],
      ]),
    ).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      `contact open dealer-a ${until('2026-03-07')}`,
      `contact open dealer-a ${until('2026-03-09')}`,
    ]));
  it('is missed once in each gap, however long that grows, and is armed again by the next time', () =>
    expect(
      lines(dutiesText(daily), [
        ['2026-04-01', 'tick'],
        ['2027-05-01', 'tick'],
        ['2027-05-02', done('DepositRecorded')],
        ['2027-05-09', 'tick'],
      ]),
    ).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      `contact missed dealer-a ${until('2026-03-05')}`,
      `contact open dealer-a ${until('2027-05-05')}`,
      `contact missed dealer-a ${until('2027-05-05')}`,
    ]));
  it('ends the claim where the policy says so, at the moment when it was due, and every other duty with it', () =>
    expect(
      play(dutiesText(lapse, typing.replace('workingDays: 2', 'days: 20')), [['2026-04-01', 'tick']]).slice(2),
    ).toEqual([
      { at: until('2026-03-05'), says: `contact missed dealer-a ${until('2026-03-05')}` },
      { at: until('2026-03-05'), says: 'Terminated signedElsewhere' },
      { at: until('2026-03-05'), says: 'typing over desk' },
    ]));
  it('goes over three honest years of days', () => {
    const days = Array.from({ length: 3 * 365 }, (_, n): Step => [
      new Date(Date.parse('2026-03-03') + n * 86_400_000).toISOString().slice(0, 10),
      done('DepositRecorded'),
    ]);
    const told = lines(dutiesText(daily.replace('days: 3', 'days: 1')), days);
    expect(told.length).toBe(1 + days.length);
    expect(told.filter((line) => line.includes('missed'))).toEqual([]);
  });
  it('is armed anew for whoever the claim is handed to; an extension and a roll arm nothing', () => {
    const window = { startsAt: on('2026-03-02'), endsAt: on('2037-03-02'), lastDay: '2037-03-01' };
    expect(
      lines(dutiesText(daily), [
        ['2026-03-03', { type: 'Extended', registrationId: id, count: 1, protection: window }],
        ['2026-03-04', { type: 'Rolled', registrationId: id, protection: window }],
        ['2026-03-05', { type: 'Transferred', registrationId: id, from: 'dealer-a', to: 'dealer-b' }],
        ['2026-03-20', { type: 'Transferred', registrationId: id, from: 'dealer-b', to: 'dealer-c' }],
      ]),
    ).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      `contact open dealer-b ${until('2026-03-08')}`,
      `contact missed dealer-b ${until('2026-03-08')}`,
      `contact open dealer-c ${until('2026-03-23')}`,
    ]);
  });
});

describe('what has to be done once', () => {
  it('is done, or missed and then done late; asked for again by what it begins with', () =>
    expect(
      lines(dutiesText(sampling), [
        ['2026-03-03', done('VisitRecorded')],
        ['2026-03-04', done('VisitRecorded')],
        ['2026-03-05', sampled('2026-03-05')],
        ['2026-03-10', done('VisitRecorded')],
        ['2026-03-14', sampled('2026-03-14')],
        ['2026-03-20', 'tick'],
      ]),
    ).toEqual([
      `sampling open dealer-a ${until('2026-03-05')}`,
      'sampling done dealer-a',
      `sampling open dealer-a ${until('2026-03-12')}`,
      `sampling missed dealer-a ${until('2026-03-12')}`,
      'sampling done dealer-a',
    ]));
  it('is called for only while its condition holds, and from then on', () =>
    expect(
      lines(dutiesText(`${sampling}, while: 'count("deposit") == 1'`), [
        ['2026-03-03', done('VisitRecorded')],
        ['2026-03-10', done('DepositRecorded')],
        ['2026-03-11', done('DepositRecorded')],
      ]),
    ).toEqual(['sampling over dealer-a', `sampling open dealer-a ${until('2026-03-12')}`, 'sampling over dealer-a']));
});

describe('a duty and its claim', () => {
  const suspended = (at: string, more: object = {}): object => ({
    type: 'ConflictRaised',
    caseId: 'd1.c1',
    cause: 'secondClaim',
    claims: [id],
    arbiters: [],
    suspended: { registrationId: id, at: on(at), left: { unit: 'days', days: 900, ends: '24:00' } },
    ...more,
  });
  const resumed = { type: 'Resumed', caseId: 'd1.c1', registrationId: id, protection: approved.protection };
  it('stands still with it and goes on with what was left', () =>
    expect(
      lines(dutiesText(daily), [
        ['2026-03-04', suspended('2026-03-04')],
        ['2026-05-01', 'tick'],
        ['2026-05-02', resumed],
      ]),
    ).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      'contact still dealer-a',
      `contact open dealer-a ${until('2026-05-03')}`,
    ]));
  it('conserves what was left, however often it stands still: by instants it is missed just so much later', () => {
    const text = dutiesText('name: report, of: holder, after: approved, every: { hours: 50 }, done: deposit').replace(
      'suspension: { unit: days, partialDay: unused, daysMax: 15 }',
      'suspension: { unit: instants, partialDay: unused }',
    );
    const spans = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 300 })), {
      maxLength: 5,
    });
    fc.assert(
      fc.property(spans, (given) => {
        let now = 0;
        let stood = 0;
        const steps = given.flatMap(([runs, stands]): Step[] => {
          const [from, to] = [now + runs, now + runs + stands];
          now = to;
          stood += stands;
          return [
            [hour(from), suspended(hour(from))],
            [hour(to), resumed],
          ];
        });
        const told = play(text, [...steps, [hour(3_000), 'tick']]);
        expect(told.filter(({ says }) => says.includes('missed')).map(({ at }) => at)).toEqual([on(hour(50 + stood))]);
      }),
      { numRuns: 100 },
    );
  });
  it('ends with it; a ruling that gives the claim back counts it anew', () =>
    expect(
      lines(dutiesText(daily), [
        ['2026-03-04', { type: 'Released', registrationId: id, endedAt: on('2026-03-04') }],
        [
          '2026-04-01',
          {
            type: 'RulingRescinded',
            registrationId: id,
            ruling: 'r',
            holder: 'dealer-a',
            restored: { state: 'protected', protection: approved.protection },
            hangingOnIt: [],
          },
        ],
      ]),
    ).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      'contact over dealer-a',
      `contact open dealer-a ${until('2026-04-04')}`,
    ]));
  it('waits alone for a year whose working days nobody published', () => {
    const text = dutiesText(daily, typing).replace(
      'timeZone: Asia/Shanghai',
      'timeZone: Asia/Shanghai\ncalendar: china',
    );
    const unpublished = { id: 'china', version: '1', years: {} };
    expect(lines(text, [['2026-04-01', 'tick']], unpublished)).toEqual([
      `contact open dealer-a ${until('2026-03-05')}`,
      `typing open desk ${on('2026-01-01 00:00')}`,
      `contact missed dealer-a ${until('2026-03-05')}`,
    ]);
    const years: Record<string, object> = {};
    const published = { ...unpublished, years };
    const told = lines(text, [['2026-04-01', 'tick']], {
      ...published,
      get years() {
        // Published between the filing and the tick.
        const now = { ...years };
        years['2026'] = { holidays: [], makeUpDays: [] };
        return now;
      },
    });
    expect(told).toContain(`typing missed desk ${until('2026-03-04')}`);
  });
});

describe('however late and however often somebody asks', () => {
  const acts = fc.array(
    fc.record({
      hour: fc.integer({ min: 1, max: 2_000 }),
      what: fc.constantFrom<readonly string[]>(['DepositRecorded'], ['VisitRecorded'], ['sample'], ['Transferred']),
    }),
    { maxLength: 12 },
  );
  const text = dutiesText(daily, sampling, 'name: report, of: filer, every: { hours: 50 }, done: [visit, sample]');
  it('the same is missed, at the same moments, and no gap twice', () => {
    fc.assert(
      fc.property(acts, fc.array(fc.integer({ min: 1, max: 2_100 }), { maxLength: 25 }), (given, ticks) => {
        let holder = 0;
        const steps = given
          .toSorted((one, other) => one.hour - other.hour)
          .map(({ hour: n, what: [what] }): readonly [number, object] => {
            if (what === 'sample') return [n, sampled(hour(n))];
            if (what !== 'Transferred') return [n, done(what!)];
            holder += 1;
            return [n, { type: what, registrationId: id, from: `h${holder - 1}`, to: `h${holder}` }];
          });
        const late = play(text, [...steps.map(([n, event]): Step => [hour(n), event]), [hour(2_200), 'tick']]);
        const punctual = play(
          text,
          [...steps, ...ticks.map((n): readonly [number, 'tick'] => [n, 'tick'])]
            .toSorted(([one], [other]) => one - other)
            .map(([n, event]): Step => [hour(n), event])
            .concat([[hour(2_200), 'tick']]),
        );
        expect(punctual).toEqual(late);
        const misses = late.filter(({ says }) => says.includes('missed')).map(({ says }) => says);
        expect(new Set(misses).size).toBe(misses.length);
      }),
      { numRuns: 200 },
    );
  });
});
