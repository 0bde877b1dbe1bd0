import fc from 'fast-check';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { happeningOf, personal, type Recorded } from '#event-sourcing/event.js';
import { partly, type Asked } from '#event-sourcing/testing/given-when-then.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { CommandId, Fen, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import { addFen } from '#money/fen.js';
import { catalogue } from '../../../edge/catalogue.js';
import { applyDossier, emptyDossier, type Dossier } from '../../dossier.js';
import type { CaseId, DealId, DealLine, DossierEvent, RegistrationId } from '../../events.js';
import {
  agreeingSplit,
  approving,
  arbitrating,
  meetingDeadlines,
  recordingDeal,
  registering,
  rescindingVerdict,
} from '../../testing/asks.js';
import { mayOnly, permits } from '../../testing/follows.js';
import {
  approved,
  arbitrated,
  conflictRaised,
  held,
  inDossier,
  maybeOneRaised,
  registered,
  rejected,
  released,
  resumed,
  terminated,
  window,
} from '../../testing/past.js';
import { endOfLastDay, engineOn, given, on, openingOf, rehearsalText, under } from '../../testing/rehearsal.js';

const byReviewer = permits('rescindRuling', 'reviewer');
const back = (revived: readonly string[], leftEnded: readonly string[] = [], hanging = 0) => ({
  type: 'VerdictRescinded',
  caseId: 'd1.c1',
  verdict: expect.any(String),
  revived,
  leftEnded,
  hangingOnIt: Array.from({ length: hanging }, () => expect.any(String)),
  grounds: personal('误判'),
  because: [byReviewer],
});
const restores = (registrationId: string, rulingType: string, restored: object) =>
  partly({
    type: 'RulingRescinded',
    registrationId,
    rulingType,
    restored: { class: 'walkIn', extensionCount: 0, ...restored },
  });
const raises = (claims: readonly string[], more: object = {}) =>
  partly({ type: 'ConflictRaised', caseId: 'd1.c1', cause: 'secondClaim', claims, ...more });
/** Its clock stands still again, with what was left of it when the case was raised. */
const still = (registrationId = 'd1.1') => ({
  suspended: { registrationId, at: on('2026-03-02'), left: { unit: 'days', days: 5, ends: '24:00' } },
});

