import fc from 'fast-check';
import type { Placed } from '#event-sourcing/decision.js';
import type { Code, CommandId, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { policyOf, rehearsalText } from '../dossier/testing/rehearsal.js';
import { calendarFromChineseDays, type WorkingCalendar } from '#time/calendar.js';
import { addMilliseconds, parseInstant } from '#time/instant.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import type { PartyFacts } from '../party/facts.js';
import type { Standing } from '../standing/facts.js';
import type { WorkEvent } from './events.js';
import { noWork, type Work } from './facts.js';
import { foldPlaced, setPeriods } from './set-periods.js';

const programId = 'p' as ProgramId;
const id = 'outlet-1' as PartyId;
const at = (text: string): Instant =>
  parseInstant(`${text.length === 10 ? `${text} 00:00` : text}`.replace(' ', 'T') + ':00+08:00', 'Asia/Shanghai');
const duty = (name: string, rest: string): string =>
  `  - { name: ${name}, title: { zh: ${name}, en: ${name} }, of: { each: director }, done: dayReport, ${rest} }\n`;

interface Stage {
  readonly text: string;
  readonly roles?: PartyFacts['roles'];
  readonly calendar?: WorkingCalendar;
}
const held = (from: string, until?: string): PartyFacts['roles'] => [
  { value: 'director' as never, from: at(from), ...(until === undefined ? {} : { until: at(until) }) },
];
const regimes = new Map<string, ReturnType<typeof policyOf>>();
/** What the log says, told like a story: acts are recorded, the tick looks, and each says what it found. */
const telling = ({ text, roles = held('2025-01-01'), calendar = calendarFromChineseDays() }: Stage) => {
  const written = rehearsalText({
    'timeZone: Asia/Shanghai': 'timeZone: Asia/Shanghai\ncalendar: china',
    'review:\n': `periodicDuties:\n${text}review:\n`,
  });
  const policy = regimes.get(written) ?? policyOf(written);
  regimes.set(written, policy);
  const published = {
    version: policy.version as Code,
    digest: policy.digest as Code,
    text: written,
    meanings: [],
    effectiveFrom: at('2025-01-01'),
    publishedAt: at('2025-01-01'),
  };
  const facts = (now: Instant): DecisionFacts =>
    ({
      now,
      programId,
      program: { programId, policies: [published] },
      command: { commandId: 'c' as CommandId, by: id, receivedAt: now, receivedBy: 'system' as Code },
      under: () => ({ policy, calendar }),
    }) as unknown as DecisionFacts;
  const party = {
    id,
    facts: { partyId: id, roles, memberships: [] } as PartyFacts,
    standing: { offences: [] } as Standing,
  };
  let work: Work = noWork;
  const said: string[] = [];
  const tell = (events: readonly Placed[], now: Instant): void => {
    for (const placed of events as readonly Placed<WorkEvent>[]) {
      work = foldPlaced(work, placed, facts(now));
      const { event } = placed;
      if (event.type === 'PeriodicDutyMissed') said.push(`${event.duty} missed ${event.since} short ${event.short}`);
      if (event.type === 'PeriodicDutySet' && event.state !== 'over')
        said.push(`${event.duty} ${event.state} ${event.since}`);
    }
  };
  return {
    said,
    work: () => work,
    look: (now: Instant, from?: Instant) => {
      const found = setPeriods({ facts: facts(now), work, party }, from);
      tell(found.events, now);
      return found;
    },
    record: (now: Instant, happenedAt = now) => {
      const fact: Placed<WorkEvent> = {
        stream: 'work-p/outlet-1' as never,
        event: { type: 'WorkCounted', programId, partyId: id, by: id, activity: 'dayReport' as Code, happenedAt },
      };
      tell([fact], now);
      tell(setPeriods({ facts: facts(now), work, party }).events, now);
    },
  };
};
const hour = (n: number): Instant => addMilliseconds(at('2026-01-01'), n * 3_600_000);

describe('duties by period', () => {
  it('each period is missed once, at the moment when it was due, however often somebody looks', () => {
    const story = telling({ text: duty('lists', 'each: day, by: "17:30"') });
    story.look(at('2026-03-02 08:00'), at('2026-03-02 08:00'));
    story.look(at('2026-03-02 17:30'));
    expect(story.look(at('2026-03-02 17:30')).events).toEqual([]);
    story.look(at('2026-03-04 09:00'));
    expect(story.said.filter((each) => each.includes('missed'))).toEqual([
      `lists missed ${at('2026-03-02')} short 1`,
      `lists missed ${at('2026-03-03')} short 1`,
    ]);
  });
  it('who gets the role within a period owes the next; who has lost it when it is due owes nothing', () => {
    const late = telling({ text: duty('monthly', 'each: month'), roles: held('2026-03-10') });
    late.look(at('2026-03-10'), at('2026-03-10'));
    late.look(at('2026-06-15'));
    expect(late.said.filter((each) => each.includes('missed'))).toEqual([
      `monthly missed ${at('2026-04-01')} short 1`,
      `monthly missed ${at('2026-05-01')} short 1`,
    ]);
    const gone = telling({ text: duty('monthly', 'each: month'), roles: held('2025-01-01', '2026-04-20') });
    gone.look(at('2026-03-10'), at('2026-03-10'));
    gone.look(at('2026-06-15'));
    expect(gone.said.filter((each) => each.includes('missed'))).toEqual([`monthly missed ${at('2026-03-01')} short 1`]);
    expect([...gone.work().duties.values()].map(({ state }) => state)).toEqual(['over']);
  });
  it('a report of a quarter is handed in until the sixth of the next, and counts for one quarter alone', () => {
    const story = telling({ text: duty('credit', 'each: quarter, by: { day: 6, of: next }') });
    story.look(at('2026-02-01'), at('2026-02-01'));
    story.record(at('2026-04-03'));
    story.look(at('2026-07-08'));
    expect(story.said).toEqual([
      `credit open ${at('2026-01-01')}`,
      `credit done ${at('2026-01-01')}`,
      `credit open ${at('2026-04-01')}`,
      `credit missed ${at('2026-04-01')} short 1`,
      `credit open ${at('2026-07-01')}`,
    ]);
  });
  it('what is counted is counted within its period, and says how many are missing', () => {
    const story = telling({ text: duty('points', 'each: month, atLeast: 3') });
    story.look(at('2026-03-01'), at('2026-03-01'));
    story.record(at('2026-03-05'));
    story.record(at('2026-04-01 09:00'), at('2026-03-31 20:00'));
    story.record(at('2026-04-02'));
    story.look(at('2026-05-01'));
    expect(story.said.filter((each) => each.includes('missed'))).toEqual([
      `points missed ${at('2026-03-01')} short 2`,
      `points missed ${at('2026-04-01')} short 2`,
    ]);
  });
  it('a year whose working days nobody published holds up its own duty alone, until they are', () => {
    const years: Record<string, object> = { ...calendarFromChineseDays().years };
    const story = telling({
      text: duty('checks', 'each: workingDay') + duty('daily', 'each: day'),
      calendar: { id: 'china', version: '1', years } as WorkingCalendar,
    });
    story.look(at('2026-12-31 08:00'), at('2026-12-31 08:00'));
    const found = story.look(at('2027-01-05 08:00'));
    expect(found.heldUp?.year).toBe('2027');
    expect(story.said.filter((each) => each.startsWith('checks missed'))).toHaveLength(1);
    expect(story.said.filter((each) => each.startsWith('daily missed'))).toHaveLength(5);
    years['2027'] = { holidays: ['2027-01-01'], makeUpDays: [] };
    story.look(at('2027-01-05 09:00'));
    expect(story.said.filter((each) => each.startsWith('checks missed'))).toEqual([
      `checks missed ${at('2026-12-31')} short 1`,
      `checks missed ${at('2027-01-04')} short 1`,
    ]);
  });
  it('a daily duty over three years is looked at late, and in pieces', () => {
    const story = telling({ text: duty('daily', 'each: day') });
    story.look(at('2023-01-01'), at('2023-01-01'));
    for (let looks = 0; looks < 20; looks += 1) if (story.look(at('2027-12-31')).events.length === 0) break;
    // Under a version that began on 1 January 2025.
    expect(story.said.filter((each) => each.includes('missed'))).toHaveLength(365 * 2 + 364);
  });
});

describe('however late and however often somebody looks', () => {
  const text =
    duty('lists', 'each: day, by: "17:30"') +
    duty('weekly', 'each: week, atLeast: 2') +
    duty('plan', 'each: week, by: { day: 2, of: next, time: "09:00" }') +
    duty('checks', 'each: workingDay') +
    duty('trained', 'every: { days: 9, counting: exclusive }');
  it('the same is missed and made good, and nothing twice', () => {
    const met = { missed: 0, done: 0 };
    fc.assert(
      fc.property(
        fc.array(fc.record({ hour: fc.integer({ min: 1, max: 900 }), back: fc.integer({ min: 0, max: 40 }) }), {
          maxLength: 40,
        }),
        fc.array(fc.integer({ min: 1, max: 950 }), { maxLength: 40 }),
        fc.integer({ min: 200, max: 2_000 }),
        (acts, ticks, ends) => {
          const roles: PartyFacts['roles'] = [
            { value: 'director' as never, from: at('2025-01-01'), until: hour(ends) },
          ];
          const play = (looks: readonly number[]): readonly string[] => {
            const story = telling({ text, roles });
            story.look(hour(0), hour(0));
            const steps = [
              ...acts.map(({ hour: n, back }) => ({ n, run: () => story.record(hour(n), hour(n - back)) })),
              ...looks.map((n) => ({ n, run: () => void story.look(hour(n)) })),
            ].toSorted((one, other) => one.n - other.n);
            for (const { run } of steps) run();
            story.look(hour(1_000));
            return story.said.toSorted();
          };
          const late = play([]);
          expect(play(ticks)).toEqual(late);
          const misses = late.filter((each) => each.includes('missed'));
          expect(new Set(misses).size).toBe(misses.length);
          met.missed += misses.length;
          met.done += late.filter((each) => each.includes('done')).length;
        },
      ),
      { numRuns: 25, seed: 21 },
    );
    expect(met.missed).toBeGreaterThan(200);
    expect(met.done).toBeGreaterThan(100);
  });
});
