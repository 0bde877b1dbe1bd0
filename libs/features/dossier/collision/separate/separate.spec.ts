import fc from 'fast-check';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { partly, type Asked } from '#event-sourcing/testing/given-when-then.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import { happeningOf, type Recorded } from '#event-sourcing/event.js';
import type { CommandId } from '#event-sourcing/vocabulary.js';
import { catalogue } from '../../../edge/catalogue.js';
import { applyDossier, emptyDossier, protecting, type Dossier } from '../../dossier.js';
import type { DossierEvent } from '../../events.js';
import { arbitrating, registering, rejoining, separating } from '../../testing/asks.js';
import { mayOnly, protects, separates } from '../../testing/follows.js';
import {
  arbitrated,
  held,
  maybeOneRaised,
  merged,
  registered,
  rejected,
  released,
  separated,
  terminated,
  window,
} from '../../testing/past.js';
import { engineOn, given, on, openingOf, rehearsalText, under } from '../../testing/rehearsal.js';

describe('separate', () => {
  /** What the merge ended, given back. */
  const livesAgain = (registrationId: string, restored: Readonly<Record<string, unknown>>) =>
    partly({ type: 'RulingRescinded', registrationId, restored: { class: 'walkIn', extensionCount: 0, ...restored } });
  const second = { dossier: 'd2', phone: '13800000002', account: 'wang' };
  const endedByMerge = terminated({ dossier: 'd2', at: '2026-03-03', cause: 'sameSubject' });
  const mergedAway = merged({ from: 'd2', into: 'd1', at: '2026-03-03' });
  const merging = [held(), held(second), endedByMerge, mergedAway];

  it('gives a protection back with the clock that it had, in the dossier where it was', () =>
    given(...merging)
      .when(separating({ at: '2026-03-05' }))
      .then(
        separates('d2', 'd1', 'd2', { revived: ['d2.1'] }),
        livesAgain('d2.1', { state: 'protected', protection: window('2026-03-09') }),
        separates('d2', 'd1', 'd1', { revived: ['d2.1'] }),
      ));
  it('lets a clock that would have run out meanwhile have run out', () =>
    given(...merging)
      .when(separating({ at: '2026-03-12' }))
      .then(
        partly({ type: 'Abandoned', registrationId: 'd1.1' }),
        separates('d2', 'd1', 'd1', { revived: ['d2.1'] }),
        separates('d2', 'd1', 'd2', { revived: ['d2.1'] }),
        livesAgain('d2.1', { state: 'expired', ended: window('2026-03-09') }),
      ));
  it('is one append over both dossiers: there is no half of it that a crash could leave', async () => {
    const { events } = await given(...merging)
      .when(separating({ at: '2026-03-05' }))
      .then(
        separates('d2', 'd1', 'd2', { revived: ['d2.1'] }),
        livesAgain('d2.1', { state: 'protected', protection: window('2026-03-09') }),
        separates('d2', 'd1', 'd1', { revived: ['d2.1'] }),
      );
    expect(new Set(events.map(({ stream }) => stream))).toEqual(new Set(['dossier-d1', 'dossier-d2']));
    expect(events.map(({ command: { step, of } }) => `${step} of ${of}`)).toEqual(['1 of 3', '2 of 3', '3 of 3']);
  });
  it('takes back a verdict that two customers are one: each clock goes on with what was left of it', () =>
    given(
      held(),
      held(second),
      maybeOneRaised({ elsewhere: ['d2'], daysLeft: 5 }),
      maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'], daysLeft: 5 }),
      arbitrated({ dossier: 'd2', outcome: 'sameSubject', at: '2026-03-03' }),
      terminated({ dossier: 'd2', at: '2026-03-03', cause: 'verdict' }),
      mergedAway,
      arbitrated({ outcome: 'sameSubject', winner: 1, at: '2026-03-03' }),
    )
      .when(separating({ at: '2026-03-05' }))
      .then(
        separates('d2', 'd1', 'd2', { revived: ['d2.1'] }),
        livesAgain('d2.1', { state: 'protected', protection: window('2026-03-09') }),
        separates('d2', 'd1', 'd1', { revived: ['d2.1'] }),
      ));
  it('leaves what the same verdict ended beside somebody who is protected now, and names it', () =>
    given(
      held(),
      registered({ n: 2, by: 'dealer-c', class: 'reviewed' }),
      held(second),
      maybeOneRaised({ claims: [1, 2], elsewhere: ['d2'] }),
      maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] }),
      arbitrated({ dossier: 'd2', outcome: 'assign', at: '2026-03-03' }),
      terminated({ dossier: 'd2', at: '2026-03-03', cause: 'verdict' }),
      mergedAway,
      arbitrated({ outcome: 'assign', winner: 1, at: '2026-03-03' }),
      rejected({ n: 2, at: '2026-03-03', cause: 'verdict' }),
    )
      .when(separating({ at: '2026-03-05' }))
      .then(
        separates('d2', 'd1', 'd2', { revived: ['d2.1'], leftEnded: ['d1.2'] }),
        livesAgain('d2.1', { state: 'protected', protection: window('2026-03-09') }),
        separates('d2', 'd1', 'd1', { revived: ['d2.1'], leftEnded: ['d1.2'] }),
      ));

  it('lets each key find its own dossier again, and joins the two by no form', async () => {
    const apart = [...merging, separated({ from: 'd2', into: 'd1', at: '2026-03-04' })];
    await given(...apart)
      .when(registering({ by: 'dealer-b', form: { name: '王芳', account: 'wang' }, at: '2026-03-05' }))
      .then(
        partly({ type: 'Registered', registrationId: 'd2.2' }),
        protects('d2.2', { of: 'dealer-b', from: '2026-03-05', until: '2026-03-12' }),
      );
    await given(...apart)
      .when(registering({ by: 'dealer-a', account: 'wang', at: '2026-03-05' }))
      .thenRefused('KeysOfSeveral');
  });

  it('is refused while somebody lives who has filed since by the keys of the one alone', () =>
    given(
      ...merging,
      released({ at: '2026-03-04' }),
      registered({ n: 2, by: 'dealer-b', class: 'reviewed', at: '2026-03-04', keysOf: ['d2'] }),
    )
      .when(separating({ at: '2026-03-05' }))
      .thenRefused('FiledSinceMerge', { claims: ['d1.2'] }));
  it('is refused for what was never merged, and to whoever may not take rulings back', async () => {
    await given(held())
      .when(separating({ dossier: 'd1' }))
      .thenRefused('NotMerged');
    await given(held())
      .when(separating({ dossier: 'd9' }))
      .thenRefused('SubjectUnknown');
    await given(...merging)
      .when(separating({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer'));
  });
  it('is nobody’s in their own cause: neither of a claim that it revives, nor beside one of their own', async () => {
    const byDealers = {
      'rescindRuling, grantPermission': 'grantPermission',
      'may: arbitrate, roles: arbiter': 'may: [arbitrate, rescindRuling], roles: [arbiter, party]',
    };
    await under(byDealers)
      .given(held(), held({ ...second, by: 'dealer-b' }), endedByMerge, mergedAway)
      .when(separating({ by: 'dealer-b', at: '2026-03-05' }))
      .thenRefused('OwnCause');
    await under(byDealers)
      .given(held({ by: 'dealer-b' }), held(second), endedByMerge, mergedAway)
      .when(separating({ by: 'dealer-b', at: '2026-03-05' }))
      .thenRefused('OwnCause');
  });
});

/** What a party files for one of two customers, if anything; the first has the telephone, the second the account. */
type Filing = 'walkIn' | 'reviewed' | 'appointment' | 'nothing';
const filings = fc.constantFrom<Filing>('walkIn', 'reviewed', 'appointment', 'nothing');
const first = { name: '王芳', phone: '13800000001' };
const other = { name: '王芳', account: 'wang' };
const both = { ...first, ...other };

describe('taking a merge back', () => {
  it('gives each claim back as it stood, apart from the rulings on it and the time for its review', () =>
    fc.assert(
      fc.asyncProperty(fc.array(filings, { maxLength: 2 }), filings, filings, async (theirs, mine, crossing) => {
        const { send, dossiers } = await stage({ 'ownRepeat: refuse': 'ownRepeat: renew' });
        for (const [index, each] of theirs.entries())
          if (each !== 'nothing')
            await send(`mine-${index}`, registering({ by: 'dealer-a', class: each, form: first, at: '2026-03-02' }));
        if (mine !== 'nothing')
          await send('other', registering({ by: 'dealer-a', class: mine, form: other, at: '2026-03-02 11:00' }));
        const before = dossiers();
        const name = crossing === 'nothing' ? 'walkIn' : crossing;
        await send('crossed', registering({ by: 'dealer-a', class: name, form: both, at: '2026-03-02 12:00' }));
        const merged = dossiers();
        const from = [...merged.values()].find(({ state }) => state === 'merged');
        if (from === undefined) return;
        const separated = { dossier: from.id!, at: '2026-03-02 13:00' };
        expect(await send('separate', separating(separated))).toBe('accepted');
        const after = dossiers();
        expect(standings(after.get(from.id!)!)).toEqual(standings(before.get(from.id!)!));
        for (const [id, dossier] of after)
          if (id !== from.id) expect(standings(dossier)).toEqual(standings(merged.get(id)!));
        expectOneProtection(after);
        expect(after.get(from.mergedInto!)!.absorbed).toEqual([]);
        // Once nobody says any longer that they are two, they are merged again as before, and taken apart again.
        const again = { dossier: from.mergedInto!, other: from.id!, at: '2026-03-02 13:00' };
        expect(await send('rejoin', rejoining(again))).toBe('accepted');
        const asked = [...dossiers().values()].find(({ cases }) => cases.size > 0);
        if (asked !== undefined) {
          const verdict = { dossier: asked.id!, outcome: 'sameSubject', at: '2026-03-02 13:00' } as const;
          expect(await send('one', arbitrating(verdict))).toBe('accepted');
        }
        expectOneProtection(dossiers());
        const gone = [...dossiers().values()].find(({ state }) => state === 'merged')!;
        expect(await send('apart', separating({ dossier: gone.id!, at: '2026-03-02 13:00' }))).toBe('accepted');
        const last = dossiers();
        expectOneProtection(last);
        for (const [id, dossier] of last) expect(standings(dossier)).toEqual(standings(after.get(id)!));
      }),
      { numRuns: 60 },
    ));

  it('gives what the verdict "distinct" would have given, had it been that', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(filings, { maxLength: 3 }),
        fc.array(filings, { maxLength: 3 }),
        fc.constantFrom('sameSubject', 'release', 'assign'),
        async (firsts, others, outcome) => {
          const played = async (verdict: 'distinct' | 'sameSubject' | 'release' | 'assign') => {
            const on = await stage({ 'secondClaim: case': 'secondClaim: refuse' });
            for (const [index, each] of firsts.entries()) await on.send(`first-${index}`, filing(each, index, first));
            for (const [index, each] of others.entries()) await on.send(`other-${index}`, filing(each, index, other));
            const crossed = registering({ by: 'dealer-c', form: both, at: '2026-03-02 12:00' });
            await on.send('crossed', crossed);
            const asked = [...on.dossiers().values()].find(({ cases }) => cases.size > 0);
            const found = [...(asked?.cases.values() ?? [])][0];
            if (found === undefined || found.elsewhere.length === 0) return undefined;
            const winner = { winnerId: found.claims[0]! };
            const ask = { dossier: asked!.id!, outcome: verdict, ...(verdict === 'assign' ? winner : {}) };
            expect(await on.send('verdict', arbitrating({ ...ask, at: '2026-03-02 14:00' }))).toBe('accepted');
            return { ...on, crossed: found.crossed };
          };
          const distinct = await played('distinct');
          const wrong = await played(outcome as 'sameSubject');
          if (distinct === undefined || wrong === undefined) return;
          const ruled = wrong.dossiers();
          const from = [...ruled.values()].find(({ state }) => state === 'merged')!;
          const separated = { dossier: from.id!, at: '2026-03-02 14:00' };
          expect(await wrong.send('separate', separating(separated))).toBe('accepted');
          const after = wrong.dossiers();
          expectOneProtection(after);
          for (const [id, dossier] of distinct.dossiers())
            for (const [claim, standing] of Object.entries(standings(dossier))) {
              const now = standings(after.get(id)!)[claim]!;
              const won = standings(ruled.get(id)!)[claim]!;
              // What a claim won by the verdict stays its own; whatever lost stands as if there had been two.
              if (won['closedFor'] === undefined) expect(now).toEqual(won);
              else if (claim !== wrong.crossed && !standsInTheWay(after.get(id)!, claim)) expect(now).toEqual(standing);
            }
        },
      ),
      { numRuns: 60 },
    ));
});

