import { meetingDeadlines } from '../../testing/asks.js';
import { conflictRaised, extensionRequested, held, registered } from '../../testing/past.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

describe('meet deadlines', () => {
  it('records nothing one millisecond before the end', () =>
    given(held())
      .when({ ...meetingDeadlines(), at: '2026-03-09T15:59:59.999Z' as never })
      .thenNothing());
  it('records the end at the very moment, under the name the policy gives it', () =>
    given(held())
      .when({ ...meetingDeadlines(), at: endOfLastDay('2026-03-09') })
      .then({ type: 'Abandoned', endedAt: endOfLastDay('2026-03-09') }));
  it('expires who had asked for more', () =>
    given(held(), extensionRequested())
      .when(meetingDeadlines({ at: '2026-03-20' }))
      .then({ type: 'Expired', endedAt: endOfLastDay('2026-03-09') }));
  it('approves what nobody reviewed in time, from then on', () =>
    given(registered({ class: 'reviewed' }))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then({ type: 'Approved', protection: { startsAt: on('2026-03-03'), lastDay: '2026-03-23' } }));
  it('rejects it where the policy said so when it was filed', () =>
    given(registered({ class: 'reviewed', onTimeout: 'reject' }))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then({ type: 'Rejected', cause: 'reviewTimedOut' }));
  it('waits on where it said nothing', () =>
    given(registered({ class: 'reviewed', onTimeout: 'none' }))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .thenNothing());
  it('lets a clock run on that stood still for long enough, and records its end too when that has come', async () => {
    const inCase = [
      held(),
      registered({ n: 2, by: 'dealer-b' }),
      conflictRaised({ daysLeft: 5, until: '2026-03-10 00:00' }),
    ];
    await given(...inCase)
      .when(meetingDeadlines({ at: '2026-03-11' }))
      .then({ type: 'Resumed', caseId: 'd1.c1', protection: { lastDay: '2026-03-14' } });
    await given(...inCase)
      .when(meetingDeadlines({ at: '2026-03-20' }))
      .then('Resumed', { type: 'Abandoned', endedAt: endOfLastDay('2026-03-14') });
  });
  it('takes what fell due together in the order of time, not of filing', () =>
    given(
      registered({ class: 'reviewed', at: '2026-03-02 12:00' }),
      { ...registered({ n: 2, by: 'dealer-b', class: 'reviewed', at: '2026-03-02 13:00' }) },
      registered({ n: 3, by: 'dealer-c', class: 'reviewed', at: '2026-03-02 14:00' }),
    )
      .when(meetingDeadlines({ at: '2026-03-09' }))
      .then(
        { type: 'Approved', registrationId: 'd1.1' },
        { type: 'Rejected', registrationId: 'd1.2' },
        { type: 'Rejected', registrationId: 'd1.3' },
      ));
  it('is refused for a dossier nobody opened', () =>
    given()
      .when(meetingDeadlines({ dossier: 'd9' }))
      .thenRefused('SubjectUnknown'));
});
