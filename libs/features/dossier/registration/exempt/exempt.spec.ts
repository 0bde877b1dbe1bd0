import { personal } from '#event-sourcing/event.js';
import { partly } from '#event-sourcing/testing/given-when-then.js';
import type { Code, PartyId, Reasons } from '#event-sourcing/vocabulary.js';
import type { FlagId, RegistrationId } from '../../events.js';
import { exempting } from '../../testing/asks.js';
import { inDossier, mayOnly, opensAsked, permits } from '../../testing/follows.js';
import { held, inDossier as happenedIn, merged, released } from '../../testing/past.js';
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
  it('lifts a flag where it was raised, also where that dossier was merged away since', () =>
    given(
      held(),
      held({ dossier: 'd2', phone: '13800000002' }),
      happenedIn(
        { dossier: 'd2' },
        {
          type: 'Flagged',
          flagId: 'd2.f1' as FlagId,
          flag: 'late' as Code,
          partyId: 'dealer-a' as PartyId,
          about: 'register' as Code,
          registrationId: 'd2.1' as RegistrationId,
          because: [] as unknown as Reasons,
        },
      ),
      released({ dossier: 'd2' }),
      merged({ from: 'd2', into: 'd1' }),
    )
      .when(exempting({ flag: 'late', phone: '13800000002' }))
      .then(inDossier('d2', partly({ type: 'Exempted', lifts: ['d2.f1'] }) as never)));
  it('is refused for a flag that stands nowhere', () =>
    given(held())
      .when(exempting({ flag: 'late' }))
      .thenRefused('FlagUnknown'));
});
