import { accept, type Rejection, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, PartyId, Reason } from '#event-sourcing/vocabulary.js';
import { collisionRule, possibleSameSubjectRule } from '#policy/clauses/collision.js';
import type { JudgedForm } from '#policy/clauses/form.js';
import { gatesBefore, type Raised } from '#policy/clauses/gates.js';
import { judgeIntake, lateFlags, rankingTime, type Intake } from '#policy/clauses/intake.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { judgePermission } from '#policy/clauses/filing-permission.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import {
  inOtherCase,
  maybeOne,
  raisePossibleSameSubject,
  type Kinship,
} from '../../collision/possible-same-subject.js';
import { approval } from '../../approval.js';
import { raiseConflict, type Collision } from '../../collision/raise-conflict.js';
import { openCase, pending, protecting, refilingBan, type Dossier, type Grant } from '../../dossier.js';
import { conditionFacts } from '../../condition-facts.js';
import { claimOf, freeFrom, isPending, isProtecting, type Registration } from '../../registration.js';
import type { Attachment, Registered, RegistrationId } from '../../events.js';
import { foldUnrecorded } from '../../ahead.js';
import { flagged } from '../../flagged.js';
import { asParty } from '../../../deciding/may-act.js';
import { mayAct, refuseWith } from '../../on-dossier.js';
import { type OnSubject, type SubjectCommand, onSubject } from '../../on-subject.js';
import { stageReason } from '#policy/clauses/review.js';
import { firstStage } from '../../review-stage.js';
import { inDossier, type DossierDecision, type PlacedEvent } from '../../placed.js';

/** Files a claim on one subject for the caller, or through a desk for the party it records for. */
export interface Register extends SubjectCommand {
  readonly channel: string;
  readonly attachments: readonly Attachment[];
  /** Fields whose credit code a desk has compared with the licence: an old one may break its check digit. */
  readonly attested?: readonly string[];
  /** A desk says when the form reached it; without it the form is received as it is entered. */
  readonly receiptAttested?: boolean;
}

/** Everything that speaks against the filing is said at once; only then what is already claimed decides. */
export const register = onSubject<Register>({
  name: 'Register',
  attachments: ({ attachments }) => attachments.map(({ kind }) => kind),
  attested: ({ attested }) => attested ?? [],
  decide: ({ facts, judged, dossier, others, kinship, keysOf }, command) => {
    const objections = objectionsTo(facts, judged, [dossier, ...others], command);
    const refused = refuseWith(objections.rejections);
    if (refused !== undefined) return refused;
    const event = registered({ dossier, keysOf }, judged, command, facts, objections.because);
    const decision =
      kinship === 'one' ? claim(dossier, event, facts) : crossed([dossier, ...others], kinship, event, judged, facts);
    if (!decision.accepted) return decision;
    const done = { partyId: facts.claimant, about: 'register', registrationId: event.registrationId };
    return accept(...decision.events, ...flagged(dossier, facts, objections.raised, done));
  },
});

/** Form, channel, windows, permission, roles, bans: each says what it would accept. */
const objectionsTo = (
  facts: FactsInForce,
  judged: JudgedForm,
  dossiers: readonly Dossier[],
  command: Register,
): {
  readonly rejections: readonly Rejection[];
  readonly because: readonly Reason[];
  readonly raised: readonly Raised[];
} => {
  const evaluation = facts.inForce;
  const { claimant, now } = facts;
  const exempted = grantsOf(dossiers, 'exemptions', claimant).some(
    ({ until }) => until === undefined || isBefore(now, until),
  );
  const known = conditionFacts(facts, dossiers);
  const granted = grantsOf(dossiers, 'permissions', claimant).at(-1);
  const permission = judgePermission(evaluation, {
    class: command.class,
    party: claimant,
    now,
    holds: evaluation.policy.conditions.over(judged.values, known),
    ...(granted === undefined ? {} : { granted: { at: granted.at, until: granted.until, to: granted.partyId } }),
  });
  // An unknown class has no channels and no permission; saying so once is enough.
  const classKnown = !judged.misread.some(({ reason }) => reason === 'ClassUnknown');
  const intake: Intake = {
    class: command.class,
    channel: command.channel,
    occurredAt: command.occurredAt ?? command.receivedAt,
    receivedAt: command.receivedAt,
    now,
    values: judged.values,
    exempted,
    receiptAttested: command.receiptAttested === true,
  };
  const gates = gatesBefore(evaluation, {
    act: 'register',
    class: command.class,
    values: judged.values,
    who: { roles: facts.roles, relations: [] },
    facts: known,
  });
  const judgements = [judged.judgement, ...(classKnown ? [judgeIntake(evaluation, intake), permission] : [])];
  const banned = dossiers.map((dossier) => refilingBan(dossier, claimant, now)).find((ban) => ban !== undefined);
  return {
    rejections: [
      ...mayAct(facts, command.onBehalfOf === undefined ? 'register' : 'registerForOther', {
        ...asParty(facts),
        ...(classKnown ? { class: command.class } : {}),
      }),
      ...(facts.claimantFacts.partyId === undefined && command.onBehalfOf !== undefined
        ? [{ reason: 'PartyUnknown' as const, field: 'onBehalfOf' }]
        : []),
      ...gates.closed,
      ...notAttested(facts, command),
      ...judgements.flatMap((judgement) => (judgement.allowed ? [] : judgement.rejections)),
      ...(classKnown && !permission.allowed ? takenMeanwhile(facts, dossiers[0]!, command.class) : []),
      ...(banned === undefined
        ? []
        : [
            {
              reason: 'RefilingBanned' as const,
              because: banned.because,
              inputs: { scope: banned.scope as Code },
              accepted: { from: banned.until ?? null },
            },
          ]),
    ],
    because: judgements.flatMap((judgement) => (judgement.allowed ? judgement.because : [])),
    raised: classKnown ? [...lateFlags(evaluation, intake), ...gates.raised] : [],
  };
};

