import { decodeEvent } from '#event-sourcing/envelope.js';
import type { AnyEvent, Recorded } from '#event-sourcing/event.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { Code, DerivedFact, Fen, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { attributionShares, type AttributionBasis } from '#policy/clauses/attribution.js';
import { banAfter } from '#policy/clauses/bans.js';
import { caseDeadline, caseRules, collisionRule, type Situation } from '#policy/clauses/collision.js';
import { commissionOf } from '#policy/clauses/commission.js';
import { judgeTermination } from '#policy/clauses/ends.js';
import { endOutcome, extendedEnd, judgeExtensionRequest } from '#policy/clauses/extension.js';
import { judgePermission } from '#policy/clauses/filing-permission.js';
import { judgeIntake } from '#policy/clauses/intake.js';
import { noticesOn } from '#policy/clauses/notices.js';
import { judgeObjection } from '#policy/clauses/objections.js';
import { penaltyFor } from '#policy/clauses/offences.js';
import { permits, type Operation } from '#policy/clauses/permissions.js';
import { protectionOn, type ClockEvent, type Running } from '#policy/clauses/protection.js';
import { reviewDeadline, reviewStep } from '#policy/clauses/review.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import { upgradeOn } from '#policy/clauses/upgrades.js';
import { availabilityAnswer } from '#policy/clauses/visibility.js';
import { reasonOf, type Evaluation, type Verdict } from '#policy/evaluation.js';
import { loadPolicy } from '#policy/policy.js';
import type { Duration } from '#time/clock.js';

/**
 * One reason of the log beside the one that its clause gives today from what was stored; without `again` nothing
 * recomputes it.
 */
export interface Recomputed {
  readonly type: string;
  readonly clause: string;
  readonly stored: Reason;
  readonly again: Reason | undefined;
}

interface Standing {
  readonly class: string;
  readonly current?: Running;
}
type Body = Readonly<Record<string, unknown>>;
/**
 * What a clause is recomputed from: the event itself, its times, its reason's inputs, and what the log said of the
 * registration before it.
 */
interface Witness {
  readonly e: Evaluation;
  readonly body: Body;
  readonly recorded: Recorded;
  readonly inputs: Readonly<Record<string, DerivedFact>>;
  readonly before: Standing | undefined;
  readonly reason: Reason;
}
type Clause = (witness: Witness, part: string) => Reason | undefined;

const text = (value: unknown): string => String(value);
const at = (value: unknown): Instant => value as Instant;
const allowedBecause = (verdict: Verdict, clause: string): Reason | undefined =>
  verdict.allowed ? verdict.because.find((reason) => reason.clause === clause) : undefined;
const lengthIn = (inputs: Witness['inputs']): Duration =>
  Object.fromEntries(
    Object.entries(inputs).filter(([name]) =>
      ['days', 'months', 'workingDays', 'hours', 'counting', 'untilTime', 'onDay', 'sameDay', 'permanent'].includes(
        name,
      ),
    ),
  ) as Duration;
const classOf = ({ body, before }: Witness): string => text(body['class'] ?? before?.class);

const protection: Clause = (witness, name) => {
  const { e, inputs, before, body } = witness;
  if (inputs['event'] === undefined)
    return endOutcome(e, { class: classOf(witness), extensionAsked: inputs['extensionAsked'] === true }).because;
  const window = body['protection'] as Running;
  const event = inputs['event'] as ClockEvent;
  const current = body['type'] === 'Upgraded' || body['type'] === 'Rolled' ? before?.current : undefined;
  const happened = current === undefined && event === 'approved' ? window.startsAt : at(inputs['from']);
  const choosable = e.policy.document.protection.some(
    (item) => item.class.includes(name as never) && 'from' in item.lasts,
  );
  return protectionOn(e, {
    class: name,
    event,
    at: happened,
    relations: ['holder', 'filer'],
    registeredAt: at(inputs['from']),
    ...(current === undefined ? {} : { current, currentClass: before!.class }),
    ...(choosable ? { chosen: lengthIn(inputs) } : {}),
  })?.because;
};

const extension: Clause = (witness) => {
  const { e, inputs, before, recorded, body } = witness;
  const name = classOf(witness);
  if ('extensionAsked' in inputs)
    return endOutcome(e, { class: name, extensionAsked: inputs['extensionAsked'] === true }).because;
  if ('timesGranted' in inputs) {
    const evidence = e.policy.document.extension?.flatMap((item) => item.evidence) ?? [];
    return allowedBecause(
      judgeExtensionRequest(e, {
        class: name,
        protection: { startsAt: before!.current!.startsAt, endsAt: at(inputs['endsAt']) },
        now: at(inputs['now']),
        timesGranted: Number(inputs['timesGranted']),
        evidence,
      }),
      'extension',
    );
  }
  const choosable = e.policy.document.extension?.some((item) => 'from' in item.lasts) === true;
  return extendedEnd(e, {
    class: name,
    protection: { startsAt: (body['protection'] as Running).startsAt, endsAt: at(inputs['before']) },
    decidedAt: recorded.times.recordedAt,
    ...(choosable ? { chosen: lengthIn(inputs) } : {}),
  }).because;
};

const ends: Clause = ({ e, inputs, reason, recorded }, cause) => {
  const found = judgeTermination(e, {
    cause,
    at: at(inputs['at'] ?? recorded.times.recordedAt),
    roles: (inputs['roles'] ?? []) as readonly string[],
    relations: [],
  });
  return 'at' in inputs ? found.because : allowedBecause(found.verdict, reason.clause);
};

