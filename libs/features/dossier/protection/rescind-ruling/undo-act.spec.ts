import { personal } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { decidingExtension, rescinding } from '../../testing/asks.js';
import { permits } from '../../testing/follows.js';
import {
  abandoned,
  approved,
  check,
  conflictRaised,
  extended,
  extensionRequested,
  held,
  recalled,
  registered,
  released,
  returned,
  splitAgreed,
  terminated,
  window,
} from '../../testing/past.js';
import { dealt, deposited, visited } from '../../testing/past-work.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

/** What is taken back, what holds again, and how much hangs on it. */
const undoes = (rulingType: string, restored: object, hanging = 0) => ({
  type: 'RulingRescinded',
  ruling: expect.any(String),
  rulingType,
  registrationId: 'd1.1',
  holder: 'dealer-a',
  restored: { extensionCount: 0, ...restored },
  hangingOnIt: Array.from({ length: hanging }, () => expect.any(String)),
  grounds: personal('点错'),
  because: [permits('rescindRuling', 'reviewer')],
});
const act = (rulingType: string, restored: object, hanging = 0) =>
  undoes(rulingType, { extensionRequested: false, ...restored }, hanging);
const runs = (until: string, more: object = {}) => ({
  class: 'walkIn',
  state: 'protected',
  protection: window(until),
  ...more,
});
const appointment = [registered({ class: 'appointment' }), approved({ class: 'appointment' })];
const shares = ['dealer-a', 'dealer-b'].map((partyId) => ({ partyId: partyId as PartyId, weight: 1 }));

describe('take back what was recorded by mistake', () => {
  it('a visit gives the clock that it moved back', () =>
    given(held(), visited({ rolls: '2026-03-20' }))
      .when(rescinding({ ruling: 'VisitRecorded' }))
      .then(act('VisitRecorded', runs('2026-03-09'))));
  it('a visit that began the clock lets the claim wait for its visit again', () =>
    given(appointment, visited({ begins: '2026-04-01' }))
      .when(rescinding({ ruling: 'VisitRecorded' }))
      .then(act('VisitRecorded', { class: 'appointment', state: 'effective' })));
  it('a clock that only the slip let run past its end ended there', () =>
    given(held(), visited({ rolls: '2026-03-20' }))
      .when(rescinding({ ruling: 'VisitRecorded', at: '2026-03-12' }))
      .then(act('VisitRecorded', { class: 'walkIn', state: 'expired', ended: window('2026-03-09') })));
  it('and so where it has run out meanwhile', () =>
    given(held(), visited({ rolls: '2026-03-12' }), abandoned({ until: '2026-03-12', at: '2026-03-13' }))
      .when(rescinding({ ruling: 'VisitRecorded', at: '2026-03-14' }))
      .then(act('VisitRecorded', { class: 'walkIn', state: 'expired', ended: window('2026-03-09') })));
  it('what a later visit moved stays where that one left it', () =>
    given(held(), visited({ n: 1, rolls: '2026-03-15' }), extended({ until: '2026-03-25' }))
      .when(rescinding({ ruling: 'VisitRecorded' }))
      .then(act('VisitRecorded', runs('2026-03-25', { extensionCount: 1 }), 1)));
  it('a deposit takes the class that it lifted into with it, each by a ruling of its own', () =>
    given(held(), deposited({ lifts: '2026-05-31' }))
      .when(rescinding({ ruling: 'DepositRecorded' }))
      .then(undoes('Upgraded', runs('2026-03-09')), act('DepositRecorded', runs('2026-03-09'))));
  it('a request for an extension is no more, and nobody decides it', async () => {
    await given(held(), extensionRequested())
      .when(rescinding({ ruling: 'ExtensionRequested' }))
      .then(act('ExtensionRequested', runs('2026-03-09')));
    const { stage } = await given(held(), extensionRequested())
      .when(rescinding({ ruling: 'ExtensionRequested' }))
      .then(act('ExtensionRequested', runs('2026-03-09')));
    const { at, handling } = decidingExtension({});
    stage.clock.set(at);
    const { outcome } = await stage.engine().handle(handling('after' as never, stage.clock));
    expect(outcome).toBe('refused');
  });
  it('a split leaves what was shared before; what was credited under it is listed', async () => {
    await given(held(), splitAgreed({ shares }), dealt())
      .when(rescinding({ ruling: 'SplitAgreed' }))
      .then(act('SplitAgreed', runs('2026-03-09', { shares: [] }), 1));
    const others = [{ partyId: 'dealer-c' as PartyId, weight: 3 }];
    await given(held(), splitAgreed({ shares: others }), splitAgreed({ shares, at: '2026-03-02 11:00' }))
      .when(rescinding({ ruling: 'SplitAgreed' }))
      .then(act('SplitAgreed', runs('2026-03-09', { shares: others, sharesBasis: 'agreed' })));
  });
  it('what a split was credited with is reversed, and credited as if nobody had agreed it', async () => {
    const line = (partyId: string, weight: number, performance: string, commission: string) => ({
      partyId,
      weight,
      performance,
      commission,
    });
    await given(held(), splitAgreed({ shares }), dealt({ basis: 'agreed' }), dealt({ n: 2 }))
      .when(rescinding({ ruling: 'SplitAgreed' }))
      .then(
        act('SplitAgreed', runs('2026-03-09', { shares: [] }), 2),
        partly({
          type: 'AttributionReversed',
          dealId: 'd1.d1',
          lines: [line('dealer-a', 2, '-67', '-2'), line('dealer-b', 1, '-33', '-1')],
          commission: '-3',
        }),
        partly({
          type: 'Attributed',
          dealId: 'd1.d1',
          basis: 'holder',
          lines: [line('dealer-a', 2, '67', '2'), line('dealer-b', 1, '33', '1')],
          commission: '3',
        }),
      );
    await given(held(), splitAgreed({ shares }), dealt({ basis: 'agreed', closedBy: 'reviewer' }))
      .when(rescinding({ ruling: 'SplitAgreed' }))
      .thenRefused('OwnCause');
  });
  it('a recall and a return let the claim wait for its review again, in its old rank', async () => {
    const waits = { class: 'reviewed', state: 'underReview', review: check(on('2026-03-03')) };
    await given(registered({ class: 'reviewed' }), recalled())
      .when(rescinding({ ruling: 'Recalled', at: '2026-03-03' }))
      .then(act('Recalled', waits));
    await given(registered({ class: 'reviewed' }), returned())
      .when(rescinding({ ruling: 'Returned', at: '2026-03-03' }))
      .then(act('Returned', waits));
  });
  it('is refused while another holds what would begin again', () =>
    given(
      appointment,
      visited({ begins: '2026-03-03' }),
      abandoned({ until: '2026-03-03', at: '2026-03-04' }),
      held({ n: 2, by: 'dealer-b', at: '2026-03-05', until: '2026-03-12' }),
    )
      .when(rescinding({ ruling: 'VisitRecorded', at: '2026-03-06' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-12') }));
  it('is refused where somebody has ended the claim since: that ruling comes first', async () => {
    for (const end of [released(), terminated()])
      await given(held(), visited({ rolls: '2026-03-20' }), end)
        .when(rescinding({ ruling: 'VisitRecorded' }))
        .thenRefused('AlreadyOver');
  });
  it('is refused while a case is open, and to whoever holds the claim', async () => {
    await given(held(), visited(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(rescinding({ ruling: 'VisitRecorded' }))
      .thenRefused('InCase');
    await given(held({ by: 'reviewer' }), visited())
      .when(rescinding({ ruling: 'VisitRecorded' }))
      .thenRefused('OwnCause');
  });
});