/** What a party was granted and has not used since: filing in one of a subject's dossiers uses up what lies in all. */
const grantsOf = (
  dossiers: readonly Dossier[],
  what: 'permissions' | 'exemptions',
  party: PartyId,
): readonly Grant[] => {
  const filed = dossiers.flatMap((dossier) =>
    [...dossier.registrations.values()].filter(({ holder }) => holder === party).map(({ filedAt }) => filedAt),
  );
  return dossiers
    .flatMap((dossier, index) => dossier[what].filter(({ at }) => index === 0 || !filed.some((since) => at < since)))
    .filter(({ partyId }) => partyId === party);
};

/** Only a desk is taken at its word about a licence it saw and a form that lay on it. */
const notAttested = (
  { roles }: FactsInForce,
  { attested = [], receiptAttested = false }: Register,
): readonly Rejection[] =>
  roles.includes('desk')
    ? []
    : [...(attested.length > 0 ? ['attested'] : []), ...(receiptAttested ? ['receivedAt'] : [])].map((field) => ({
        reason: 'RoleMissing',
        field,
        accepted: { roles: ['desk' as Code] },
      }));

/** Whoever is told to ask first is told too that asking is in vain: the customer is another's. */
const takenMeanwhile = (facts: FactsInForce, dossier: Dossier, name: string): readonly Rejection[] => {
  const holder = protecting(dossier, facts.now, claimsOf(facts.inForce, name));
  if (holder === undefined || holder.holder === facts.claimant) return [];
  const { outcome, because } = collisionRule(facts.inForce, 'secondClaim');
  return outcome === 'refuse' ? [{ reason: 'ProtectedByAnother', because: [because], accepted: freeFrom(holder) }] : [];
};

const registered = (
  { dossier, keysOf }: Pick<OnSubject, 'dossier' | 'keysOf'>,
  judged: JudgedForm,
  command: Register,
  facts: FactsInForce,
  because: readonly Reason[],
): Registered => {
  const evaluation = facts.inForce;
  const { now } = facts;
  const review = firstStage(evaluation, { class: command.class, values: judged.values, startedAt: now });
  return {
    type: 'Registered',
    registrationId: `${dossier.id}.${dossier.registrations.size + 1}` as RegistrationId,
    programId: command.programId,
    holder: facts.claimant,
    class: command.class as Code,
    channel: command.channel as Code,
    rankedAt: rankingTime(evaluation, {
      occurredAt: command.occurredAt ?? command.receivedAt,
      receivedAt: command.receivedAt,
      now,
    }),
    form: Object.fromEntries(Object.entries(judged.personalValues).map(([field, value]) => [field, personal(value)])),
    details: judged.clearValues,
    attachments: command.attachments,
    ...(command.attested === undefined || command.attested.length === 0
      ? {}
      : { attested: command.attested as readonly Code[] }),
    ...(review === undefined ? {} : { review }),
    ...claimOf(claimsOf(evaluation, command.class)),
    ...(keysOf.length === 0 ? {} : { keysOf }),
    because: [...because, ...(review === undefined ? [] : [stageReason(evaluation, review.step, now)])],
  };
};

/** What the claim meets on this subject: nothing, its own earlier claim, a waiting one, or somebody's protection. */
const claim = (dossier: Dossier, event: Registered, facts: FactsInForce): DossierDecision => {
  const evaluation = facts.inForce;
  const own = ownBefore(dossier, event, facts);
  if (own !== undefined) return ownRepeat(dossier, own, event, facts);

  const holder = protecting(dossier, facts.now, event);
  if (holder !== undefined) return againstProtection(dossier, holder, event, facts);

  const waiting = pending(dossier, event);
  if (waiting.length > 0) {
    const { outcome, because } = collisionRule(evaluation, 'pendingSecondClaim');
    if (outcome === 'refuse') return refuse({ reason: 'ClaimedByAnother', because: [because] });
    // Where it is asked whose dossier this is, the verdict ends every claim that it did not hear: this one is heard.
    if (outcome === 'case' || (openCase(dossier)?.elsewhere.length ?? 0) > 0)
      return inCase(dossier, event, { cause: 'pendingSecondClaim', against: waiting[0]!, because: [because], facts });
    // Otherwise the reviewer compares them: R06.04.
  }
  return accept(...started(dossier, event, facts));
};

