import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { approving } from '../../dossier/testing/asks.js';
import { byReviewers, protects, mayOnly } from '../../dossier/testing/follows.js';
import { registered } from '../../dossier/testing/past.js';
import { given, on, programId } from '../../dossier/testing/rehearsal.js';
import type { RoleGranted } from '../events.js';
import { partyStream } from '../facts.js';
import { grantRole } from './grant-role.js';

describe('grant a role', () => {
  const reviewer = {
    partyId: 'dealer-c' as PartyId,
    role: 'reviewer',
    programId,
    from: on('2026-03-02 15:00'),
  } as const;
  const earlier = { ...reviewer, from: on('2026-03-01') };
  // What comes from the host itself may: an old register is imported with its roles.
  const byApi = { receivedBy: 'api' as Code };
  const granted: RoleGranted = { type: 'RoleGranted', ...earlier };
  it('gives it in one program, from a time on', () =>
    given()
      .when(administering(grantRole, reviewer))
      .then({ type: 'RoleGranted', from: reviewer.from, partyId: 'dealer-c', programId, role: 'reviewer' }));
  it('is refused from the past on: nobody may after the fact do what was done without the role', async () => {
    await given()
      .when(administering(grantRole, { ...earlier, ...byApi }))
      .thenRefused('InThePast', { from: on('2026-03-02 15:00') });
    const hurried = { ...reviewer, from: on('2026-03-02 14:50') };
    await given()
      .when(administering(grantRole, { ...hurried, ...byApi }))
      .then({ type: 'RoleGranted', ...hurried });
  });
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
      .when(administering(grantRole, earlier))
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
