import { requestingExtension } from '../../testing/asks.js';
import { extendsTo, mayOnlyHolder } from '../../testing/follows.js';
import { conflictRaised, extended, extensionRequested, held, registered } from '../../testing/past.js';
import { given, under } from '../../testing/rehearsal.js';

describe('request an extension', () => {
  it('is in time until the end of the last allowed day', () =>
    given(held())
      .when(requestingExtension({ at: '2026-03-07 23:59' }))
      .then({ type: 'ExtensionRequested', evidence: ['followUps'], registrationId: 'd1.1' }));
  it('is too late the day after, and says what the last moment was', () =>
    given(held())
      .when(requestingExtension({ at: '2026-03-08 00:00' }))
      .thenRefused('ExtensionTooLate', { latest: '2026-03-07T15:59:59.999Z' }));
  it('is granted at once where the policy names nobody to decide', () =>
    under({ 'transfer, decideExtension,': 'transfer,' })
      .given(held())
      .when({ ...requestingExtension(), again: 'nothing' })
      .then(
        { type: 'ExtensionRequested', evidence: ['followUps'], registrationId: 'd1.1' },
        extendsTo('d1.1', '2026-03-16', 7, '2026-03-02 15:00'),
      ));
  it('asked twice, records once', () => given(held(), extensionRequested()).when(requestingExtension()).thenNothing());
  it('is refused without what the policy wants shown', () =>
    given(held())
      .when(requestingExtension({ evidence: [] }))
      .thenRefused('EvidenceMissing', { evidence: ['followUps'] }));
  it('is refused when it was extended as often as allowed', () =>
    given(held(), extended({ until: '2026-03-16' }))
      .when(requestingExtension())
      .thenRefused('ExtensionTimesUsed', { timesMax: 1 }));
  it('is refused in a class that knows none', () =>
    given(held({ class: 'permitted' }))
      .when(requestingExtension())
      .thenRefused('ExtensionUnavailable'));
  it('is refused for a claim that waits, and once the clock ran out', async () => {
    await given(registered({ class: 'reviewed' }))
      .when(requestingExtension())
      .thenRefused('NotProtected');
    await given(held())
      .when(requestingExtension({ at: '2026-03-10 00:00' }))
      .thenRefused('NotProtected');
  });
  it('is refused while a case is open', () =>
    given(held(), registered({ n: 2, by: 'dealer-b' }), conflictRaised())
      .when(requestingExtension())
      .thenRefused('InCase'));
  it('is refused to others', () =>
    given(held())
      .when(requestingExtension({ by: 'dealer-b' }))
      .thenRefused('OperationNotPermitted', mayOnlyHolder));
});