/** The party's own claim of the same kind; a record again is a new record. */
const ownBefore = (
  dossier: Dossier,
  { holder, kind, claims = 'exclusive' }: Registered,
  { now }: FactsInForce,
): Registration | undefined =>
  claims === 'none'
    ? undefined
    : [...dossier.registrations.values()].find(
        (other) =>
          other.holder === holder &&
          other.claims === claims &&
          other.kind === kind &&
          (isPending(other) || isProtecting(other, now)),
      );

/** Filed; and protected at once where nobody has to review it. */
const started = (dossier: Dossier, event: Registered, facts: FactsInForce): readonly PlacedEvent[] => {
  const filing = inDossier(dossier, facts, event);
  if (event.review !== undefined) return filing;
  const filed = foldUnrecorded(dossier, filing, facts);
  return [
    ...filing,
    ...approval(filed, filed.registrations.get(event.registrationId)!, {
      facts,
      at: event.rankedAt,
      event: 'registered',
      because: [],
    }),
  ];
};

const ownRepeat = (dossier: Dossier, own: Registration, event: Registered, facts: FactsInForce): DossierDecision => {
  const { outcome, because } = collisionRule(facts.inForce, 'ownRepeat');
  if (outcome !== 'renew' || own.protection.state !== 'live')
    return refuse({ reason: 'AlreadyYours', because: [because], inputs: { registrationId: own.id } });
  const released = inDossier(dossier, facts, {
    type: 'Released',
    registrationId: own.id,
    endedAt: facts.now,
    because: [because],
  });
  return accept(...released, ...started(foldUnrecorded(dossier, released, facts), event, facts));
};

/** A claim against a protected subject: refused, or a case; a claim that ranks earlier has its own clause. */
const againstProtection = (
  dossier: Dossier,
  holder: Registration,
  event: Registered,
  facts: FactsInForce,
): DossierDecision => {
  const earlier = isBefore(event.rankedAt, holder.rankedAt);
  const { outcome, because } = collisionRule(facts.inForce, earlier ? 'lateArrival' : 'secondClaim');
  if (outcome === 'case')
    return inCase(dossier, event, {
      cause: earlier ? 'lateArrival' : 'secondClaim',
      against: holder,
      because: [because],
      facts,
    });
  if (outcome === 'overturn') {
    // While it waits for a review the protection stands.
    if (event.review !== undefined) return accept(...inDossier(dossier, facts, event));
    const overturned = inDossier(dossier, facts, {
      type: 'Terminated',
      registrationId: holder.id,
      cause: 'earlierClaim' as Code,
      effect: 'terminate',
      endedAt: facts.now,
      because: [because],
    });
    return accept(...overturned, ...started(foldUnrecorded(dossier, overturned, facts), event, facts));
  }
  return refuse({ reason: 'ProtectedByAnother', because: [because], accepted: freeFrom(holder) });
};

/**
 * The form's keys lead to claims of several parties on what may be two customers. Where the policy has somebody for it
 * the claim is filed and waits; whose customer it is, and whether it is one, the arbiter says.
 */
const crossed = (
  [dossier, ...others]: readonly [Dossier, ...Dossier[]],
  kinship: Exclude<Kinship, 'one'>,
  event: Registered,
  judged: JudgedForm,
  facts: FactsInForce,
): DossierDecision => {
  const because = maybeOne(facts, judged);
  const heard = event.claims !== 'none' && possibleSameSubjectRule(facts.inForce).outcome === 'case';
  if (kinship === 'two' || !heard) return refuse({ reason: 'KeysOfSeveral', field: 'form', because });
  if (inOtherCase([dossier, ...others])) return refuse({ reason: 'InCase' });
  const filed = inDossier(dossier, facts, { ...event, review: undefined });
  const sides = [foldUnrecorded(dossier, filed, facts), ...others];
  return accept(...filed, ...raisePossibleSameSubject(sides, because, facts, event.registrationId));
};

/** Filed, and at once in a case: whoever arbitrates decides it, no reviewer. */
const inCase = (dossier: Dossier, event: Registered, collision: Collision): DossierDecision =>
  accept(
    ...inDossier(dossier, collision.facts, { ...event, review: undefined }),
    ...raiseConflict(dossier, event.registrationId, collision),
  );
