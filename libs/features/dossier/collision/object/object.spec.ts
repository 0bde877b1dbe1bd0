import type { Code } from '#event-sourcing/vocabulary.js';
import { objecting } from '../../testing/asks.js';
import { approved, arbitrated, conflictRaised, held, registered, rejected } from '../../testing/past.js';
import { endOfLastDay, given } from '../../testing/rehearsal.js';

describe('object', () => {
  const answered = {
    ...rejected({ n: 2 }),
    written: rejected({ n: 2 }).written.map((each) => ({
      ...each,
      event: { ...each.event, cause: 'anotherClaimApproved' as Code },
    })),
  };
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
        { type: 'Objected', registrationId: 'd1.2', evidence: ['calls'] },
        { type: 'ConflictRaised', cause: 'objection', claims: ['d1.1', 'd1.2'], suspended: { registrationId: 'd1.1' } },
      ));
  it('is in time until the window closes, and too late from then on', async () => {
    await given(lost)
      .when(objecting({ at: '2026-03-05 23:59' }))
      .then('Objected', 'ConflictRaised');
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
    given(
      lost,
      {
        ...conflictRaised(),
        written: conflictRaised().written.map((each) => ({
          ...each,
          event: { ...each.event, cause: 'objection' } as never,
        })),
      },
      arbitrated({ winner: 1 }),
      rejected({ n: 2 }),
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
