import type { PartyId } from '#event-sourcing/vocabulary.js';
import { administering, inStream } from '../../dossier/testing/administering.js';
import { given, on } from '../../dossier/testing/rehearsal.js';
import type { MembershipChanged } from '../events.js';
import { partyStream } from '../facts.js';
import { changeMembership } from './change-membership.js';

describe('change a membership', () => {
  const member = { partyId: 'dealer-a' as PartyId, memberOf: 'desk' as PartyId, from: on('2026-03-01') };
  const known: MembershipChanged = { type: 'MembershipChanged', ...member };
  it('says of which team somebody is a member, from when to when', () =>
    given()
      .when(administering(changeMembership, { ...member, until: on('2026-04-01') }))
      .then({
        type: 'MembershipChanged',
        from: on('2026-03-01'),
        memberOf: 'desk',
        partyId: 'dealer-a',
        until: on('2026-04-01'),
      }));
  it('corrects when it ends by a further fact', () =>
    given(inStream(partyStream(member.partyId), '2026-03-01', known))
      .when(administering(changeMembership, { ...member, until: on('2026-04-01') }))
      .then({
        type: 'MembershipChanged',
        from: on('2026-03-01'),
        memberOf: 'desk',
        partyId: 'dealer-a',
        until: on('2026-04-01'),
      }));
  it('records nothing that is known', () =>
    given(inStream(partyStream(member.partyId), '2026-03-01', known))
      .when(administering(changeMembership, member))
      .thenNothing());
  it('is refused for a party nobody enrolled, and of itself', async () => {
    await given()
      .when(administering(changeMembership, { ...member, partyId: 'stranger' as PartyId }))
      .thenRefused('PartyUnknown');
    await given()
      .when(administering(changeMembership, { ...member, memberOf: 'nobody' as PartyId }))
      .thenRefused('PartyUnknown');
    await given()
      .when(administering(changeMembership, { ...member, memberOf: member.partyId }))
      .thenRefused('MemberOfItself');
  });
  it('is refused when it ends before it begins', () =>
    given()
      .when(administering(changeMembership, { ...member, until: member.from }))
      .thenRefused('EndsBeforeItBegins', { after: member.from }));
  it('is refused to who is no administrator', () =>
    given()
      .when(administering(changeMembership, member, { by: 'dealer-a' }))
      .thenRefused('RoleMissing', { roles: ['administrator'] }));
});
