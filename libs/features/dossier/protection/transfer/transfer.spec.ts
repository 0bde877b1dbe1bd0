import { personal } from '#event-sourcing/event.js';
import { transferring } from '../../testing/asks.js';
import { mayOnly, permits } from '../../testing/follows.js';
import { conflictRaised, held, registered, transferred } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('transfer', () => {
  it('hands a protected customer to another party', () =>
    given(held())
      .when(transferring())
      .then({
        type: 'Transferred',
        from: 'dealer-a',
        registrationId: 'd1.1',
        to: 'dealer-b',
        grounds: personal('离职'),
        because: [permits('transfer', 'reviewer')],
      }));
  it('records nothing when that party holds it', () =>
    given(held(), transferred({ to: 'dealer-b' }))
      .when(transferring())
      .thenNothing());
  it('is refused to a party nobody enrolled', () =>
    given(held())
      .when(transferring({ to: 'stranger' }))
      .thenRefused('PartyUnknown'));
  it('is refused for a claim that waits, or whose clock ran out', async () => {
    await given(registered({ class: 'reviewed' }))
      .when(transferring())
      .thenRefused('NotProtected');
    await given(held())
      .when(transferring({ at: '2026-03-10 00:00' }))
      .thenRefused('NotProtected');
  });
  it('is refused while a case is open', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(transferring({ to: 'dealer-c' }))
      .thenRefused('InCase'));
  it('is refused to whom the policy does not let', () =>
    given(held())
      .when(transferring({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused for a claim nobody filed', () =>
    given(held())
      .when(transferring({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
});
