import type { PartyId } from '#event-sourcing/vocabulary.js';
import { arbitrating } from '../../testing/asks.js';
import { byArbiter, merges, protects, rejects, resumes, rules, terminates, mayOnly } from '../../testing/follows.js';
import {
  approved,
  arbitrated,
  check,
  conflictRaised,
  held,
  maybeOneRaised,
  registered,
  resumed,
} from '../../testing/past.js';
import { endOfLastDay, given, on, under } from '../../testing/rehearsal.js';

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

  describe('one subject or two', () => {
    // Dealer C waits in d2; dealer B's form names both customers and lies in d1, where dealer A is protected.
    const asked = [
      ...held(),
      registered({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', class: 'reviewed' }),
      registered({ n: 2, by: 'dealer-b' }),
      maybeOneRaised({ claims: [1, 2], elsewhere: ['d2'], crossed: 2, daysLeft: 5 }),
      maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] }),
    ];
    const at = '2026-03-12';
    const leaves = (id: string, more: object) => ({
      type: 'LeftCase',
      caseId: `${id.slice(0, 2)}.c1`,
      registrationId: id,
      because: [byArbiter],
      ...more,
    });

    it('two: each goes on as it was, clocks and reviews, and the form that named both is answered', () =>
      given(asked)
        .when(arbitrating({ outcome: 'distinct', at }))
        .then(
          rules({ outcome: 'distinct' }),
          resumes('d1.1', '2026-03-16', byArbiter),
          rejects('d1.2', 'crossedKeys', byArbiter),
          rules({ outcome: 'distinct', caseId: 'd2.c1' }),
          leaves('d2.1', { state: 'underReview', review: check(on(at)) }),
        ));
    it('two, asked by the case of either side', () =>
      given(asked)
        .when(arbitrating({ dossier: 'd2', outcome: 'distinct', at }))
        .then(
          rules({ outcome: 'distinct', caseId: 'd2.c1' }),
          leaves('d2.1', { state: 'underReview', review: check(on(at)) }),
          rules({ outcome: 'distinct' }),
          resumes('d1.1', '2026-03-16', byArbiter),
          rejects('d1.2', 'crossedKeys', byArbiter),
        ));
    it('one: the dossiers are merged, and the claim goes on that ranks first', () =>
      given(asked)
        .when(arbitrating({ outcome: 'sameSubject', at }))
        .then(
          rules({ outcome: 'sameSubject', caseId: 'd2.c1' }),
          rejects('d2.1', 'verdict', byArbiter),
          merges('d2', 'd1', 'd2', byArbiter),
          merges('d2', 'd1', 'd1', byArbiter),
          rules({ outcome: 'sameSubject', winner: 'd1.1' }),
          rejects('d1.2', 'verdict', byArbiter),
          resumes('d1.1', '2026-03-16', byArbiter),
        ));
    it('one, where nobody is protected: the first waits for its review again', () =>
      given(
        registered({ class: 'reviewed', at: '2026-03-02 12:00' }),
        registered({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'dealer-c', class: 'reviewed' }),
        maybeOneRaised({ elsewhere: ['d2'] }),
        maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] }),
      )
        .when(arbitrating({ outcome: 'sameSubject', at }))
        .then(
          rules({ outcome: 'sameSubject' }),
          rejects('d1.1', 'verdict', byArbiter),
          merges('d1', 'd2', 'd1', byArbiter),
          merges('d1', 'd2', 'd2', byArbiter),
          rules({ outcome: 'sameSubject', caseId: 'd2.c1', winner: 'd2.1' }),
          leaves('d2.1', { state: 'underReview', review: check(on(at)) }),
        ));
    it('one, and the arbiter names whose it is: the other dossier is merged into the winner’s', () =>
      given(asked)
        .when(arbitrating({ outcome: 'assign', winnerId: 'd2.1', at }))
        .then(
          rules({ outcome: 'assign' }),
          terminates('d1.1', 'verdict', at, byArbiter),
          rejects('d1.2', 'verdict', byArbiter),
          merges('d1', 'd2', 'd1', byArbiter),
          merges('d1', 'd2', 'd2', byArbiter),
          rules({ outcome: 'assign', caseId: 'd2.c1', winner: 'd2.1' }),
          protects('d2.1', { of: 'dealer-c', class: 'reviewed', from: at, until: '2026-04-01', after: byArbiter }),
        ));
    it('takes nothing from somebody who has been protected meanwhile and was not heard', () =>
      given(asked, registered({ dossier: 'd2', n: 2, phone: '13800000002', by: 'dealer-a' }), [
        approved({ dossier: 'd2', n: 2, until: '2026-03-20' }),
      ])
        .when(arbitrating({ outcome: 'sameSubject', at }))
        .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-20') }));
    it('says so of no other collision', () =>
      given(inCase)
        .when(arbitrating({ outcome: 'distinct', at }))
        .thenRefused('OutcomeNotAllowed', { outcomes: ['assign', 'split', 'release'] }));
    it('is nobody’s who has a claim on either side', () =>
      given(
        held(),
        registered({ dossier: 'd2', phone: '13800000002', account: 'wang', by: 'arbiter', class: 'reviewed' }),
        maybeOneRaised({ elsewhere: ['d2'] }),
        maybeOneRaised({ dossier: 'd2', elsewhere: ['d1'] }),
      )
        .when(arbitrating({ outcome: 'distinct', at }))
        .thenRefused('OwnCause'));
  });
});
