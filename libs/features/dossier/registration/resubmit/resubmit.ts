import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { judgeForm } from '#policy/clauses/form.js';
import { approval } from '../../approval.js';
import type { Resubmitted } from '../../events.js';
import { overturning } from '../../collision/overturn.js';
import { foldUnrecorded } from '../../ahead.js';
import { field } from '../../../deciding/input.js';
import { deny } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { placesOf, type KeyPlace } from '../../keyring.js';
import { stageReason } from '#policy/clauses/review.js';
import { firstStage } from '../../review-stage.js';
import { protecting } from '../../dossier.js';
import { freeFrom } from '../../registration.js';
import { followMerges } from '../../subject.js';
import { about } from '../../placed.js';

interface Looked {
  /** Whether the new form's identity keys lead to this very dossier, or nowhere yet. */
  readonly sameSubject: boolean;
  /** Keys that the new form is the first to give, such as a credit code that was forgotten. */
  readonly newKeys: readonly KeyPlace[];
}

const input = { form: field('form'), attachments: field('attachments') };

/** Hands a claim in again that was returned for more. It keeps its place; who the customer is cannot change by it. */
export const resubmit = onRegistration<typeof input, Looked>({
  name: 'Resubmit',
  operation: 'resubmit',
  who: 'party',
  says: 'Hands in again what was returned for more. / 重新提交。',
  input,
  form: ({ form }) => form,
  look: async (reader, command, { facts, dossier }, secret) => {
    const registration = dossier.registrations.get(command.registrationId);
    if (registration === undefined) return {};
    const { strongKeys } = judgeForm(facts.under(registration.policy), {
      class: registration.class,
      values: command.form,
      attachments: [],
    });
    const places = await placesOf(reader, command.programId, strongKeys, secret);
    const newKeys = places.filter(({ boundTo }) => boundTo === undefined);
    const leadTo = await Promise.all(
      places.flatMap(({ boundTo }) => (boundTo === undefined ? [] : [followMerges(reader, boundTo)])),
    );
    const { ownSubject } = claimsOf(facts.under(registration.policy), registration.class);
    return { newKeys, sameSubject: ownSubject || (leadTo.length > 0 && leadTo.every(({ id }) => id === dossier.id)) };
  },
  binds: ({ newKeys }) => newKeys ?? [],
  decide: ({ facts, dossier, registration }, { registrationId, form, attachments, sameSubject }) => {
    if (registration.state !== 'returned')
      return deny({ reason: 'NotReturned', inputs: { state: registration.state as Code } });
    const evaluation = facts.under(registration.policy);
    const judged = judgeForm(evaluation, {
      class: registration.class,
      values: form,
      attachments: attachments.map(({ kind }) => kind),
    });
    if (!judged.verdict.allowed) return deny(...judged.verdict.rejections);
    if (sameSubject !== true) return deny({ reason: 'OtherSubject', field: 'form' });
    const holder = protecting(dossier, facts.now, registration);
    const overturned = holder === undefined ? [] : overturning(registration, holder, { facts, at: facts.now });
    if (overturned === undefined) return deny({ reason: 'ProtectedByAnother', accepted: freeFrom(holder!) });
    const review = firstStage(evaluation, { class: registration.class, values: judged.values, startedAt: facts.now });
    const event: Resubmitted = {
      type: 'Resubmitted',
      registrationId,
      form: Object.fromEntries(Object.entries(judged.personalValues).map(([field, value]) => [field, personal(value)])),
      details: judged.clearValues,
      attachments,
      ...(review === undefined ? {} : { review }),
      because: [
        ...judged.verdict.because,
        ...(review === undefined ? [] : [stageReason(evaluation, review.step, facts.now)]),
      ],
    };
    const handedIn = about(registration, event);
    if (review !== undefined) return accept(...handedIn);
    const filed = foldUnrecorded(dossier, [...overturned, ...handedIn], facts);
    return accept(
      ...overturned,
      ...handedIn,
      ...approval(filed, filed.registrations.get(registrationId)!, {
        facts,
        at: facts.now,
        event: 'registered',
        because: [],
      }),
    );
  },
});
