import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { field } from '../../../deciding/input.js';
import type { Dossier } from '../../dossier.js';
import type { FlagId } from '../../events.js';
import { mayAct, permissionOf, refuseWith } from '../../on-dossier.js';
import { inOwnCause } from '../../own-cause.js';
import { unnamed } from '../../not-identified.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
import { inDossier } from '../../placed.js';

/**
 * Forgives one party a late or missing filing of this subject, by name and with the reason: one that is still to come,
 * or, with `flag`, what it was marked with already.
 */
export interface Exempt extends SubjectCommand {
  readonly partyId: PartyId;
  readonly until?: Instant;
  readonly grounds: string;
  /** Lifts the flags of this name that the party has here. */
  readonly flag?: Code;
}

export const exempt = onSubject<Exempt>({
  name: 'Exempt',
  claimsNothing: true,
  names: { partyId: field('party') },
  decide: ({ facts, judged, dossier, others, unfit }, { partyId, until, grounds, flag }) => {
    const refused =
      refuseWith(mayAct(facts, 'exempt')) ??
      refuseWith(unnamed(judged)) ??
      refuseWith([...inOwnCause(facts, dossier, [{ holder: partyId }]), ...unfit]);
    if (refused !== undefined) return refused;
    if (until !== undefined && until <= facts.now)
      return refuse({ reason: 'AlreadyOver', field: 'until', accepted: { after: facts.now } });
    // A flag stands where it was raised, perhaps in a dossier that was merged into this one.
    const lifted =
      flag === undefined
        ? [{ in: dossier }]
        : [dossier, ...others].flatMap((each) => {
            const lifts = standing(each, partyId, flag);
            return lifts.length === 0 ? [] : [{ in: each, lifts }];
          });
    if (lifted.length === 0) return refuse({ reason: 'FlagUnknown', field: 'flag' });
    const because = permissionOf(facts, 'exempt');
    return accept(
      ...lifted.flatMap(({ in: each, ...lifts }) =>
        inDossier(each, facts, { type: 'Exempted', partyId, until, ...lifts, grounds: personal(grounds), because }),
      ),
    );
  },
});

const standing = ({ flags }: Dossier, party: PartyId, name: Code): readonly FlagId[] =>
  [...flags.values()]
    .filter(({ flag, partyId, lifted }) => flag === name && partyId === party && lifted !== true)
    .map(({ flagId }) => flagId);
