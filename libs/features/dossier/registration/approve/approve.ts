import { accept, type Rejection, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { judgeChosenLength } from '#policy/clauses/protection.js';
import { reviewStep } from '#policy/clauses/review.js';
import { foldUnrecorded } from '../../ahead.js';
import { approval } from '../../approval.js';
import { overturning } from '../../collision/overturn.js';
import { protecting } from '../../dossier.js';
import { freeFrom } from '../../registration.js';
import { optional } from '../../../deciding/input.js';
import { permissionOf, refuseWith } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { stageAfter, stepTakenBy } from '../../review-stage.js';
import { about } from '../../placed.js';

/**
 * Says yes at the step that waits. At the last one the claim is protected, and the other waiting claims are answered.
 */
export const approve = onRegistration({
  name: 'Approve',
  operation: 'approve',
  who: 'authority',
  says: 'Says yes at the step that waits; at the last one the claim is protected. / 审核通过。',
  input: {
    chosen: optional('length', { says: 'Where the policy leaves a range. / 制度允许选择时。' }),
    opinion: optional('text', { says: 'Where the step asks for a word. / 该步骤要求意见时。' }),
  },
  decide: ({ facts, dossier, registration }, { registrationId, chosen, opinion }) => {
    const notMine = refuseWith(notAtThisStep(facts.roles, registration.review?.roles));
    if (notMine !== undefined) return notMine;
    // Somebody, perhaps the same command from elsewhere, said yes already.
    if (registration.state === 'protected' || registration.state === 'effective') return accept();
    if (registration.state !== 'underReview' || registration.review === undefined)
      return refuse({ reason: 'NotUnderReview', inputs: { state: registration.state as Code } });
    const evaluation = facts.under(registration.policy);
    const taken = stepTakenBy(evaluation, registration.review, facts.roles);
    const step = reviewStep(evaluation, taken);
    if (step.opinion === 'required' && opinion === undefined)
      return refuse({ reason: 'OpinionMissing', field: 'opinion', because: [step.because] });
    const because: Reasons = [...permissionOf(facts, 'approve', registration), step.because];
    const length = judgeChosenLength(evaluation, { class: registration.class, chosen });
    const next = stageAfter(evaluation, registration.review, taken, facts.now);
    if (next !== undefined)
      return accept(
        ...about(registration, {
          type: 'ReviewAdvanced',
          registrationId,
          step: taken,
          review: next,
          ...(opinion === undefined ? {} : { opinion: personal(opinion) }),
          because,
        }),
      );
    if (!length.allowed) return refuse(...length.rejections);
    const holder = protecting(dossier, facts.now, registration);
    const overturned = holder === undefined ? [] : overturning(registration, holder, { facts, at: facts.now });
    if (overturned === undefined) return refuse({ reason: 'ProtectedByAnother', accepted: freeFrom(holder!) });
    return accept(
      ...overturned,
      ...approval(foldUnrecorded(dossier, overturned, facts), registration, {
        facts,
        at: facts.now,
        because,
        opinion,
        ...(chosen === undefined ? {} : { chosen }),
      }),
    );
  },
});

/** The step names its roles; a reviewer of another step has no say in it. */
export const notAtThisStep = (
  roles: readonly string[],
  stepRoles: readonly Code[] | undefined,
): readonly Rejection[] =>
  stepRoles === undefined || stepRoles.some((role) => roles.includes(role))
    ? []
    : [{ reason: 'NotYourStep', accepted: { roles: stepRoles } }];
