import { meetingDeadlines } from '../../testing/asks.js';
import { abandons, because, loses, protects, rejects, resumes, stoodStill, terminates } from '../../testing/follows.js';
import { conflictRaised, extensionRequested, held, registered } from '../../testing/past.js';
import { endOfLastDay, given } from '../../testing/rehearsal.js';

describe('meet deadlines', () => {
  it('records nothing one millisecond before the end', () =>
    given(held())
      .when({ ...meetingDeadlines(), at: '2026-03-09T15:59:59.999Z' as never })
      .thenNothing());
  it('records the end at the very moment, under the name the policy gives it', () =>
    given(held())
      .when({ ...meetingDeadlines(), at: endOfLastDay('2026-03-09') })
      .then(abandons('d1.1', '2026-03-09')));
  it('expires who had asked for more', () =>
    given(held(), extensionRequested())
      .when(meetingDeadlines({ at: '2026-03-20' }))
      .then({
        type: 'Expired',
        endedAt: endOfLastDay('2026-03-09'),
        registrationId: 'd1.1',
        because: [because('protection', { extensionAsked: true })],
      }));
  it('approves what nobody reviewed in time, from then on', () =>
    given(registered({ class: 'reviewed' }))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then(
        protects('d1.1', {
          class: 'reviewed',
          from: '2026-03-03',
          until: '2026-03-23',
          after: because('review.check', { roles: ['reviewer'] }),
        }),
      ));
  it('rejects it where the policy said so when it was filed', () =>
    given(registered({ class: 'reviewed', onTimeout: 'reject' }))
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then(rejects('d1.1', 'reviewTimedOut', because('review.check', { roles: ['reviewer'] }))));
  it('approves so too what ranks before the protection, and ends that at the same instant', () =>
    given(
      held({ at: '2026-03-02 12:00' }),
      registered({ n: 2, by: 'dealer-b', class: 'reviewed', at: '2026-03-02 13:00', rankedAt: '2026-03-02 11:00' }),
    )
      .when(meetingDeadlines({ at: '2026-03-05' }))
      .then(
        terminates(
          'd1.1',
          'earlierClaim',
          '2026-03-03 13:00',
          because('collision.lateArrival', { outcome: 'overturn' }),
        ),
        protects('d1.2', {
          of: 'dealer-b',
          class: 'reviewed',
          from: '2026-03-03 13:00',
          until: '2026-03-23',
          after: because('review.check', { roles: ['reviewer'] }),
        }),
      ));
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
      .then(resumes('d1.1', '2026-03-14', stoodStill));
    await given(...inCase)
      .when(meetingDeadlines({ at: '2026-03-20' }))
      .then(resumes('d1.1', '2026-03-14', stoodStill), abandons('d1.1', '2026-03-14'));
  });
  it('takes what fell due together in the order of time, not of filing', () =>
    given(
      registered({ class: 'reviewed', at: '2026-03-02 12:00' }),
      { ...registered({ n: 2, by: 'dealer-b', class: 'reviewed', at: '2026-03-02 13:00' }) },
      registered({ n: 3, by: 'dealer-c', class: 'reviewed', at: '2026-03-02 14:00' }),
    )
      .when(meetingDeadlines({ at: '2026-03-09' }))
      .then(
        protects('d1.1', {
          class: 'reviewed',
          from: '2026-03-03 12:00',
          until: '2026-03-23',
          after: because('review.check', { roles: ['reviewer'] }),
        }),
        loses('d1.2'),
        loses('d1.3'),
      ));
  it('is refused for a dossier nobody opened', () =>
    given()
      .when(meetingDeadlines({ dossier: 'd9' }))
      .thenRefused('SubjectUnknown'));
});
