import { grantingPermission } from '../../testing/asks.js';
import { inDossier, mayOnly, opensAsked, permits } from '../../testing/follows.js';
import { held } from '../../testing/past.js';
import { endOfLastDay, given, on, under } from '../../testing/rehearsal.js';

describe('grant permission', () => {
  it('lets one party file, for as long as the policy says', () =>
    given()
      .when(grantingPermission({ class: 'permitted', to: 'dealer-b' }))
      .then(
        opensAsked(),
        inDossier('new-when', {
          type: 'PermissionGranted',
          partyId: 'dealer-b',
          until: on('2026-03-03 15:00'),
          because: [permits('grantPermission', 'reviewer')],
        }),
      ));
  it('has no end where the policy sets none', async () => {
    const { events } = await under({ ', validFor: { hours: 24 }': '' })
      .given()
      .when(grantingPermission({ class: 'permitted' }))
      .then(
        opensAsked(),
        inDossier('new-when', {
          type: 'PermissionGranted',
          partyId: 'dealer-a',
          because: [permits('grantPermission', 'reviewer')],
        }),
      );
    expect(events.at(-1)!.event).not.toHaveProperty('until');
  });
  it('is refused while somebody else is protected, not to the holder', async () => {
    await given(held())
      .when(grantingPermission({ to: 'dealer-b' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') });
    await given(held())
      .when(grantingPermission({ to: 'dealer-a' }))
      .then(
        inDossier('d1', {
          type: 'PermissionGranted',
          partyId: 'dealer-a',
          because: [permits('grantPermission', 'reviewer')],
        }),
      );
  });
  it('is refused for a party that nobody enrolled', () =>
    given()
      .when(grantingPermission({ to: 'stranger' }))
      .thenRefused('PartyUnknown'));
  it('is refused where nobody can tell whom it is about', () =>
    given()
      .when(grantingPermission({ form: { name: '王芳' } }))
      .thenRefused('SubjectNotIdentified'));
  it('is refused to whom the policy does not let', () =>
    given()
      .when(grantingPermission({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
});
