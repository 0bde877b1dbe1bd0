import type { PartyId } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, on, programId } from '../../dossier/testing/rehearsal.js';
import type { RoleGranted } from '../events.js';
import { partyStream } from '../facts.js';
import { revokeRole } from './revoke-role.js';

describe('revoke a role', () => {
  const reviewer = { partyId: 'reviewer' as PartyId, role: 'reviewer' } as const;
  it('takes it away from now on', () =>
    given()
      .when(administering(revokeRole, reviewer))
      .then({ type: 'RoleRevoked', at: on('2026-03-02 15:00'), partyId: 'reviewer', role: 'reviewer' }));
  it('records nothing where it is not held, or only in another program', async () => {
    await given()
      .when(administering(revokeRole, { ...reviewer, partyId: 'dealer-a' as PartyId }))
      .thenNothing();
    await given()
      .when(administering(revokeRole, { ...reviewer, programId }))
      .thenNothing();
  });
  it('is refused for one’s own administration: whoever takes one away remains', async () => {
    const own = { partyId: 'administrator' as PartyId, role: 'administrator' } as const;
    await given().when(administering(revokeRole, own)).thenRefused('OwnRole');
    const other: RoleGranted = { type: 'RoleGranted', ...own, partyId: 'dealer-c' as PartyId, from: on('2026-03-01') };
    await given(inStream(partyStream(other.partyId), '2026-03-01', other))
      .when(administering(revokeRole, own, { by: 'dealer-c' }))
      .then({ type: 'RoleRevoked', at: on('2026-03-02 15:00'), ...own });
  });
  it('is refused for a party nobody enrolled', () =>
    given()
      .when(administering(revokeRole, { ...reviewer, partyId: 'stranger' as PartyId }))
      .thenRefused('PartyUnknown'));
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(revokeRole, reviewer, { by: 'reviewer' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
