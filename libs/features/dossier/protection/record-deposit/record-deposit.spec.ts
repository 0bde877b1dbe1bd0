import { recordingDeposit } from '../../testing/asks.js';
import { upgrades, mayOnlyHolder } from '../../testing/follows.js';
import { held, registered } from '../../testing/past.js';
import { given, on, under } from '../../testing/rehearsal.js';

describe('record a deposit', () => {
  it('lifts the claim into the class of those who paid, with its longer clock', () =>
    given(held())
      .when(recordingDeposit({ at: '2026-03-05' }))
      .then(
        { type: 'DepositRecorded', amount: '100000', currency: 'CNY', by: 'dealer-a', registrationId: 'd1.1' },
        upgrades('d1.1', '2026-03-05', '2026-06-03'),
      ));
  it('lifts nobody who stands there already', () =>
    given(held({ class: 'depositPaid', until: '2026-05-31' }))
      .when(recordingDeposit())
      .then({ type: 'DepositRecorded', amount: '100000', currency: 'CNY', by: 'dealer-a', registrationId: 'd1.1' }));
  it('is refused without an amount', () =>
    given(held())
      .when(recordingDeposit({ amount: '0' }))
      .thenRefused('AmountNotPositive'));
  it('is refused for a claim that waits, and once the clock ran out', async () => {
    await given(registered({ class: 'reviewed' }))
      .when(recordingDeposit())
      .thenRefused('NotProtected');
    await given(held())
      .when(recordingDeposit({ at: '2026-03-10 00:00' }))
      .thenRefused('NotProtected');
  });
  it('is refused before it has happened', () =>
    given(held())
      .when(recordingDeposit({ occurred: '2026-03-09' }))
      .thenRefused('OccurredInFuture', { latest: on('2026-03-02 15:00') }));
  it('is refused to others', () =>
    given(held())
      .when(recordingDeposit({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
  it('is refused further back than the policy lets', () =>
    under({ 'ranks: receivedAt': 'ranks: receivedAt\n  backdating: { occurredAt: { minutesMax: 60 } }' })
      .given(held())
      .when(recordingDeposit({ at: '2026-03-04', occurred: '2026-03-01' }))
      .thenRefused('BackdatedTooFar', { earliest: on('2026-03-04 09:00') }));
});
