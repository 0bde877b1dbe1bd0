import { personal } from '#event-sourcing/event.js';
import { rejecting } from '../../testing/asks.js';
import { mayOnly, permits } from '../../testing/follows.js';
import { held, registered, rejected } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('reject', () => {
  const filed = [registered({ class: 'reviewed' })];
  it('says no; the grounds are sealed', () =>
    given(filed)
      .when(rejecting())
      .then({
        type: 'Rejected',
        cause: 'byReviewer',
        registrationId: 'd1.1',
        grounds: personal('不符'),
        because: [permits('reject', 'reviewer', 'director')],
      }));
  it('records nothing for a claim that is rejected', () => given(filed, rejected()).when(rejecting()).thenNothing());
  it('is refused for a claim that is protected', () => given(held()).when(rejecting()).thenRefused('NotUnderReview'));
  it("is refused to another step's reviewer, and to who is none", () =>
    given(filed)
      .when(rejecting({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer', 'director')));
  it('is refused for a claim nobody filed', () =>
    given(filed)
      .when(rejecting({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
  it('is refused for a dossier nobody opened', () =>
    given(filed)
      .when(rejecting({ dossier: 'd9' }))
      .thenRefused('RegistrationUnknown'));
});
