import { personal } from '#event-sourcing/event.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { rescinding } from '../../testing/asks.js';
import { mayOnly, permits } from '../../testing/follows.js';
import {
  approved,
  arbitrated,
  check,
  conflictRaised,
  extended,
  held,
  lostTo,
  registered,
  rejected,
  released,
  splitAgreed,
  terminated,
  transferred,
  upgraded,
  window,
} from '../../testing/past.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

/** The ruling that is taken back, what holds again, and how many rulings hang on it; their ids are drawn by chance. */
const rescinds = (rulingType: string, restored: object, hanging = 0, holder = 'dealer-a') => ({
  type: 'RulingRescinded',
  ruling: expect.any(String),
  rulingType,
  registrationId: 'd1.1',
  holder,
  restored: { extensionCount: 0, ...restored },
  hangingOnIt: Array.from({ length: hanging }, () => expect.any(String)),
  grounds: personal('点错'),
  because: [permits('rescindRuling', 'reviewer')],
});

describe('rescind a ruling', () => {
  it('restores a protection that was ended by mistake, with the clock it had', () =>
    given(held(), terminated())
      .when(rescinding({ ruling: 'Terminated' }))
      .then(rescinds('Terminated', { class: 'walkIn', protection: window('2026-03-09'), state: 'protected' })));
  it('restores no clock that would have run out by now', () =>
    given(held(), released())
      .when(rescinding({ ruling: 'Released', at: '2026-03-12' }))
      .then(rescinds('Released', { class: 'walkIn', state: 'expired', ended: window('2026-03-09') })));
  it('lifts the ban that hung on it', () =>
    given(held(), terminated({ ban: { scope: 'customer' } }))
      .when(rescinding({ ruling: 'Terminated' }))
      .then(rescinds('Terminated', { class: 'walkIn', protection: window('2026-03-09'), state: 'protected' })));
  it('gives a wrongly transferred customer back', () =>
    given(held(), transferred({ to: 'dealer-b' }))
      .when(rescinding({ ruling: 'Transferred' }))
      .then(rescinds('Transferred', { class: 'walkIn', protection: window('2026-03-09'), state: 'protected' })));
  it('takes an extension back', () =>
    given(held(), extended({ until: '2026-03-16' }))
      .when(rescinding({ ruling: 'Extended' }))
      .then(rescinds('Extended', { class: 'walkIn', protection: window('2026-03-09'), state: 'protected' })));
  it('lets a rejected claim wait anew, with the whole time for its review', () =>
    given(registered({ class: 'reviewed' }), rejected())
      .when(rescinding({ ruling: 'Rejected', at: '2026-03-20' }))
      .then(rescinds('Rejected', { class: 'reviewed', review: check(on('2026-03-20')), state: 'underReview' })));
  it('names the ruling, and what was ruled on the slip; a transfer since then stands', async () => {
    const { events, stage } = await given(held(), extended({ until: '2026-03-16' }), transferred({ to: 'dealer-b' }))
      .when(rescinding({ ruling: 'Extended' }))
      .then(
        rescinds('Extended', { class: 'walkIn', protection: window('2026-03-09'), state: 'protected' }, 1, 'dealer-b'),
      );
    const idOf = async (wanted: string) => (await stage.log.readAll(0)).events.find(({ type }) => type === wanted)!.id;
    expect(events[0]!.event).toMatchObject({
      ruling: await idOf('Extended'),
      hangingOnIt: [await idOf('Transferred')],
    });
  });
  it('ends a clock whose extension is taken back after the old end where it would have run out', () =>
    given(held(), extended({ until: '2026-03-16' }))
      .when(rescinding({ ruling: 'Extended', at: '2026-03-12' }))
      .then(rescinds('Extended', { class: 'walkIn', state: 'expired', ended: window('2026-03-09') })));
  it('and so with an upgrade, in the class that it had', () =>
    given(held(), upgraded({ until: '2026-05-31' }))
      .when(rescinding({ ruling: 'Upgraded', at: '2026-03-12' }))
      .then(rescinds('Upgraded', { class: 'walkIn', state: 'expired', ended: window('2026-03-09') })));
  it('lets the claims wait anew that were answered no with it', () =>
    given(
      registered({ class: 'reviewed' }),
      registered({ n: 2, by: 'dealer-b', class: 'reviewed' }),
      approved({ at: '2026-03-03', class: 'reviewed' }),
      lostTo({ n: 2, at: '2026-03-03' }),
    )
      .when(rescinding({ ruling: 'Approved', at: '2026-03-04' }))
      .then(rescinds('Approved', { class: 'reviewed', state: 'underReview', review: check(on('2026-03-04')) }, 1), {
        ...rescinds('Rejected', { class: 'reviewed', state: 'underReview', review: check(on('2026-03-04')) }),
        registrationId: 'd1.2',
        holder: 'dealer-b',
      }));
  const overturned = [
    ...held({ at: '2026-03-02 12:00' }),
    registered({ n: 2, by: 'dealer-b', class: 'reviewed', rankedAt: '2026-03-02 11:00' }),
    terminated({ at: '2026-03-03', cause: 'earlierClaim' }),
    approved({ n: 2, holder: 'dealer-b', at: '2026-03-03', class: 'reviewed', until: '2026-03-23' }),
  ];
  it('protects whom the slip overturned again, in the same act', () =>
    given(overturned)
      .when(rescinding({ n: 2, ruling: 'Approved', at: '2026-03-04' }))
      .then(
        {
          ...rescinds('Approved', { class: 'reviewed', state: 'underReview', review: check(on('2026-03-04')) }, 1),
          registrationId: 'd1.2',
          holder: 'dealer-b',
        },
        rescinds('Terminated', {
          class: 'walkIn',
          state: 'protected',
          protection: window('2026-03-09', '2026-03-02 12:00'),
        }),
      ));
  it('lists whom the slip overturned, and leaves it so while a third is protected', () =>
    given(
      overturned,
      released({ n: 2, by: 'dealer-b', at: '2026-03-03 12:00' }),
      held({ n: 3, by: 'dealer-c', at: '2026-03-03 13:00', until: '2026-03-10' }),
    )
      .when(rescinding({ n: 2, ruling: 'Approved', at: '2026-03-04' }))
      .then({
        ...rescinds('Approved', { class: 'reviewed', state: 'underReview', review: check(on('2026-03-04')) }, 2),
        registrationId: 'd1.2',
        holder: 'dealer-b',
      }));
  it('leaves a split that the parties agreed as it is', () => {
    const shares = ['dealer-a', 'dealer-b'].map((partyId) => ({ partyId: partyId as PartyId, weight: 1 }));
    return given(held(), extended({ until: '2026-03-16' }), splitAgreed({ shares }))
      .when(rescinding({ ruling: 'Extended' }))
      .then(rescinds('Extended', { class: 'walkIn', state: 'protected', protection: window('2026-03-09'), shares }));
  });
  it('is refused while another is protected by now', () =>
    given(
      held(),
      released(),
      registered({ n: 2, by: 'dealer-b' }),
      approved({ n: 2, holder: 'dealer-b', until: '2026-03-20' }),
    )
      .when(rescinding({ ruling: 'Released' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-20') }));
  it('is refused for a claim that would wait for its visit beside a protection', () =>
    given(
      registered({ class: 'appointment' }),
      approved({ class: 'appointment' }),
      rejected(),
      registered({ n: 2, by: 'dealer-b' }),
      approved({ n: 2, holder: 'dealer-b' }),
    )
      .when(rescinding({ ruling: 'Rejected' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') }));
  it('is refused for a piece of a verdict, and while a case is open', async () => {
    const inCase = [...held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised()];
    await given(...inCase, arbitrated({ winner: 1 }), rejected({ n: 2 }))
      .when(rescinding({ n: 2, ruling: 'Rejected' }))
      .thenRefused('RuledByVerdict');
    await given(...inCase)
      .when(rescinding({ ruling: 'Approved' }))
      .thenRefused('InCase');
  });
  it('is refused for what is no ruling, and nothing that was recorded on the claim', () =>
    given(registered({ class: 'reviewed' }))
      .when(rescinding({ ruling: 'Registered' }))
      .thenRefused('RulingUnknown'));
  it('is refused to whom the policy does not let', () =>
    given(held(), released())
      .when(rescinding({ by: 'dealer-a', ruling: 'Released' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
});
