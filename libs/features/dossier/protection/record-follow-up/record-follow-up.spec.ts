import { recordingFollowUp } from '../../testing/asks.js';
import { conflictRaised, held, registered } from '../../testing/past.js';
import { endOfLastDay, given } from '../../testing/rehearsal.js';

describe('record a follow-up', () => {
  it('rolls the clock on from the day it happened', () =>
    given(held())
      .when(recordingFollowUp({ at: '2026-03-05' }))
      .then(
        { type: 'FollowUpRecorded', by: 'dealer-a' },
        { type: 'Rolled', protection: { endsAt: endOfLastDay('2026-03-12') } },
      ));
  it('never shortens it', () =>
    given(held({ until: '2026-03-20' }))
      .when(recordingFollowUp())
      .then('FollowUpRecorded'));
  it('rolls no clock that stands still', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(recordingFollowUp({ at: '2026-03-05' }))
      .then('FollowUpRecorded'));
  it('wakes no clock that ran out: its end is recorded, and the follow-up beside it', () =>
    given(held())
      .when(recordingFollowUp({ at: '2026-03-11' }))
      .then('Abandoned', 'FollowUpRecorded'));
  it('is refused before it has happened', () =>
    given(held())
      .when(recordingFollowUp({ occurred: '2026-03-09' }))
      .thenRefused('OccurredInFuture'));
  it('is refused to others', () =>
    given(held())
      .when(recordingFollowUp({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', { relations: ['holder', 'filer'] }));
});
