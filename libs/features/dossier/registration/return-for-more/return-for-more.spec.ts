import { personal } from '#event-sourcing/event.js';
import { returning } from '../../testing/asks.js';
import { mayOnly, permits } from '../../testing/follows.js';
import { held, registered, returned } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('return for more', () => {
  const filed = [registered({ class: 'reviewed' })];
  it('hands the claim back at the step that waits', () =>
    given(filed)
      .when(returning())
      .then({
        type: 'Returned',
        registrationId: 'd1.1',
        step: 'check',
        wanted: personal('名片'),
        because: [permits('returnForMore', 'reviewer', 'director')],
      }));
  it("stops the review's clock: the day after, nothing is due", () =>
    given(filed, returned())
      .when(returning({ at: '2026-03-09' }))
      .thenNothing());
  it('is refused for a claim that is protected', () => given(held()).when(returning()).thenRefused('NotUnderReview'));
  it('is refused to whom the policy does not let', () =>
    given(filed)
      .when(returning({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer', 'director')));
  it('is refused for a claim nobody filed', () =>
    given(filed)
      .when(returning({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
});
