import { recalling } from '../../testing/asks.js';
import { mayOnlyHolder } from '../../testing/follows.js';
import { held, recalled, registered, returned } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('recall', () => {
  const filed = [registered({ class: 'reviewed' })];
  it('takes a claim back that waits, or that was returned', async () => {
    await given(filed).when(recalling()).then({ type: 'Recalled', registrationId: 'd1.1' });
    await given(filed, returned()).when(recalling()).then({ type: 'Recalled', registrationId: 'd1.1' });
  });
  it('records nothing the second time', () => given(filed, recalled()).when(recalling()).thenNothing());
  it('is refused once it is decided', () => given(held()).when(recalling()).thenRefused('AlreadyDecided'));
  it('is refused to others', () =>
    given(filed)
      .when(recalling({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
  it('is refused alike for a claim nobody filed: a stranger does not learn which exist', () =>
    given(filed)
      .when(recalling({ n: 7 }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
});
