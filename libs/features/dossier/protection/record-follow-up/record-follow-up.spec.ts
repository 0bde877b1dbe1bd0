import { recordingFollowUp } from '../../testing/asks.js';
import { abandons, rolls, mayOnlyHolder } from '../../testing/follows.js';
import { conflictRaised, held, registered } from '../../testing/past.js';
import { given, on, under } from '../../testing/rehearsal.js';

describe('record a follow-up', () => {
  it('rolls the clock on from the day it happened', () =>
    given(held())
      .when(recordingFollowUp({ at: '2026-03-05' }))
      .then(
        { type: 'FollowUpRecorded', by: 'dealer-a', registrationId: 'd1.1' },
        rolls('d1.1', '2026-03-05', '2026-03-12'),
      ));
  it('never shortens it', () =>
    given(held({ until: '2026-03-20' }))
      .when(recordingFollowUp())
      .then({ type: 'FollowUpRecorded', by: 'dealer-a', registrationId: 'd1.1' }));
  it('rolls no clock that stands still', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(recordingFollowUp({ at: '2026-03-05' }))
      .then({ type: 'FollowUpRecorded', by: 'dealer-a', registrationId: 'd1.1' }));
  it('wakes no clock that ran out: its end is recorded, and the follow-up beside it', () =>
    given(held())
      .when(recordingFollowUp({ at: '2026-03-11' }))
      .then(abandons('d1.1', '2026-03-09'), { type: 'FollowUpRecorded', by: 'dealer-a', registrationId: 'd1.1' }));
  it('is refused before it has happened', () =>
    given(held())
      .when(recordingFollowUp({ occurred: '2026-03-09' }))
      .thenRefused('OccurredInFuture', { latest: on('2026-03-02 15:00') }));
  it('is refused to others', () =>
    given(held())
      .when(recordingFollowUp({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
  it('is refused where it was before the claim, and further back than the policy lets', () =>
    under({ 'ranks: receivedAt': 'ranks: receivedAt\n  backdating: { occurredAt: { minutesMax: 60 } }' })
      .given(held())
      .when(recordingFollowUp({ at: '2026-03-04', occurred: '2026-03-01' }))
      .thenRefused(['OccurredBeforeFiling', 'BackdatedTooFar'], { earliest: on('2026-03-02') }));
});
