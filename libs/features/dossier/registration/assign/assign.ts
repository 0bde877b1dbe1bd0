import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { judgePart } from '#policy/clauses/parts.js';
import { field, optional } from '../../../deciding/input.js';
import { partyFolding, partyStream, rolesAt } from '../../../party/facts.js';
import { conditionFacts } from '../../condition-facts.js';
import { relationsTo } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { inDossier } from '../../placed.js';
import { isPending, stands } from '../../registration.js';

const assigning = {
  part: field('word', { says: 'A part that the policy names. / 制度所定的分工。' }),
  to: optional('party', { says: 'Absent: the part is taken away. / 空：撤销指派。' }),
};
/**
 * Gives somebody a part in a registration, hands it on or takes it away. Whose customer it is stays as it is, and a
 * part gives no right but those that the policy names for it.
 */
export const assign = onRegistration<typeof assigning, { readonly rolesOfAssignee: readonly string[] }>({
  name: 'Assign',
  operation: 'assign',
  who: 'party',
  says: 'Gives somebody a part in a registration, hands it on or takes it away. / 指派、转交或撤销分工。',
  input: assigning,
  look: async (reader, { to }, { facts: { programId, now } }) =>
    to === undefined
      ? {}
      : { rolesOfAssignee: rolesAt(await reader.fold(partyStream(to), partyFolding), programId, now) },
  decide: ({ facts, dossier, registration }, { registrationId, part, to, rolesOfAssignee = [] }) => {
    const accepted = stands(registration, facts.now);
    if (!accepted && !isPending(registration))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const judged = judgePart(facts.inForce, {
      part,
      class: registration.class,
      values: registration.details,
      who: { roles: facts.roles, relations: relationsTo(facts, registration) },
      accepted: accepted || registration.state === 'effective',
      to: to === undefined ? undefined : rolesOfAssignee,
      facts: conditionFacts(facts, [dossier], registration),
    });
    if (!judged.allowed) return refuse(...judged.rejections);
    const from = registration.parts.get(part as Code)?.party;
    if (from === to) return accept();
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Assigned',
        registrationId,
        by: facts.command.by,
        part: part as Code,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        because: judged.because as Reasons,
      }),
    );
  },
});
