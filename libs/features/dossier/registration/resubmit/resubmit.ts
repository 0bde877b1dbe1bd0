import { conditionFacts } from '../../condition-facts.js';
import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { possibleSameSubjectRule } from '#policy/clauses/collision.js';
import { judgeForm, type JudgedForm } from '#policy/clauses/form.js';
import { approval } from '../../approval.js';
import { inOtherCase, kinshipOf, maybeOne, raisePossibleSameSubject } from '../../collision/possible-same-subject.js';
import type { Resubmitted } from '../../events.js';
import { overturning } from '../../collision/overturn.js';
import { foldUnrecorded } from '../../ahead.js';
import { field } from '../../../deciding/input.js';
import { type OnDossier } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { placesOf, type KeyPlace } from '../../keyring.js';
import { sameSubject } from '#policy/clauses/identity.js';
import { stageReason } from '#policy/clauses/review.js';
import { firstStage } from '../../review-stage.js';
import { liveClaims, protecting, type Dossier } from '../../dossier.js';
import { mergeInto } from '../../merge.js';
import { settle } from '../../settle.js';
import { freeFrom } from '../../registration.js';
import { followMerges } from '../../subject.js';
import { about, type DossierDecision, type PlacedEvent } from '../../placed.js';

interface Looked {
  /** Whether one of the new form's identity keys leads to this very dossier. */
  readonly sameSubject: boolean;
  /** The other dossiers that they lead to. */
  readonly others: readonly Dossier[];
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
    const others = new Map(leadTo.filter(({ id }) => id !== dossier.id).map((other) => [other.id, other]));
    const { ownSubject } = claimsOf(facts.under(registration.policy), registration.class);
    return {
      // A form that names somebody else as well makes no key this customer's.
      newKeys: others.size === 0 ? newKeys : [],
      sameSubject: ownSubject || leadTo.some(({ id }) => id === dossier.id),
      others: ownSubject ? [] : [...others.values()],
    };
  },
  binds: ({ newKeys }) => newKeys ?? [],
  decide: ({ facts, dossier, registration }, { registrationId, form, attachments, sameSubject, others = [] }) => {
    if (registration.state !== 'returned')
      return refuse({ reason: 'NotReturned', inputs: { state: registration.state as Code } });
    const evaluation = facts.under(registration.policy);
    const judged = judgeForm(evaluation, {
      class: registration.class,
      values: form,
      attachments: attachments.map(({ kind }) => kind),
      facts: conditionFacts(facts, [dossier], registration),
    });
    if (!judged.judgement.allowed) return refuse(...judged.judgement.rejections);
    if (sameSubject !== true) return refuse({ reason: 'OtherSubject', field: 'form' });
    const holder = protecting(dossier, facts.now, registration);
    const overturned = holder === undefined ? [] : overturning(registration, holder, { facts, at: facts.now });
    if (overturned === undefined) return refuse({ reason: 'ProtectedByAnother', accepted: freeFrom(holder!) });
    const review = firstStage(evaluation, { class: registration.class, values: judged.values, startedAt: facts.now });
    const event: Resubmitted = {
      type: 'Resubmitted',
      registrationId,
      form: Object.fromEntries(Object.entries(judged.personalValues).map(([field, value]) => [field, personal(value)])),
      details: judged.clearValues,
      attachments,
      ...(review === undefined ? {} : { review }),
      because: [
        ...judged.judgement.because,
        ...(review === undefined ? [] : [stageReason(evaluation, review.step, facts.now)]),
      ],
    };
    const handedIn = about(registration, event);
    const on = { facts, dossier };
    return others.length === 0
      ? accept(...takesEffect(on, overturned, handedIn, event))
      : namingOthers(on, overturned, handedIn, { event, others, judged });
  },
});

/** Waits for its review; where nobody reviews it any longer, it is protected at once. */
const takesEffect = (
  { facts, dossier }: Pick<OnDossier, 'facts' | 'dossier'>,
  overturned: readonly PlacedEvent[],
  handedIn: readonly PlacedEvent[],
  { registrationId, review }: Resubmitted,
): readonly PlacedEvent[] => {
  if (review !== undefined) return handedIn;
  const filed = foldUnrecorded(dossier, [...overturned, ...handedIn], facts);
  const claim = filed.registrations.get(registrationId)!;
  return [
    ...overturned,
    ...handedIn,
    ...approval(filed, claim, { facts, at: facts.now, event: 'registered', because: [] }),
  ];
};

/**
 * The new form names this customer and another: a credit code that the reviewer asked for is a rival's by now. Nobody
 * loses a claim by it; where somebody would, whoever arbitrates says whether they are one.
 */
const namingOthers = (
  { facts, dossier }: Pick<OnDossier, 'facts' | 'dossier'>,
  overturned: readonly PlacedEvent[],
  handedIn: readonly PlacedEvent[],
  named: { readonly event: Resubmitted; readonly others: readonly Dossier[]; readonly judged: JudgedForm },
): DossierDecision => {
  const { event, judged } = named;
  const settled = named.others.map((other) => settle(other, facts));
  const others = settled.map((each) => each.dossier);
  const because = maybeOne(facts, judged);
  const kinship = kinshipOf([dossier, ...others], facts);
  if (kinship === 'two') return refuse({ reason: 'KeysOfSeveral', field: 'form', because });
  const due = settled.flatMap((each) => each.due);
  const free = others.every((other) => liveClaims(other, facts.now).length === 0);
  const keys = judged.strongKeys.map(({ kind }) => kind as Code);
  if (kinship === 'one' && free)
    return accept(
      ...due,
      ...mergeInto([dossier, ...others], [sameSubject(facts.inForce, keys)], facts),
      ...takesEffect({ facts, dossier }, overturned, handedIn, event),
    );
  if (kinship === 'one' || possibleSameSubjectRule(facts.inForce).outcome === 'refuse')
    return refuse({ reason: 'OtherSubject', field: 'form' });
  if (inOtherCase([dossier, ...others])) return refuse({ reason: 'InCase' });
  const sides = [foldUnrecorded(dossier, handedIn, facts), ...others];
  // What no reviewer waits for cannot go back to waiting: where they are two it is answered.
  const crossed = event.review === undefined ? event.registrationId : undefined;
  return accept(...due, ...handedIn, ...raisePossibleSameSubject(sides, because, facts, crossed));
};
