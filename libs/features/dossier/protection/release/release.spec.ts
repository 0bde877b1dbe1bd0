import { releasing } from '../../testing/asks.js';
import { because, mayOnlyHolder } from '../../testing/follows.js';
import { conflictRaised, held, merged, registered, released } from '../../testing/past.js';
import { given, on } from '../../testing/rehearsal.js';

describe('release', () => {
  it('gives a protected customer back, from now on', () =>
    given(held())
      .when(releasing())
      .then({
        type: 'Released',
        endedAt: on('2026-03-02 15:00'),
        registrationId: 'd1.1',
        because: [because('permissions.release', { relations: ['holder', 'filer'], roles: [] })],
      }));
  it('records nothing the second time', () => given(held(), released()).when(releasing()).thenNothing());
  it('is refused for a claim that waits', () =>
    given(registered({ class: 'reviewed' }))
      .when(releasing())
      .thenRefused('NotProtected'));
  it('is refused once the clock ran out', () =>
    given(held())
      .when(releasing({ at: '2026-03-10 00:00' }))
      .thenRefused('NotProtected'));
  it('is refused while a case is open', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(releasing())
      .thenRefused('InCase'));
  it('is refused to others, and alike for a claim nobody filed', async () => {
    await given(held())
      .when(releasing({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
    await given(held())
      .when(releasing({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder);
  });
  it('is refused in a dossier that was merged, and says where the customer lives on', () =>
    given(
      held({ dossier: 'd2', phone: '13800000002' }),
      registered({ class: 'reviewed' }),
      merged({ from: 'd2', into: 'd1' }),
    )
      .when(releasing({ dossier: 'd2' }))
      .thenRefused('SubjectMerged', { dossierId: 'd1' }));
});