const attribution: Clause = ({ e, inputs, body }, basis) => {
  const parties = Array.from({ length: Number(inputs['parties']) }, (_, number) => `party-${number}`);
  return attributionShares(e, {
    basis: basis as AttributionBasis,
    parties: parties.map((party) => ({ party, part: 'holder' })),
    ...(inputs['settled'] === true
      ? { agreed: (body['lines'] as readonly unknown[]).map((_, number) => ({ party: parties[number]!, weight: 1 })) }
      : {}),
  }).because;
};

/** Every clause that a ruling of the log may cite, by the first word of its path. */
const clauses: Readonly<Record<string, Clause>> = {
  protection,
  extension,
  ends,
  attribution,
  permissions: ({ e, inputs, reason }, operation) =>
    allowedBecause(
      permits(e, operation as Operation, {
        roles: inputs['roles'] as readonly string[],
        relations: inputs['relations'] as never,
      }),
      reason.clause,
    ),
  intake: ({ e, inputs, recorded: { times }, body }) =>
    allowedBecause(
      judgeIntake(e, {
        class: text(inputs['class']),
        channel: text(inputs['channel']),
        occurredAt: times.occurredAt,
        receivedAt: times.receivedAt,
        now: times.recordedAt,
        values: body['details'] as never,
        exempted: inputs['exempted'] === true,
      }),
      'intake',
    ),
  filingPermission: ({ e, inputs, recorded: { times } }) =>
    allowedBecause(
      judgePermission(e, {
        class: text(inputs['class']),
        party: 'one',
        now: times.recordedAt,
        granted: { at: at(inputs['grantedAt']), to: 'one' },
      }),
      'filingPermission',
    ),
  collision: ({ e, inputs, reason }, situation) =>
    reason.clause !== 'collision.case'
      ? collisionRule(e, situation as Situation).because
      : 'raisedAt' in inputs
        ? caseDeadline(e, at(inputs['raisedAt'])).because
        : caseRules(e).because,
  suspension: ({ e }) => suspensionRule(e).because,
  upgrades: ({ e }, path) => {
    const [name, event] = path.split('.');
    return upgradeOn(e, { class: name!, event: event as ClockEvent })?.because;
  },
  bans: ({ e, inputs }, cause) => banAfter(e, { cause, at: at(inputs['from']) })?.because,
  objections: ({ e, inputs }) =>
    allowedBecause(
      judgeObjection(e, {
        noticedAt: at(inputs['noticedAt']),
        now: at(inputs['now']),
        evidence: e.policy.document.objections?.evidence ?? [],
      }),
      'objections',
    ),
  offences: ({ e, inputs, recorded: { times } }, offence) =>
    penaltyFor(e, {
      offence,
      occurrence: Number(inputs['occurrence']),
      customers: Number(inputs['customers']),
      at: times.recordedAt,
    }).because,
  notices: ({ e, inputs, body }) => {
    const notice = noticesOn(e, text(inputs['on'])).find(
      ({ channels }) => String(channels) === String(body['channels']),
    );
    return notice === undefined ? undefined : reasonOf(e, 'notices', { rule: notice.rules }, inputs);
  },
  review: ({ e, inputs }, step) =>
    'startedAt' in inputs
      ? reviewDeadline(e, reviewStep(e, step), at(inputs['startedAt'])).because
      : reviewStep(e, step).because,
  commission: (witness) =>
    commissionOf(witness.e, { amount: text(witness.inputs['amount']) as Fen, class: classOf(witness) })?.because,
  visibility: ({ e, inputs, body }) =>
    availabilityAnswer(e, {
      state: inputs['answer'] as never,
      own: inputs['own'] === true,
      lastDay: body['lastDay'] as never,
    }).because,
};

/** Walks a log and recomputes every reason in it under the very text its ruling cites. */
export const recompute = (events: readonly StoredEvent[]): readonly Recomputed[] => {
  const policies = new Map<Code, Evaluation>();
  const standing = new Map<string, Standing>();
  return events.flatMap((stored) => {
    const recorded = decodeEvent(stored, catalogue) as Recorded<AnyEvent>;
    const body = recorded.event as unknown as Body;
    if (body['type'] === 'PolicyPublished') {
      const loaded = loadPolicy(text(body['text']));
      if (!loaded.ok) throw new Error('A published policy does not load');
      policies.set(loaded.policy.reference, { policy: loaded.policy });
    }
    const before = standing.get(text(body['registrationId']));
    const found = ((body['because'] ?? []) as readonly Reason[]).map((reason): Recomputed => {
      const [word, ...path] = reason.clause.split('.');
      const e = policies.get(reason.policy)!;
      return {
        type: text(body['type']),
        clause: reason.clause,
        stored: reason,
        again: clauses[word!]?.({ e, body, recorded, inputs: reason.inputs, before, reason }, path.join('.')),
      };
    });
    remember(standing, body);
    return found;
  });
};

const remember = (standing: Map<string, Standing>, body: Body): void => {
  const id = text(body['registrationId']);
  if (body['type'] === 'Registered') standing.set(id, { class: text(body['class']) });
  const known = standing.get(id);
  if (known === undefined) return;
  const window = (body['protection'] ??
    (body['restored'] as { readonly protection?: Running } | undefined)?.protection) as Running | undefined;
  standing.set(id, {
    ...known,
    ...(window === undefined ? {} : { current: window }),
    class: text(body['class'] ?? (body['restored'] as { readonly class?: string } | undefined)?.class ?? known.class),
  });
};
