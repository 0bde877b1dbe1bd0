import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { judgeAmendment } from '#policy/clauses/amendments.js';
import { field } from '../../../deciding/input.js';
import { relationsTo } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { inDossier } from '../../placed.js';
import { isPending, stands } from '../../registration.js';

/**
 * Changes what was filed, as far as the policy lets; what it said before stays in the history. Who the customer is does
 * not change by it.
 */
export const amendRegistration = onRegistration({
  name: 'AmendRegistration',
  operation: 'amendRegistration',
  who: 'party',
  says: 'Changes what was filed, as far as the policy lets; both versions are kept. / 更改报备内容，前后均留存。',
  input: { form: field('form', { says: 'Only what changes. / 仅填更改的字段。' }) },
  decide: ({ facts, dossier, registration }, { registrationId, form }) => {
    if (!stands(registration, facts.now) && !isPending(registration))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const judged = judgeAmendment(facts.inForce, {
      class: registration.class,
      values: form,
      who: { roles: facts.roles, relations: relationsTo(facts, registration) },
    });
    if (!judged.allowed) return refuse(...judged.rejections);
    const { clearValues, personalValues, values } = judged.filled;
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Amended',
        registrationId,
        by: facts.command.by,
        fields: Object.keys(values) as readonly string[] as readonly Code[],
        form: Object.fromEntries(Object.entries(personalValues).map(([name, value]) => [name, personal(value)])),
        details: clearValues,
        because: judged.because as Reasons,
      }),
    );
  },
});
