import { personal } from '#event-sourcing/event.js';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import { administering } from '../../dossier/testing/administering.js';
import { given } from '../../dossier/testing/rehearsal.js';
import { enrolParty } from './enrol-party.js';

describe('enrol a party', () => {
  const dealer = { partyId: 'dealer-z' as PartyId, kind: 'dealer', name: '江畔渠道', code: 'Z01' as Code } as const;
  it('makes somebody known who can act; the name is sealed', async () => {
    const { events } = await given()
      .when(administering(enrolParty, dealer))
      .then({
        type: 'PartyEnrolled',
        code: 'Z01',
        partyId: 'dealer-z',
        partyKind: 'dealer',
        name: personal('江畔渠道'),
      });
    expect(events[0]!.event).not.toHaveProperty('name');
    expect(events[0]!.boxes.party).toBeDefined();
  });
  it('is refused for one who is enrolled', () =>
    given()
      .when(administering(enrolParty, { ...dealer, partyId: 'dealer-a' as PartyId }))
      .thenRefused('PartyExists'));
  it.each(['baobei', 'baobei-clock', 'baobei-notices'])('is refused for %s, which the system itself acts as', (party) =>
    given()
      .when(administering(enrolParty, { ...dealer, partyId: party as PartyId }))
      .thenRefused('PartyExists'),
  );
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(enrolParty, dealer, { by: 'dealer-a' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
