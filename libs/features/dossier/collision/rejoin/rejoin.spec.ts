import { personal } from '#event-sourcing/event.js';
import { rejoining } from '../../testing/asks.js';
import { inDossier, maybeOne, mayOnly, merges, permits, raises } from '../../testing/follows.js';
import { held, merged, registered, released, separated } from '../../testing/past.js';
import { given, under } from '../../testing/rehearsal.js';

describe('rejoin', () => {
  const second = { dossier: 'd2', phone: '13800000002', account: 'wang' };
  const apart = [merged({ from: 'd2', into: 'd1' }), separated({ from: 'd2', into: 'd1' })];
  const byReviewer = permits('rescindRuling', 'reviewer');
  const rescinds = (here: string) =>
    inDossier(here, {
      type: 'DistinctRescinded',
      one: 'd1',
      other: 'd2',
      grounds: personal('原是一人'),
      because: [byReviewer],
    });

  it('makes them one where nobody loses by it', () =>
    given(held(), held(second), released({ ...second, at: '2026-03-02' }), ...apart)
      .when(rejoining())
      .then(
        rescinds('d1'),
        merges('d2', 'd1', 'd1', byReviewer),
        rescinds('d2'),
        merges('d2', 'd1', 'd2', byReviewer),
      ));
  it('asks whoever arbitrates where somebody would', () =>
    given(held(), registered({ ...second, by: 'dealer-b', class: 'reviewed' }), ...apart)
      .when(rejoining())
      .then(
        rescinds('d1'),
        raises('d1.c1', {
          ...maybeOne,
          after: [byReviewer, maybeOne.after[1]!],
          claims: ['d1.1'],
          elsewhere: ['d2.c1'],
          stands: { left: 8, through: '2026-03-16' },
        }),
        rescinds('d2'),
        raises('d2.c1', {
          ...maybeOne,
          after: [byReviewer, maybeOne.after[1]!],
          claims: ['d2.1'],
          elsewhere: ['d1.c1'],
        }),
      ));
  it('is refused where somebody would and the policy has nobody to ask', () =>
    under({ 'ownRepeat: refuse': 'ownRepeat: refuse\n  possibleSameSubject: refuse' })
      .given(held(), held({ ...second, by: 'dealer-b' }), ...apart)
      .when(rejoining())
      .thenRefused('ClaimsOnBoth', { claims: ['d1.1', 'd2.1'] }));
  it('is refused for what nobody ruled to be two, for strangers, and of what is not there', async () => {
    await given(held(), held(second)).when(rejoining()).thenRefused('NotDistinct');
    await given(held(), held(second), ...apart)
      .when(rejoining({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer'));
    await given(held())
      .when(rejoining({ other: 'd9' }))
      .thenRefused('SubjectUnknown');
  });
  it('records nothing where they are one', () =>
    given(held(), held(second), merged({ from: 'd2', into: 'd1' }))
      .when(rejoining())
      .thenNothing());
  it('is nobody’s in their own cause', () =>
    under({
      'rescindRuling, grantPermission': 'grantPermission',
      'may: arbitrate, roles: arbiter': 'may: [arbitrate, rescindRuling], roles: [arbiter, party]',
    })
      .given(held(), held({ ...second, by: 'dealer-b' }), ...apart)
      .when(rejoining({ by: 'dealer-b' }))
      .thenRefused('OwnCause'));
});
