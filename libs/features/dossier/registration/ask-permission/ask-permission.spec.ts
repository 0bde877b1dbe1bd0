import { askingPermission } from '../../testing/asks.js';
import { inDossier, opens, mayOnly } from '../../testing/follows.js';
import { held } from '../../testing/past.js';
import { endOfLastDay, given } from '../../testing/rehearsal.js';

describe('ask permission', () => {
  it('is kept with who asked, in a dossier opened for it', () =>
    given()
      .when(askingPermission({ class: 'permitted' }))
      .then(opens(), inDossier('new-when', { type: 'PermissionAsked', partyId: 'dealer-a' })));
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
