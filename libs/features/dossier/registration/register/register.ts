import { accept, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reason } from '#event-sourcing/vocabulary.js';
import { collisionRule } from '#policy/clauses/collision.js';
import type { JudgedForm } from '#policy/clauses/form.js';
import type { Verdict } from '#policy/evaluation.js';
import { judgeIntake, rankingTime } from '#policy/clauses/intake.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { judgePermission } from '#policy/clauses/filing-permission.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import { approval } from '../../approval.js';
import { raiseConflict, type Collision } from '../../collision/raise-conflict.js';
import { pending, protecting, refilingBan, type Dossier } from '../../dossier.js';
import { claimOf, freeFrom, isPending, isProtecting, type Registration } from '../../registration.js';
import type { Attachment, Registered, RegistrationId } from '../../events.js';
import { foldUnrecorded } from '../../ahead.js';
import { deny, mayAct, refuseWith } from '../../on-dossier.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
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
  decide: ({ facts, judged, dossier }, command) => {
    const objections = objectionsTo(facts, judged, dossier, command);
    const refused = refuseWith(objections.rejections);
    return refused ?? claim(dossier, registered(dossier, judged, command, facts, objections.because), facts);
  },
});

/** Form, channel, windows, permission, roles, bans: each says what it would accept. */
const objectionsTo = (
  facts: FactsInForce,
  judged: JudgedForm,
  dossier: Dossier,
  command: Register,
): { readonly rejections: readonly Rejection[]; readonly because: readonly Reason[] } => {
  const evaluation = facts.inForce;
  const { claimant, now } = facts;
  const exempted = dossier.exemptions.some(
    (grant) => grant.partyId === claimant && (grant.until === undefined || isBefore(now, grant.until)),
  );
  const granted = dossier.permissions.findLast((grant) => grant.partyId === claimant);
  const permission = judgePermission(evaluation, {
    class: command.class,
    party: claimant,
    now,
    ...(granted === undefined ? {} : { granted: { at: granted.at, until: granted.until, to: granted.partyId } }),
  });
  // An unknown class has no channels and no permission; saying so once is enough.
  const classKnown = !judged.misread.some(({ reason }) => reason === 'ClassUnknown');
  const intake = (): Verdict =>
    judgeIntake(evaluation, {
      class: command.class,
      channel: command.channel,
      occurredAt: command.occurredAt ?? command.receivedAt,
      receivedAt: command.receivedAt,
      now,
      values: judged.values,
      exempted,
      receiptAttested: command.receiptAttested === true,
    });
  const verdicts = [judged.verdict, ...(classKnown ? [intake(), permission] : [])];
  const banned = refilingBan(dossier, claimant, now);
  return {
    rejections: [
      ...mayAct(facts, command.onBehalfOf === undefined ? 'register' : 'registerForOther'),
      ...(facts.claimantFacts.partyId === undefined && command.onBehalfOf !== undefined
        ? [{ reason: 'PartyUnknown' as const, field: 'onBehalfOf' }]
        : []),
      ...notAttested(facts, command),
      ...verdicts.flatMap((verdict) => (verdict.allowed ? [] : verdict.rejections)),
      ...(classKnown && !permission.allowed ? takenMeanwhile(facts, dossier, command.class) : []),
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
    because: verdicts.flatMap((verdict) => (verdict.allowed ? verdict.because : [])),
  };
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
  dossier: Dossier,
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
    if (outcome === 'refuse') return deny({ reason: 'ClaimedByAnother', because: [because] });
    if (outcome === 'case')
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
    return deny({ reason: 'AlreadyYours', because: [because], inputs: { registrationId: own.id } });
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
  return deny({ reason: 'ProtectedByAnother', because: [because], accepted: freeFrom(holder) });
};

/** Filed, and at once in a case: whoever arbitrates decides it, no reviewer. */
const inCase = (dossier: Dossier, event: Registered, collision: Collision): DossierDecision =>
  accept(
    ...inDossier(dossier, collision.facts, { ...event, review: undefined }),
    ...raiseConflict(dossier, event.registrationId, collision),
  );
