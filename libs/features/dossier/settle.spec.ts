import fc from 'fast-check';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { addMilliseconds } from '#time/instant.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { deadlinesOf, type Deadline } from './deadlines.js';
import { applyDossier, emptyDossier, type Dossier } from './dossier.js';
import type { CaseId, DossierEvent, DossierId, RegistrationId, ReviewStage } from './events.js';
import type { PlacedEvent } from './placed.js';
import { DeadlineStuckError, settle } from './settle.js';
import { on, policyOf, programId, rehearsalText } from './testing/rehearsal.js';

const policy = policyOf(rehearsalText());
const facts = (now: Instant): FactsInForce =>
  ({ now, command: { by: 'baobei-clock' }, inForce: { policy }, under: () => ({ policy }) }) as unknown as FactsInForce;

const begins = on('2026-03-02');
const day = 86_400_000;
const hours = (count: number): Instant => addMilliseconds(begins, count * 3_600_000);
const happened = (dossier: Dossier, event: object): Dossier =>
  applyDossier(dossier, {
    event: event as DossierEvent,
    policy: policy.reference as Code,
    at: begins,
    by: { party: 'dealer-a' as PartyId },
  });

/** One waiting claim: until when somebody may answer it, and what follows then. */
interface Waiting {
  readonly dueIn: number;
  readonly onTimeout: ReviewStage['onTimeout'];
}
interface Story {
  readonly waiting: readonly Waiting[];
  /** Hours that the first claim is protected for, if it is, and those after which its standstill ends. */
  readonly held?: number;
  readonly standsStill?: number;
  /** Days that its clock then still has to give. */
  readonly left?: number;
}
const id = (n: number): RegistrationId => `d1.${n}` as RegistrationId;
const filed = (n: number, review?: object): object => ({
  type: 'Registered',
  registrationId: id(n),
  programId,
  holder: `dealer-${n}`,
  class: 'reviewed',
  rankedAt: begins,
  details: {},
  review,
});
const dossierOf = ({ waiting, held, standsStill, left = 3 }: Story): Dossier => {
  const events: object[] = [{ type: 'DossierOpened', dossierId: 'd1' as DossierId, programId }];
  if (held !== undefined) {
    const protection = { startsAt: begins, endsAt: hours(held), lastDay: '2026-03-02' };
    events.push(filed(1), { type: 'Approved', registrationId: id(1), holder: 'dealer-1', class: 'walkIn', protection });
  }
  if (held !== undefined && standsStill !== undefined)
    events.push({
      type: 'ConflictRaised',
      caseId: 'd1.c1' as CaseId,
      cause: 'secondClaim',
      claims: [id(1)],
      arbiters: [],
      suspended: {
        registrationId: id(1),
        at: begins,
        left: { unit: 'days', days: left, ends: '24:00' },
        until: hours(standsStill),
      },
    });
  for (const [index, { dueIn, onTimeout }] of waiting.entries())
    events.push(
      filed(index + 2, { step: 'check', index: 0, chain: ['check'], roles: [], dueAt: hours(dueIn), onTimeout }),
    );
  return events.reduce(happened, emptyDossier);
};

/** What is recorded, without the moment at which somebody came to record it. */
const ruled = ({ source, ...placed }: PlacedEvent) =>
  JSON.stringify({ ...placed, actor: source?.actor, occurredAt: source?.occurredAt });

const story = fc.record(
  {
    waiting: fc.array(
      fc.record({
        dueIn: fc.integer({ min: 1, max: 2_000 }),
        onTimeout: fc.constantFrom('approve', 'reject', 'escalate', 'none'),
      }) as fc.Arbitrary<Waiting>,
      { maxLength: 12 },
    ),
    held: fc.integer({ min: 1, max: 500 }),
    standsStill: fc.integer({ min: 1, max: 700 }),
    left: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ['waiting'] },
);

describe('what time alone decides', () => {
  it('is the same, however late and however often somebody asks', () => {
    fc.assert(
      fc.property(story, fc.array(fc.integer({ min: 0, max: 4_000 }), { maxLength: 20 }), (given, ticks) => {
        const last = hours(4_000);
        const late = settle(dossierOf(given), facts(last));
        const ticked: PlacedEvent[] = [];
        let dossier = dossierOf(given);
        for (const now of [...ticks.toSorted((one, other) => one - other).map(hours), last]) {
          const settled = settle(dossier, facts(now));
          ticked.push(...settled.due);
          dossier = settled.dossier;
        }
        expect(ticked.map(ruled)).toEqual(late.due.map(ruled));
        expect(deadlinesOf(dossier)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is the same when each deadline is met at its own instant', () => {
    fc.assert(
      fc.property(story, (given) => {
        const late = settle(dossierOf(given), facts(hours(4_000)));
        const punctual: PlacedEvent[] = [];
        let dossier = dossierOf(given);
        for (;;) {
          const next = deadlinesOf(dossier)
            .map(({ dueAt }) => dueAt)
            .toSorted()[0];
          if (next === undefined) break;
          const settled = settle(dossier, facts(next));
          punctual.push(...settled.due);
          dossier = settled.dossier;
        }
        expect(punctual.map(ruled)).toEqual(late.due.map(ruled));
      }),
      { numRuns: 500 },
    );
  });

  it('has no ceiling: a dossier in which a thousand deadlines have come is settled whole', () => {
    const waiting = Array.from({ length: 1_000 }, (_, n): Waiting => ({ dueIn: n + 1, onTimeout: 'reject' }));
    expect(settle(dossierOf({ waiting }), facts(hours(2_000))).due).toHaveLength(1_000);
  });

  it('frees the customer before a review of the same instant answers itself', () => {
    const given: Story = { held: 24, waiting: [{ dueIn: 24, onTimeout: 'approve' }] };
    expect(settle(dossierOf(given), facts(hours(24))).due.map(({ event }) => event.type)).toEqual([
      'Abandoned',
      'Approved',
    ]);
  });

  it('goes on for as many years of daily deadlines as nobody asked', () => {
    const dossier = dossierOf({ waiting: [] });
    let days = 0;
    const daily = (): readonly Deadline[] => [
      {
        kind: 'review',
        owner: id(1),
        dueAt: addMilliseconds(begins, (days + 1) * day),
        fires: () => {
          days += 1;
          return [];
        },
      },
    ];
    settle(dossier, facts(addMilliseconds(begins, 3 * 365 * day)), daily);
    expect(days).toBe(3 * 365);
  });

  it('throws, with the dossier and the deadline, where a deadline that was met stands where it stood', () => {
    const stuck = (): readonly Deadline[] => [{ kind: 'expiry', owner: id(1), dueAt: begins, fires: () => [] }];
    expect(() => settle(dossierOf({ waiting: [] }), facts(hours(1)), stuck)).toThrow(DeadlineStuckError);
    expect(() => settle(dossierOf({ waiting: [] }), facts(hours(1)), stuck)).toThrow(/expiry of d1\.1 in dossier d1/);
  });
});