describe('rescind a verdict', () => {
  const inCase = [...held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised()];
  const at = '2026-03-05';
  const forHolder = [
    ...inCase,
    arbitrated({ winner: 1, at: '2026-03-03' }),
    rejected({ n: 2, at: '2026-03-03', cause: 'verdict' }),
    resumed({ at: '2026-03-03', until: '2026-03-07' }),
  ];
  const forRival = [
    ...inCase,
    arbitrated({ winner: 2, at: '2026-03-03' }),
    terminated({ at: '2026-03-03', cause: 'verdict' }),
    approved({ n: 2, holder: 'dealer-b', at: '2026-03-03', until: '2026-03-10' }),
  ];

  it('lets both claims wait for a verdict again, the clock standing still with what was left', () =>
    given(forHolder)
      .when(rescindingVerdict({ at }))
      .then(
        back(['d1.1', 'd1.2']),
        restores('d1.1', 'Arbitrated', { state: 'protected', protection: window('2026-03-09'), shares: [] }),
        restores('d1.2', 'Rejected', { state: 'underReview' }),
        raises(['d1.1', 'd1.2'], still()),
      ));
  it('gives the one who held his clock back, and takes it from the rival', () =>
    given(forRival)
      .when(rescindingVerdict({ at }))
      .then(
        back(['d1.1', 'd1.2']),
        restores('d1.1', 'Terminated', { state: 'protected', protection: window('2026-03-09') }),
        restores('d1.2', 'Approved', { state: 'underReview', shares: [] }),
        raises(['d1.1', 'd1.2'], still()),
      ));
  it('a clock that would have gone on without a verdict goes on from there', () =>
    given(...held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised({ until: '2026-03-06' }), forRival.slice(3))
      .when(rescindingVerdict({ at: '2026-03-07' }))
      .then(
        back(['d1.1', 'd1.2']),
        restores('d1.1', 'Terminated', { state: 'protected', protection: window('2026-03-09') }),
        restores('d1.2', 'Approved', { state: 'underReview', shares: [] }),
        raises(['d1.1', 'd1.2'], { suspended: { ...still().suspended, until: on('2026-03-06') } }),
        partly({ type: 'Resumed', registrationId: 'd1.1', protection: window('2026-03-10') }),
      ));
  it('leaves what its holder has let go since, and the clock that it had by the verdict never ran', () =>
    given(forRival, released({ n: 2, by: 'dealer-b', at: '2026-03-04' }))
      .when(rescindingVerdict({ at }))
      .then(
        back(['d1.1'], ['d1.2'], 1),
        restores('d1.1', 'Terminated', { state: 'protected', protection: window('2026-03-09') }),
        restores('d1.2', 'Approved', { state: 'released', shares: [] }),
        raises(['d1.1', 'd1.2'], still()),
      ));
  it('takes nothing from whoever is protected by now', () =>
    given(
      forRival,
      released({ n: 2, by: 'dealer-b', at: '2026-03-04' }),
      held({ n: 3, by: 'dealer-c', at: '2026-03-04 12:00', until: '2026-03-11' }),
    )
      .when(rescindingVerdict({ at }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-11') }));
  it('is refused where nobody decided, and taken back once', async () => {
    await given(inCase).when(rescindingVerdict({ at })).thenRefused('NotDecided');
    await given(inCase)
      .when(rescindingVerdict({ n: 9, at }))
      .thenRefused('CaseUnknown');
  });
  it('is refused while a later verdict rests on its claims, or another case is open', async () => {
    const claims = ['d1.1', 'd1.2'] as RegistrationId[];
    const second = { caseId: 'd1.c2' as CaseId, because: [] as unknown as Reasons };
    const objected = inDossier(
      { by: 'dealer-b', at: '2026-03-04' },
      { type: 'ConflictRaised', ...second, cause: 'objection', claims, arbiters: [] },
    );
    const decidedAgain = inDossier(
      { by: 'arbiter', at: '2026-03-04' },
      { type: 'Arbitrated', ...second, outcome: 'assign', winner: claims[0]!, reasons: personal('先到') },
    );
    await given(forHolder, objected).when(rescindingVerdict({ at })).thenRefused('InCase');
    await given(forHolder, objected, decidedAgain).when(rescindingVerdict({ at })).thenRefused('LaterVerdict');
  });
  it('is refused where it says whether two customers are one: that lies in both their dossiers', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002', account: 'wang' }),
      maybeOneRaised({ elsewhere: ['d2'], daysLeft: 5 }),
      maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'], daysLeft: 5 }),
      arbitrated({ outcome: 'distinct', at: '2026-03-03' }),
    )
      .when(rescindingVerdict({ at }))
      .thenRefused('RuledOnSubjects'));
  it('is nobody’s in their own cause, and for whoever may take rulings back', async () => {
    await given(forHolder)
      .when(rescindingVerdict({ by: 'dealer-b', at }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer'));
    await under({
      'rescindRuling, grantPermission': 'grantPermission',
      'may: arbitrate, roles: arbiter': 'may: [arbitrate, rescindRuling], roles: [arbiter, party]',
    })
      .given(forHolder)
      .when(rescindingVerdict({ by: 'dealer-b', at }))
      .thenRefused('OwnCause');
  });
});

/** What happens to one customer: who files, what the arbiter says, and what comes after it. */
interface Plot {
  readonly first: 'walkIn' | 'reviewed' | 'appointment';
  readonly rival: 'walkIn' | 'reviewed' | 'appointment';
  readonly third: 'walkIn' | 'reviewed' | 'nothing';
  readonly split: boolean;
  readonly outcome: 'assign' | 'split' | 'release';
  readonly winner: number;
  /** Days between the verdict and its taking back: the suspension ends by itself after 15. */
  readonly days: number;
  readonly deals: readonly number[];
}
const filed = fc.constantFrom('walkIn' as const, 'reviewed' as const, 'appointment' as const);
const plots: fc.Arbitrary<Plot> = fc.record({
  first: filed,
  rival: filed,
  third: fc.constantFrom('walkIn' as const, 'reviewed' as const, 'nothing' as const),
  split: fc.boolean(),
  outcome: fc.constantFrom('assign' as const, 'split' as const, 'release' as const),
  winner: fc.integer({ min: 1, max: 3 }),
  days: fc.integer({ min: 0, max: 30 }),
  deals: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 3 }),
});
const day = (count: number): string => new Date(Date.UTC(2026, 2, 3 + count)).toISOString().slice(0, 10);
const shares = ['dealer-a', 'dealer-b'].map((partyId, index) => ({ partyId: partyId as PartyId, weight: 2 - index }));

describe('a verdict, taken back', () => {
  /** One customer from the first filing on; without a verdict the same deals are recorded while the case is open. */
  const played = async (plot: Plot, withVerdict: boolean) => {
    const on = await stage();
    const files = (by: string, name: string, at: string) =>
      on.send(`file-${by}`, registering({ by, class: name, at: `2026-03-02 ${at}` }));
    await files('dealer-a', plot.first, '10:00');
    if (plot.first === 'reviewed') await on.send('yes', approving({ dossier: on.id(), at: '2026-03-02 10:30' }));
    if (plot.split) await on.send('split', agreeingSplit({ dossier: on.id(), shares, at: '2026-03-02 10:40' }));
    await files('dealer-b', plot.rival, '11:00');
    if (plot.third !== 'nothing') await files('dealer-c', plot.third, '12:00');
    const found = [...on.dossier().cases.values()][0];
    if (found === undefined) return undefined;
    const about = { dossier: on.id() };
    const holders = new Map(found.claims.map((id) => [id, on.dossier().registrations.get(id)!.holder]));
    const winnerId = found.claims[Math.min(plot.winner, found.claims.length) - 1]!;
    const says = {
      outcome: plot.outcome,
      ...(plot.outcome === 'release' ? {} : { winnerId }),
      ...(plot.outcome === 'split'
        ? { shares: [...holders.values()].slice(0, 2).map((partyId) => ({ partyId, weight: 1 })) }
        : {}),
    };
    if (withVerdict) expect(await on.send('verdict', arbitrating({ ...about, ...says, at: day(0) }))).toBe('accepted');
    const signed = plot.deals.filter((each) => each <= plot.days).toSorted((one, other) => one - other);
    for (const [index, each] of signed.entries())
      expect(
        await on.send(`deal-${index}`, recordingDeal({ ...about, closedBy: 'dealer-c', at: `${day(each)} 18:00` })),
      ).toBe('accepted');
    const at = `${day(plot.days)} 19:00`;
    const answer = withVerdict ? await on.send('back', rescindingVerdict({ ...about, at })) : 'accepted';
    await on.send('time', meetingDeadlines({ ...about, at }));
    return { ...on, answer };
  };

  it('leaves every claim and every deal as if nobody had ever decided', async () => {
    let compared = 0;
    let reversed = 0;
    await fc.assert(
      fc.asyncProperty(plots, async (plot) => {
        const [never, once] = [await played(plot, false), await played(plot, true)];
        if (never === undefined || once === undefined || once.answer !== 'accepted') return;
        compared += 1;
        expect(standings(once.dossier())).toEqual(standings(never.dossier()));
        expect(credits(once.dossier())).toEqual(credits(never.dossier()));
        expect([...once.dossier().cases.values()].map(({ state }) => state)).toEqual(['open']);
        for (const [dealId, lines] of once.lines()) {
          const { amount, credited } = once.dossier().deals.get(dealId)!;
          reversed += lines.filter((line) => line.performance.startsWith('-')).length;
          expect(addFen('0' as Fen, ...lines.map(({ performance }) => performance))).toBe(
            credited!.lines.length === 0 ? '0' : amount,
          );
          expect(addFen('0' as Fen, ...lines.map(({ commission = '0' as Fen }) => commission))).toBe(
            credited!.commission ?? '0',
          );
        }
      }),
      { numRuns: 120, seed: 20_260_307 },
    );
    expect(compared).toBeGreaterThan(30);
    expect(reversed).toBeGreaterThan(0);
  });
});

const standings = ({ registrations }: Dossier): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...registrations.values()].map(
      ({ id, holder, state, protection, review, closedAt, extension, class: name, sharesBasis, ...more }) => {
        const before = 'before' in more ? { caseId: more.caseId, before: more.before } : {};
        return [
          id,
          { holder, state, protection, review, closedAt, extension, name, shares: more.shares, sharesBasis, ...before },
        ];
      },
    ),
  );
