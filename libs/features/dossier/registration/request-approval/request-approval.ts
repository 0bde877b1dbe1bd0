import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { judgeRequest, requestSteps, waitingBecause } from '#policy/clauses/requests.js';
import { field, optional } from '../../../deciding/input.js';
import { relationsTo } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { inDossier } from '../../placed.js';
import { isPending, stands } from '../../registration.js';
import { firstStage } from '../../review-stage.js';

/** Asks for something that the policy names: a special price, a plan, a longer time. It waits for its own steps. */
export const requestApproval = onRegistration({
  name: 'RequestApproval',
  operation: 'requestApproval',
  who: 'party',
  says: 'Asks for something that the policy names, which its own steps grant or refuse. / 提出制度所定的申请。',
  input: {
    request: field('word', { says: "One of the policy's requests. / 制度所定的申请。" }),
    form: optional('form'),
    attachments: field('attachments'),
  },
  decide: ({ facts, dossier, registration }, { registrationId, request, form = {}, attachments }) => {
    if (!stands(registration, facts.now) && !isPending(registration))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const { inForce } = facts;
    const judged = judgeRequest(inForce, {
      request,
      class: registration.class,
      values: form,
      attachments: attachments.map(({ kind }) => kind),
      who: { roles: facts.roles, relations: relationsTo(facts, registration) },
      filedAt: registration.filedAt,
      now: facts.now,
    });
    if (!judged.allowed) return refuse(...judged.rejections);
    if ([...registration.requests.waiting.values()].some((waiting) => waiting.request === request))
      return refuse({ reason: 'RequestWaiting', field: 'request', because: [judged.because] });
    const { filled, because } = judged;
    const steps = requestSteps(inForce, request);
    const review = firstStage(
      inForce,
      { class: registration.class, values: filled.values, startedAt: facts.now },
      steps,
    );
    if (review === undefined) return refuse({ reason: 'RequestUndecided', field: 'request', because: [because] });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Requested',
        registrationId,
        by: facts.claimant,
        request: request as Code,
        form: Object.fromEntries(Object.entries(filled.personalValues).map(([name, value]) => [name, personal(value)])),
        details: filled.clearValues,
        attachments,
        review,
        because: [because, waitingBecause(inForce, request, review.step, facts.now)],
      }),
    );
  },
});
