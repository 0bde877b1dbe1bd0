import { decidingExtension } from '../../testing/asks.js';
import { extendsTo, mayOnly, permits } from '../../testing/follows.js';
import { conflictRaised, extensionRequested, held, registered } from '../../testing/past.js';
import { given } from '../../testing/rehearsal.js';

describe('decide an extension', () => {
  const asked = [...held(), extensionRequested()];
  it('prolongs from the old end on', () =>
    given(asked)
      .when(decidingExtension())
      .then(extendsTo('d1.1', '2026-03-16', 7)));
  it('prolongs by the length that was chosen', () =>
    given(asked)
      .when(decidingExtension({ chosen: { days: 15, counting: 'exclusive' } }))
      .then(extendsTo('d1.1', '2026-03-24', 15)));
  it('says no; the clock runs on as it was', () =>
    given(asked)
      .when(decidingExtension({ grant: false }))
      .then({ type: 'ExtensionRefused', registrationId: 'd1.1', because: [permits('decideExtension', 'reviewer')] }));
  it('is refused for a length outside the range', () =>
    given(asked)
      .when(decidingExtension({ chosen: { days: 16, counting: 'exclusive' } }))
      .thenRefused('LengthOutOfRange', { counting: ['exclusive'], max: 15, min: 5, unit: 'days' }));
  it('is refused where nobody asked', () => given(held()).when(decidingExtension()).thenRefused('NothingAsked'));
  it('is refused once the clock ran out, and while a case is open', async () => {
    await given(asked)
      .when(decidingExtension({ at: '2026-03-10 00:00' }))
      .thenRefused('NotProtected');
    await given(asked, registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(decidingExtension())
      .thenRefused('InCase');
  });
  it('is refused to the one who asked', () =>
    given(asked)
      .when(decidingExtension({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
  it('is refused for a claim nobody filed', () =>
    given(asked)
      .when(decidingExtension({ n: 7 }))
      .thenRefused('RegistrationUnknown'));
});
