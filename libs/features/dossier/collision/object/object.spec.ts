import { personal } from '#event-sourcing/event.js';
import type { Past } from '#event-sourcing/testing/given-when-then.js';
import { objecting } from '../../testing/asks.js';
import { because, raises } from '../../testing/follows.js';
import { approved, arbitrated, conflictRaised, held, registered, rejected } from '../../testing/past.js';
import { endOfLastDay, given, on } from '../../testing/rehearsal.js';

describe('object', () => {
  const withCause = (past: Past, cause: string): Past => ({
    ...past,
    written: past.written.map((each) => ({ ...each, event: { ...each.event, cause } as never })),
  });
  const answered = withCause(rejected({ n: 2 }), 'anotherClaimApproved');
  const verdictAgainst = withCause(rejected({ n: 2 }), 'verdict');
  const raised = (cause: string, claims = [1, 2]) => withCause(conflictRaised({ claims }), cause);
  const lost = [
    registered({ class: 'reviewed' }),
    registered({ n: 2, by: 'dealer-b', class: 'reviewed' }),
    approved({ class: 'reviewed', until: '2026-03-22' }),
    answered,
  ];

  it('opens a case against the one who was approved, whose clock stands still', () =>
    given(lost)
      .when(objecting())
      .then(
        { type: 'Objected', evidence: ['calls'], registrationId: 'd1.2', grounds: personal('先到') },
        raises('d1.c1', {
          cause: 'objection',
          claims: ['d1.1', 'd1.2'],
          stands: { left: 21, through: '2026-03-16' },
          after: because('objections', {
            counting: 'exclusive',
            days: 3,
            noticedAt: on('2026-03-02'),
            now: on('2026-03-02 15:00'),
          }),
        }),
      ));
  it('is in time until the window closes, and too late from then on', async () => {
    await given(lost)
      .when(objecting({ at: '2026-03-05 23:59' }))
      .then(
        { type: 'Objected', evidence: ['calls'], registrationId: 'd1.2', grounds: personal('先到') },
        raises('d1.c1', {
          cause: 'objection',
          claims: ['d1.1', 'd1.2'],
          at: '2026-03-05 23:59',
          stands: { left: 18, through: '2026-03-19' },
          after: because('objections', {
            counting: 'exclusive',
            days: 3,
            noticedAt: on('2026-03-02'),
            now: on('2026-03-05 23:59'),
          }),
        }),
      );
    await given(lost)
      .when(objecting({ at: '2026-03-06 00:00' }))
      .thenRefused('ObjectionTooLate', { before: endOfLastDay('2026-03-05') });
  });
  it('is refused without evidence', () =>
    given(lost)
      .when(objecting({ evidence: [] }))
      .thenRefused('EvidenceMissing', { evidence: ['calls'] }));
  it('is refused where nothing was lost to another', () =>
    given(held())
      .when(objecting({ by: 'dealer-a', n: 1 }))
      .thenRefused('NothingToObjectTo'));
  it('is refused a second time', () =>
    given(lost, raised('objection'), arbitrated({ winner: 1 }), verdictAgainst)
      .when(objecting())
      .thenRefused('ObjectionDecided'));
  it('is refused a second time also where a claim of an earlier rank joined the case of the objection', () =>
    given(
      lost,
      raised('objection'),
      registered({ n: 3, by: 'dealer-c', at: '2026-03-02 11:00' }),
      raised('lateArrival', [1, 2, 3]),
      arbitrated({ winner: 1 }),
      verdictAgainst,
    )
      .when(objecting())
      .thenRefused('ObjectionDecided'));
  it('is refused alike to others and for a claim nobody filed', async () => {
    await given(lost)
      .when(objecting({ by: 'dealer-c' }))
      .thenRefused('RegistrationUnknown');
    await given(lost)
      .when(objecting({ n: 7 }))
      .thenRefused('RegistrationUnknown');
  });
});