const filing = (name: Filing, index: number, form: Readonly<Record<string, string>>): Asked =>
  registering({
    by: form === first ? `dealer-${'ab'[index % 2]}` : `dealer-${'ba'[index % 2]}`,
    class: name === 'nothing' ? 'appointment' : name,
    form,
    at: `2026-03-02 10:0${index}`,
  });

const standsInTheWay = (dossier: Dossier, claim: string): boolean => {
  const holder = protecting(dossier, on('2026-03-02 14:00'), {});
  return holder !== undefined && holder.id !== claim;
};
const expectOneProtection = (dossiers: ReadonlyMap<string, Dossier>): void => {
  for (const { registrations } of dossiers.values())
    expect([...registrations.values()].filter(({ state }) => state === 'protected').length).toBeLessThanOrEqual(1);
};
/** How each claim stands; a review that is waited for anew has its whole time again. */
const standings = ({ registrations }: Dossier): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  Object.fromEntries(
    [...registrations.values()].map(({ id, state, protection, review, closedFor, holder, extension, ...more }) => [
      id,
      { state, protection, step: review?.step, closedFor, holder, extension, class: more.class },
    ]),
  );

/** An engine of its own under a variant of the regime; `dossiers`: all of them, as the log folds them. */
const stage = async (variant: Readonly<Record<string, string>>) => {
  const { events: opening, keyStore } = await openingOf(rehearsalText(variant));
  const journal = memoryJournal();
  await journal.append(opening, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(on('2026-03-02'));
  const engine = engineOn({ log, keyStore, clock, seed: 'separate' });
  const dossiers = new Map<string, Dossier>();
  return {
    dossiers: (): ReadonlyMap<string, Dossier> => new Map(dossiers),
    send: async (id: string, { at, handling }: Asked): Promise<string> => {
      clock.set(at);
      const head = await log.head();
      const { outcome } = await engine.handle(handling(id as CommandId, clock));
      for (const stored of (await log.readAll(head)).events) {
        const recorded = decodeEvent(stored, catalogue) as unknown as Recorded<DossierEvent>;
        const { stream } = recorded;
        if (!stream.startsWith('dossier-')) continue;
        const dossier = stream.slice('dossier-'.length);
        dossiers.set(dossier, applyDossier(dossiers.get(dossier) ?? emptyDossier, happeningOf(recorded)));
      }
      return outcome;
    },
  };
};
