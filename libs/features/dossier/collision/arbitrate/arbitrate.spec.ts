import type { PartyId } from '#event-sourcing/vocabulary.js';
import { arbitrating } from '../../testing/asks.js';
import { byArbiter, protects, rejects, resumes, rules, terminates, mayOnly } from '../../testing/follows.js';
import { approved, arbitrated, conflictRaised, held, registered, resumed } from '../../testing/past.js';
import { endOfLastDay, given, under } from '../../testing/rehearsal.js';

describe('arbitrate', () => {
  const inCase = [...held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised({ daysLeft: 5 })];
  const share = (party: string, weight: number) => ({ partyId: party as PartyId, weight });

  it("lets the winner's clock go on with what was left, and ends the other claim", () =>
    given(inCase)
      .when(arbitrating({ winner: 1, at: '2026-03-12' }))
      .then(
        rules({ outcome: 'assign', winner: 'd1.1' }),
        rejects('d1.2', 'verdict', byArbiter),
        resumes('d1.1', '2026-03-16', byArbiter),
      ));
  it('protects a challenger from the verdict on, and ends the one who held', () =>
    given(inCase)
      .when(arbitrating({ winner: 2, at: '2026-03-12' }))
      .then(
        rules({ outcome: 'assign', winner: 'd1.2' }),
        terminates('d1.1', 'verdict', '2026-03-12', byArbiter),
        protects('d1.2', { of: 'dealer-b', from: '2026-03-12', until: '2026-03-19', after: byArbiter }),
      ));
  it('splits between the parties of the case', () =>
    given(inCase)
      .when(arbitrating({ outcome: 'split', winner: 1, shares: [share('dealer-a', 2), share('dealer-b', 1)] }))
      .then(
        rules({ outcome: 'split', shares: [share('dealer-a', 2), share('dealer-b', 1)], winner: 'd1.1' }),
        rejects('d1.2', 'verdict', byArbiter),
        resumes('d1.1', '2026-03-06', byArbiter),
      ));
  it('releases: nobody holds', () =>
    given(inCase)
      .when(arbitrating({ outcome: 'release' }))
      .then(
        rules({ outcome: 'release' }),
        terminates('d1.1', 'verdict', '2026-03-02 15:00', byArbiter),
        rejects('d1.2', 'verdict', byArbiter),
      ));
  it('ends a loser of every kind: waiting, returned, or approved and waiting for its visit', () =>
    given(
      registered({ class: 'appointment' }),
      approved({ class: 'appointment' }),
      registered({ n: 2, by: 'dealer-b' }),
      {
        ...conflictRaised({ claims: [1, 2] }),
        written: conflictRaised({ claims: [1, 2] }).written.map((each) => ({
          ...each,
          event: { ...each.event, suspended: undefined } as never,
        })),
      },
    )
      .when(arbitrating({ winner: 2 }))
      .then(
        rules({ outcome: 'assign', winner: 'd1.2' }),
        rejects('d1.1', 'verdict', byArbiter),
        protects('d1.2', { of: 'dealer-b', until: '2026-03-09', after: byArbiter }),
      ));

  it('is refused once it is decided', () =>
    given(inCase, arbitrated({ winner: 1 }))
      .when(arbitrating({ winner: 2 }))
      .thenRefused('AlreadyDecided'));
  it('is refused for an outcome the policy does not have', () =>
    given(inCase)
      .when(arbitrating({ outcome: 'bothVoid' }))
      .thenRefused('OutcomeNotAllowed', { outcomes: ['assign', 'split', 'release'] }));
  it('is refused without a winner of this case', async () => {
    await given(inCase)
      .when(arbitrating())
      .thenRefused('WinnerNotInCase', { claims: ['d1.1', 'd1.2'] });
    await given(inCase)
      .when(arbitrating({ winner: 7 }))
      .thenRefused('WinnerNotInCase', { claims: ['d1.1', 'd1.2'] });
  });
  it('is refused for shares that are not of this case', async () => {
    for (const shares of [
      [],
      [share('dealer-a', 1)],
      [share('dealer-a', 1), share('dealer-c', 1)],
      [share('dealer-a', 1), share('dealer-a', 1)],
      [share('dealer-a', 0), share('dealer-b', 1)],
      [share('dealer-a', 0.5), share('dealer-b', 1)],
    ]) {
      await given(inCase)
        .when(arbitrating({ outcome: 'split', winner: 1, shares }))
        .thenRefused('SharesNotOfThisCase', { holders: ['dealer-a', 'dealer-b'] });
    }
  });
  it('is refused to who is no arbiter', () =>
    given(inCase)
      .when(arbitrating({ by: 'dealer-c', winner: 1 }))
      .thenRefused('OperationNotPermitted', mayOnly('arbiter')));
  it('is refused to an arbiter of other cases', () =>
    under({ 'may: arbitrate, roles: arbiter': 'may: arbitrate, roles: [arbiter, reviewer]' })
      .given(inCase)
      .when(arbitrating({ by: 'reviewer', winner: 1 }))
      .thenRefused('NotTheArbiter', { roles: ['arbiter'] }));
  it('is refused to the arbiter who is a party to it', () =>
    given(held({ by: 'arbiter' }), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(arbitrating({ winner: 1 }))
      .thenRefused('OwnCause'));
  it('is refused for a case nobody opened', () =>
    given(inCase)
      .when(arbitrating({ n: 9, winner: 1 }))
      .thenRefused('CaseUnknown'));
  it('takes nothing from who was protected outside the case meanwhile', () =>
    given(
      inCase,
      resumed({ at: '2026-03-03', until: '2026-03-09' }),
      registered({ n: 3, by: 'dealer-c', at: '2026-03-10' }),
      approved({ n: 3, holder: 'dealer-c', at: '2026-03-10', until: '2026-03-17' }),
    )
      .when(arbitrating({ winner: 2, at: '2026-03-11' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-17') }));
});
