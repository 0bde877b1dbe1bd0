import { accept, refuse } from '#event-sourcing/decision.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { collisionRule } from '#policy/clauses/collision.js';
import { permissionEnds } from '#policy/clauses/filing-permission.js';
import { protecting } from '../../dossier.js';
import { freeFrom } from '../../registration.js';
import { field } from '../../../deciding/input.js';
import { mayAct, permissionOf, refuseWith } from '../../on-dossier.js';
import { inOwnCause } from '../../own-cause.js';
import { unnamed } from '../../not-identified.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
import { inDossier } from '../../placed.js';

/** R04.11: the desk has looked at the old filings and lets this party fill in the form. */
export interface GrantPermission extends SubjectCommand {
  readonly partyId: PartyId;
}

export const grantPermission = onSubject<GrantPermission>({
  name: 'GrantPermission',
  claimsNothing: true,
  names: { partyId: field('party') },
  decide: ({ facts, judged, dossier, unfit }, command) => {
    const refused =
      refuseWith(mayAct(facts, 'grantPermission')) ??
      refuseWith(unnamed(judged)) ??
      refuseWith([...inOwnCause(facts, dossier, [{ holder: command.partyId }]), ...unfit]);
    if (refused !== undefined) return refused;
    const holder = protecting(dossier, facts.now, claimsOf(facts.inForce, command.class));
    if (holder !== undefined && holder.holder !== command.partyId) {
      return refuse({
        reason: 'ProtectedByAnother',
        because: [collisionRule(facts.inForce, 'secondClaim').because],
        accepted: freeFrom(holder),
      });
    }
    const until = permissionEnds(facts.inForce, { class: command.class, at: facts.now });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'PermissionGranted',
        partyId: command.partyId,
        until,
        because: permissionOf(facts, 'grantPermission'),
      }),
    );
  },
});
