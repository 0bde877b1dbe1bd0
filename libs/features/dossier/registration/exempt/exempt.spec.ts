import { personal } from '#event-sourcing/event.js';
import { exempting } from '../../testing/asks.js';
import { inDossier, mayOnly, opensAsked, permits } from '../../testing/follows.js';
import { given, on } from '../../testing/rehearsal.js';

describe('exempt', () => {
  it('forgives one party by name, before it files', () =>
    given()
      .when(exempting({ to: 'dealer-b', until: '2026-03-04' }))
      .then(
        opensAsked(),
        inDossier('new-when', {
          type: 'Exempted',
          partyId: 'dealer-b',
          until: on('2026-03-04'),
          grounds: personal('系统停机'),
          because: [permits('exempt', 'reviewer')],
        }),
      ));
  it('is refused for a time that is over', () =>
    given()
      .when(exempting({ until: '2026-03-02 15:00' }))
      .thenRefused('AlreadyOver', { after: on('2026-03-02 15:00') }));
  it('is refused for a party that nobody enrolled', () =>
    given()
      .when(exempting({ to: 'stranger' }))
      .thenRefused('PartyUnknown'));
  it('is refused where nobody can tell whom it is about', () =>
    given()
      .when(exempting({ form: { name: '王芳' } }))
      .thenRefused('SubjectNotIdentified'));
  it('is refused to whom the policy does not let', () =>
    given()
      .when(exempting({ by: 'dealer-a' }))
      .thenRefused('OperationNotPermitted', mayOnly('reviewer')));
});
