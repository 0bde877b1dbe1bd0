import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { field } from '../../../deciding/input.js';
import { permissionOf, refuseWith } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { notAtThisStep } from '../approve/approve.js';
import { inDossier } from '../../placed.js';

/** Hands a claim back and says what is missing; its review clock stops until it is handed in again. */
export const returnForMore = onRegistration({
  name: 'ReturnForMore',
  operation: 'returnForMore',
  who: 'authority',
  says: 'Hands a claim back and says what is missing. / 退回补充。',
  input: { wanted: field('text', { says: 'What is missing. / 需补充的内容。' }) },
  decide: ({ facts, dossier, registration }, { registrationId, wanted }) => {
    const notMine = refuseWith(notAtThisStep(facts.roles, registration.review?.roles));
    if (notMine !== undefined) return notMine;
    if (registration.state === 'returned') return accept();
    if (registration.state !== 'underReview' || registration.review === undefined)
      return refuse({ reason: 'NotUnderReview', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Returned',
        registrationId,
        step: registration.review.step,
        wanted: personal(wanted),
        because: permissionOf(facts, 'returnForMore', registration),
      }),
    );
  },
});
