import { askingPermission } from '../../testing/asks.js';
import { inDossier, opensAsked, mayOnly } from '../../testing/follows.js';
import { held } from '../../testing/past.js';
import { endOfLastDay, given } from '../../testing/rehearsal.js';

describe('ask permission', () => {
  it('is kept with who asked, in a dossier opened for it', () =>
    given()
      .when(askingPermission({ class: 'permitted' }))
      .then(opensAsked(), inDossier('new-when', { type: 'PermissionAsked', partyId: 'dealer-a' })));
  it("never takes a rival's customer: own name and the rival's code join nothing, and nothing is bound", async () => {
    const crossed = { phone: '13800000002', account: 'wang' };
    const past = [
      held({ phone: '13800000002' }),
      held({ dossier: 'd2', phone: '13800000003', account: 'wang', by: 'dealer-b', at: '2026-03-02 12:00' }),
    ];
    await given(...past)
      .when(askingPermission(crossed))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') });
    await given(...past)
      .when(askingPermission({ ...crossed, by: 'dealer-b' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') });
  });
  it('binds no further key to a customer that somebody has named', () =>
    given(held())
      .when(askingPermission({ account: 'wang' }))
      .then(inDossier('d1', { type: 'PermissionAsked', partyId: 'dealer-a' })));
  it('joins no two customers of its own: that is said by a filing', () =>
    given(held(), held({ dossier: 'd2', phone: '13800000002', account: 'wang', at: '2026-03-02 12:00' }))
      .when(askingPermission({ account: 'wang' }))
      .then(inDossier('d1', { type: 'PermissionAsked', partyId: 'dealer-a' })));
  it('may be asked by the holder', () =>
    given(held())
      .when(askingPermission())
      .then(inDossier('d1', { type: 'PermissionAsked', partyId: 'dealer-a' })));
  it('is refused while another is protected', () =>
    given(held())
      .when(askingPermission({ by: 'dealer-b' }))
      .thenRefused('ProtectedByAnother', { freeFrom: endOfLastDay('2026-03-09') }));
  it('is refused where nobody can tell whom it is about', () =>
    given()
      .when(askingPermission({ form: { name: '王芳' } }))
      .thenRefused('SubjectNotIdentified'));
  it('is refused to a stranger', () =>
    given()
      .when(askingPermission({ by: 'stranger' }))
      .thenRefused('OperationNotPermitted', mayOnly('party')));
});
