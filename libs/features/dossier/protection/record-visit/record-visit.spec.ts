import { recordingVisit } from '../../testing/asks.js';
import { begins, mayOnlyHolder } from '../../testing/follows.js';
import { approved, held, registered } from '../../testing/past.js';
import { given, on, under } from '../../testing/rehearsal.js';

describe('record a visit', () => {
  const waits = [registered({ class: 'appointment' }), approved({ class: 'appointment' })];
  it('begins the clock of a claim that waited for it', () =>
    given(waits)
      .when(recordingVisit())
      .then(
        { type: 'VisitRecorded', by: 'dealer-a', registrationId: 'd1.1' },
        begins('d1.1', '2026-03-02 15:00', '2026-04-01'),
      ));
  it('counts from when it happened', () =>
    given(waits)
      .when(recordingVisit({ at: '2026-03-04', occurred: '2026-03-03' }))
      .then(
        { type: 'VisitRecorded', by: 'dealer-a', registrationId: 'd1.1' },
        begins('d1.1', '2026-03-03', '2026-04-02'),
      ));
  it('is recorded where it changes no clock', () =>
    given(held()).when(recordingVisit()).then({ type: 'VisitRecorded', by: 'dealer-a', registrationId: 'd1.1' }));
  it('is refused before it has happened: it would protect until then', () =>
    given(waits)
      .when(recordingVisit({ occurred: '2027-03-02' }))
      .thenRefused('OccurredInFuture', { latest: on('2026-03-02 15:00') }));
  it('is no visit of the claim where it was before the claim: a deal of the past would fall into its protection', () =>
    given(waits)
      .when(recordingVisit({ at: '2026-03-04', occurred: '2026-03-01' }))
      .thenRefused('OccurredBeforeFiling', { earliest: on('2026-03-02') }));
  it('is dated back no further than the policy that the claim was filed under lets', () =>
    under({ 'ranks: receivedAt': 'ranks: receivedAt\n  backdating: { occurredAt: { minutesMax: 60 } }' })
      .given(waits)
      .when(recordingVisit({ at: '2026-03-04', occurred: '2026-03-04 08:59' }))
      .thenRefused('BackdatedTooFar', { earliest: on('2026-03-04 09:00') }));
  it('is refused to others, and alike for a claim nobody filed', async () => {
    await given(held())
      .when(recordingVisit({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held())
      .when(recordingVisit({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
  });
});
