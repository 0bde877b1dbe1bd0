import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Reasons } from '#event-sourcing/vocabulary.js';
import { requestSteps } from '#policy/clauses/requests.js';
import { stepNamed } from '#policy/steps.js';
import { field, optional } from '../../../deciding/input.js';
import { permissionOf, refuseWith } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { aboutRequest, granting, refusing } from '../../request-decided.js';
import { stageAfter, stepTakenBy } from '../../review-stage.js';
import { notAtThisStep } from '../approve/approve.js';

/** Says yes or no to a request at the step that waits; the last yes grants it, one no refuses it. */
export const decideRequest = onRegistration({
  name: 'DecideRequest',
  operation: 'decideRequest',
  who: 'authority',
  says: 'Says yes or no to a request at the step that waits; the last yes grants it. / 审批申请。',
  input: {
    requestId: field('event', { says: 'Id of the event `Requested`. / 申请的事件编号。' }),
    grant: field('flag'),
    opinion: optional('text', { says: 'Read by whoever asked. / 申请人可见。' }),
  },
  decide: ({ facts, registration }, { registrationId, requestId, grant, opinion }) => {
    const waiting = registration.requests.waiting.get(requestId);
    if (waiting === undefined) return refuse({ reason: 'RequestNotWaiting', field: 'requestId' });
    const barred = refuseWith([
      ...(waiting.by === facts.command.by ? [{ reason: 'OwnCause' as const }] : []),
      ...notAtThisStep(facts.roles, waiting.review.roles),
    ]);
    if (barred !== undefined) return barred;
    const evaluation = facts.under(waiting.policy);
    const steps = requestSteps(evaluation, waiting.request);
    const taken = stepTakenBy(evaluation, waiting.review, facts.roles, steps);
    const step = stepNamed(evaluation, steps, taken);
    const because: Reasons = [...permissionOf(facts, 'decideRequest', registration), step.because];
    if (!grant) return accept(...refusing(registration, waiting, { because, opinion }));
    if (step.opinion === 'required' && opinion === undefined)
      return refuse({ reason: 'OpinionMissing', field: 'opinion', because: [step.because] });
    const next = stageAfter(evaluation, waiting.review, taken, facts.now, steps);
    return accept(
      ...(next === undefined
        ? granting(registration, waiting, { facts, at: facts.now, because, opinion })
        : aboutRequest(registration, waiting, {
            type: 'RequestAdvanced',
            registrationId,
            requestId,
            step: taken,
            review: next,
            ...(opinion === undefined ? {} : { opinion: personal(opinion) }),
            because,
          })),
    );
  },
});
