import type { PartyId } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { approving } from '../../dossier/testing/asks.js';
import { byReviewers, protects, mayOnly } from '../../dossier/testing/follows.js';
import { registered } from '../../dossier/testing/past.js';
import { given, on, programId } from '../../dossier/testing/rehearsal.js';
import type { RoleGranted } from '../events.js';
import { partyStream } from '../facts.js';
import { grantRole } from './grant-role.js';

describe('grant a role', () => {
  const reviewer = { partyId: 'dealer-c' as PartyId, role: 'reviewer', programId, from: on('2026-03-01') } as const;
  const granted: RoleGranted = { type: 'RoleGranted', ...reviewer };
  it('gives it in one program, from a time on', () =>
    given()
      .when(administering(grantRole, reviewer))
      .then({ type: 'RoleGranted', from: on('2026-03-01'), partyId: 'dealer-c', programId, role: 'reviewer' }));
  it('lets whoever holds it act, until it ends', async () => {
    const until = (end: string): RoleGranted => ({ ...granted, until: on(end) });
    await given(
      inStream(partyStream(reviewer.partyId), '2026-03-01', until('2026-03-03')),
      registered({ class: 'reviewed' }),
    )
      .when(approving({ by: 'dealer-c', at: '2026-03-02 23:00' }))
      .then(protects('d1.1', { class: 'reviewed', from: '2026-03-02 23:00', until: '2026-03-22', after: byReviewers }));
    await given(
      inStream(partyStream(reviewer.partyId), '2026-03-01', until('2026-03-02 15:00')),
      registered({ class: 'reviewed' }),
    )
      .when(approving({ by: 'dealer-c' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer', 'director'));
  });
  it('records nothing that is known', () =>
    given(inStream(partyStream(reviewer.partyId), '2026-03-01', granted))
      .when(administering(grantRole, reviewer))
      .thenNothing());
  it('is refused for a party nobody enrolled', () =>
    given()
      .when(administering(grantRole, { ...reviewer, partyId: 'stranger' as PartyId }))
      .thenRefused('PartyUnknown'));
  it('is refused when it ends before it begins', () =>
    given()
      .when(administering(grantRole, { ...reviewer, until: reviewer.from }))
      .thenRefused('EndsBeforeItBegins', { after: reviewer.from }));
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(grantRole, reviewer, { by: 'reviewer' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