const credits = ({ deals }: Dossier): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...deals.values()].map(({ id, credited }) => [id, { ...credited, id: undefined, at: undefined }]),
  );

const stage = async () => {
  const { events: opening, keyStore } = await openingOf(
    rehearsalText({ 'pendingSecondClaim: queue': 'pendingSecondClaim: case' }),
  );
  const journal = memoryJournal();
  await journal.append(opening, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(on('2026-03-02'));
  const engine = engineOn({ log, keyStore, clock, seed: 'rescind-verdict' });
  const dossiers = new Map<string, Dossier>();
  const lines = new Map<DealId, DealLine[]>();
  const take = (recorded: Recorded<DossierEvent>): void => {
    const { stream, event } = recorded;
    if (!stream.startsWith('dossier-')) return;
    dossiers.set(stream, applyDossier(dossiers.get(stream) ?? emptyDossier, happeningOf(recorded)));
    if (event.type === 'Attributed' || event.type === 'AttributionReversed')
      lines.set(event.dealId, [...(lines.get(event.dealId) ?? []), ...event.lines]);
  };
  const dossier = (): Dossier => [...dossiers.values()][0]!;
  return {
    dossier,
    lines: (): ReadonlyMap<DealId, readonly DealLine[]> => lines,
    id: (): string => dossier().id!,
    send: async (id: string, { at, handling }: Asked): Promise<string> => {
      clock.set(at);
      const head = await log.head();
      const { outcome } = await engine.handle(handling(id as CommandId, clock));
      for (const stored of (await log.readAll(head)).events)
        take(decodeEvent(stored, catalogue) as unknown as Recorded<DossierEvent>);
      return outcome;
    },
  };
};
