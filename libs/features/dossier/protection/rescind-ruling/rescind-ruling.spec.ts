import { rescinding } from '../../testing/asks.js';
import {
  approved,
  arbitrated,
  conflictRaised,
  extended,
  held,
  recalled,
  registered,
  rejected,
  released,
  terminated,
  transferred,
} from '../../testing/past.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

describe('rescind a ruling', () => {
  it('restores a protection that was ended by mistake, with the clock it had', () =>
    given(held(), terminated())
      .when(rescinding({ ruling: 'Terminated' }))
      .then({
        type: 'RulingRescinded',
        rulingType: 'Terminated',
        registrationId: 'd1.1',
        holder: 'dealer-a',
        restored: { state: 'protected', protection: { endsAt: endOfLastDay('2026-03-09') } },
        hangingOnIt: [],
      }));
  it('restores no clock that would have run out by now', () =>
    given(held(), released())
      .when(rescinding({ ruling: 'Released', at: '2026-03-12' }))
      .then({ type: 'RulingRescinded', restored: { state: 'expired' } }));
  it('lifts the ban that hung on it', () =>
    given(held(), terminated({ ban: { scope: 'customer' } }))
      .when(rescinding({ ruling: 'Terminated' }))
      .then('RulingRescinded'));
  it('gives a wrongly transferred customer back', () =>
    given(held(), transferred({ to: 'dealer-b' }))
      .when(rescinding({ ruling: 'Transferred' }))
      .then({ type: 'RulingRescinded', holder: 'dealer-a', restored: { state: 'protected' } }));
  it('takes an extension back', () =>
    given(held(), extended({ until: '2026-03-16' }))
      .when(rescinding({ ruling: 'Extended' }))
      .then({ type: 'RulingRescinded', restored: { protection: { endsAt: endOfLastDay('2026-03-09') } } }));
  it('lets a rejected claim wait anew, with the whole time for its review', () =>
    given(registered({ class: 'reviewed' }), rejected())
      .when(rescinding({ ruling: 'Rejected', at: '2026-03-20' }))
      .then({
        type: 'RulingRescinded',
        restored: { state: 'underReview', review: { step: 'check', dueAt: on('2026-03-21') } },
      }));
  it('names what was ruled on the slip', async () => {
    const { events } = await given(held(), extended({ until: '2026-03-16' }), transferred({ to: 'dealer-b' }))
      .when(rescinding({ ruling: 'Extended' }))
      .then('RulingRescinded');
    expect((events[0]!.event as unknown as { readonly hangingOnIt: readonly string[] }).hangingOnIt).toHaveLength(1);
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
      .thenRefused('ProtectedByAnother'));
  it('is refused for a piece of a verdict, and while a case is open', async () => {
    const inCase = [...held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised()];
    await given(...inCase, arbitrated({ winner: 1 }), rejected({ n: 2 }))
      .when(rescinding({ n: 2, ruling: 'Rejected' }))
      .thenRefused('RuledByVerdict');
    await given(...inCase)
      .when(rescinding({ ruling: 'Approved' }))
      .thenRefused('InCase');
  });
  it('is refused for what is no ruling', () =>
    given(registered({ class: 'reviewed' }), recalled())
      .when(rescinding({ ruling: 'Recalled' }))
      .thenRefused('RulingUnknown'));
  it('is refused to whom the policy does not let', () =>
    given(held(), released())
      .when(rescinding({ by: 'dealer-a', ruling: 'Released' }))
      .thenRefused('OperationNotPermitted', { roles: ['reviewer'] }));
});
