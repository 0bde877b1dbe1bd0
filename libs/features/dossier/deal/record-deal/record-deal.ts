import { accept, refuse, type Rejection } from '#event-sourcing/decision.js';
import { yuan, type Fen, type Instant, type PartyId } from '#event-sourcing/vocabulary.js';
import { addFen, allocate, ZERO } from '#money/fen.js';
import { attributionShares } from '#policy/clauses/attribution.js';
import { possibleSameSubjectRule } from '#policy/clauses/collision.js';
import { commissionOf, feeOf } from '#policy/clauses/commission.js';
import { gatesBefore } from '#policy/clauses/gates.js';
import { field } from '../../../deciding/input.js';
import { unfitParties, type Unfit } from '../../../deciding/named-parties.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import type { Dossier } from '../../dossier.js';
import { holderAt, lastWindow, type Registration } from '../../registration.js';
import type { Attributed, AttributionBasis, DealId, DealRecorded, DossierId } from '../../events.js';
import { mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { seenByTwo } from '../../own-cause.js';
import { unnamed } from '../../not-identified.js';
import { inOtherCase, maybeOne, raisePossibleSameSubject } from '../../collision/possible-same-subject.js';
import { contractTaken, lookedUp, taken, type Looked } from '../contract.js';
import { absorbedBy } from '../../subject.js';
import { type SubjectCommand, onSubject } from '../../on-subject.js';
import { conditionFacts } from '../../condition-facts.js';
import { flagged } from '../../flagged.js';
import { inDossier, type DossierDecision, type PlacedEvent, type PlacedWithContract } from '../../placed.js';

/** A contract was signed. Who is credited follows from the registration that protected the customer at that time. */
export interface RecordDeal extends DossierCommand, Deal {
  readonly dossierId: DossierId;
  /** Looked up: the dossiers that were merged into this one. */
  readonly absorbed?: readonly Dossier[];
  readonly unfit?: Unfit;
  /** Looked up: the deal that stands under this number. */
  readonly contract?: Looked;
}
/** The same about a customer whom the form names, perhaps one whom nobody ever registered: R06.01. */
export interface RecordDealOf extends SubjectCommand, Deal {
  readonly contract?: Looked;
}
interface Deal {
  /** As people write it; of a program no two deals that stand have the same. */
  readonly contractNumber?: string;
  readonly amount: Fen;
  readonly signedAt: Instant;
  readonly closedBy: PartyId;
  readonly assistants: readonly PartyId[];
  /** A fixed sum, chosen of those that the policy offers, for some of those who helped. */
  readonly fees?: readonly Fee[];
}
interface Fee {
  readonly partyId: PartyId;
  readonly amount: Fen;
}

/** Who has a part in a deal: enrolled, and not barred on the day on which it was signed. */
const credited = { closedBy: field('party'), assistants: field('parties') };

export const recordDeal = onDossier<RecordDeal>({
  name: 'RecordDeal',
  dossierId: ({ dossierId }) => dossierId,
  look: async (reader, command, { dossier }) => ({
    ...command,
    absorbed: await absorbedBy(reader, [dossier]),
    contract: await lookedUp(reader, command.programId, command.contractNumber),
    unfit: await unfitParties(reader, credited, command, { programId: command.programId, now: command.signedAt }),
  }),
  decide: ({ facts, dossier }, { unfit = [], absorbed = [], ...command }) =>
    refuseWith(mayAct(facts, 'recordDeal')) ??
    refuseWith([...unfit, ...contractTaken(command.contract)]) ??
    decideDeal(facts, dossier, absorbed, command, {}),
});

export const recordDealOf = onSubject<RecordDealOf>({
  name: 'RecordDeal',
  names: credited,
  namedAt: ({ signedAt }) => signedAt,
  look: async (reader, command) => ({
    ...command,
    contract: await lookedUp(reader, command.programId, command.contractNumber),
  }),
  decide: ({ facts, judged, dossier, others, kinship, unfit }, command) => {
    const refused =
      refuseWith(mayAct(facts, 'recordDeal')) ??
      refuseWith(unnamed(judged)) ??
      refuseWith([...unfit, ...contractTaken(command.contract)]);
    if (refused !== undefined) return refused;
    const decision = decideDeal(facts, dossier, others, command, judged.values);
    // A deal is never held up: it is recorded where the protection ranks first, and the arbiter says whose it is.
    const asks = kinship === 'perhaps' && possibleSameSubjectRule(facts.inForce).outcome === 'case';
    if (!decision.accepted || !asks || inOtherCase([dossier, ...others])) return decision;
    const raised = raisePossibleSameSubject([dossier, ...others], maybeOne(facts, judged), facts);
    return accept(...decision.events, ...raised);
  },
});

const decideDeal = (
  facts: FactsInForce,
  dossier: Dossier,
  others: readonly Dossier[],
  command: Deal & { readonly contract?: Looked },
  named: Readonly<Record<string, unknown>>,
): DossierDecision => {
  if (BigInt(command.amount) <= 0n) return refuse({ reason: 'AmountNotPositive', field: 'amount' });
  if (command.signedAt > facts.now)
    return refuse({ reason: 'NotYet', field: 'signedAt', accepted: { until: facts.now } });
  const dealId = `${dossier.id}.d${dossier.deals.size + 1}` as DealId;
  const recorded: DealRecorded = {
    type: 'DealRecorded',
    dealId,
    amount: command.amount,
    currency: yuan,
    signedAt: command.signedAt,
    closedBy: command.closedBy,
    assistants: command.assistants,
    ...numberOf(command.contract),
  };
  const registration = protectingAt([dossier, ...others], command.signedAt);
  const parts = [command.closedBy, ...command.assistants].map((holder) => ({ holder }));
  const kept = refuseWith(
    seenByTwo(facts, 'recordDeal', [...(registration === undefined ? [] : [registration]), ...parts]),
  );
  if (kept !== undefined) return kept;
  const evaluation = registration === undefined ? facts.inForce : facts.under(registration.policy);
  const basis: AttributionBasis = registration === undefined ? 'unregistered' : (registration.sharesBasis ?? 'holder');
  const { weights, because } = attributionShares(evaluation, {
    basis,
    parties: partsOf(command, registration === undefined ? undefined : holderAt(registration, command.signedAt)),
    ...(registration?.shares === undefined
      ? {}
      : { agreed: registration.shares.map(({ partyId, weight }) => ({ party: partyId, weight })) }),
  });
  const commission =
    registration === undefined
      ? undefined
      : commissionOf(evaluation, { amount: command.amount, class: registration.class });
  const fees = feesOf(facts, [dossier, ...others], command, registration);
  if (fees.refused.length > 0) return refuse(...(fees.refused as readonly [Rejection, ...Rejection[]]));
  const lines = withFees(
    attributed(recorded, basis, registration, weights, commission?.commission, [
      because,
      ...(commission === undefined ? [] : [commission.because]),
    ]),
    command.fees ?? [],
    fees.because,
  );
  return accept<PlacedWithContract>(
    ...taken(command.contract, dealId, facts),
    ...inDossier(dossier, facts, recorded),
    // In the deal's own dossier, also where the protection stands in one that was merged into it.
    ...inDossier(dossier, facts, lines).map((placed) => ({ ...placed, policy: registration?.policy ?? placed.policy })),
    ...flagsOf(facts, [dossier, ...others], recorded, registration, named),
  );
};

const numberOf = (contract: Looked): Pick<DealRecorded, 'contractNumber'> =>
  contract === undefined || contract === 'unreadable' ? {} : { contractNumber: contract.shown };

/** A deal is never refused; what was not in order when it was signed is marked, with whoever closed it. */
const flagsOf = (
  facts: FactsInForce,
  dossiers: readonly [Dossier, ...Dossier[]],
  { dealId, closedBy, signedAt }: DealRecorded,
  protectedBy: Registration | undefined,
  named: Readonly<Record<string, unknown>>,
): readonly PlacedEvent[] => {
  const filed = dossiers.flatMap(({ registrations }) => [...registrations.values()]);
  // Where nobody was protected, what the closer filed is what was, or was not, in order.
  const registration =
    protectedBy ?? filed.findLast(({ holder, rankedAt }) => holder === closedBy && rankedAt <= signedAt);
  const { raised } = gatesBefore(facts.inForce, {
    act: 'recordDeal',
    class: registration?.class ?? '',
    values: registration?.details ?? named,
    who: { roles: facts.roles, relations: [] },
    facts: conditionFacts(facts, dossiers, registration, signedAt),
  });
  const about = { about: 'recordDeal', dealId, registrationId: registration?.id };
  return flagged(dossiers[0], facts, raised, { partyId: closedBy, ...about });
};

/** What each fee rests on, or why it is none: the facts are those of the day on which the deal was signed. */
const feesOf = (
  facts: FactsInForce,
  dossiers: readonly [Dossier, ...Dossier[]],
  { fees = [], ...deal }: Deal,
  registration: Registration | undefined,
): { readonly refused: readonly Rejection[]; readonly because: Attributed['because'] | readonly [] } => {
  const parts = partsOf(deal, registration === undefined ? undefined : holderAt(registration, deal.signedAt));
  const found = fees.map(({ partyId, amount }, index) => {
    if (fees.findIndex((each) => each.partyId === partyId) < index) return { reason: 'FeeTwice' as const };
    const own = parts.filter(({ party }) => party === partyId).map(({ part }) => part);
    if (registration === undefined || own.includes('holder')) return { offered: [] };
    return feeOf(
      facts.under(registration.policy),
      { amount, parts: own },
      {
        class: registration.class,
        values: registration.details,
        facts: conditionFacts(facts, dossiers, registration, deal.signedAt),
      },
    );
  });
  return {
    refused: found.flatMap((each): readonly Rejection[] => {
      if ('reason' in each) return [{ reason: each.reason, field: 'fees' }];
      return 'offered' in each
        ? [{ reason: 'FeeNotOffered', field: 'fees', accepted: { amounts: [...each.offered] } }]
        : [];
    }),
    because: found.flatMap((each) => ('because' in each ? [each.because] : [])) as Attributed['because'] | [],
  };
};

/** A fee is a line without performance, so that the lines still sum to the deal and to all that it pays. */
const withFees = (
  credited: Attributed,
  fees: readonly Fee[],
  because: Attributed['because'] | readonly [],
): Attributed =>
  fees.length === 0
    ? credited
    : {
        ...credited,
        commission: addFen(credited.commission ?? ZERO, ...fees.map(({ amount }) => amount)),
        lines: [
          ...credited.lines,
          ...fees.map(({ partyId, amount }) => ({ partyId, weight: 0, performance: ZERO, commission: amount })),
        ],
        because: [...credited.because, ...because] as unknown as Attributed['because'],
      };

/** Who had a part in the deal. R04.16: whoever closes in the holder's absence assists; the owner stays the holder. */
const partsOf = (
  { closedBy, assistants }: Deal,
  holder: PartyId | undefined,
): readonly { readonly party: PartyId; readonly part: 'holder' | 'closer' | 'assistant' }[] => [
  ...(holder === undefined ? [] : [{ party: holder, part: 'holder' as const }]),
  { party: closedBy, part: 'closer' },
  ...[...new Set([...(holder === undefined ? [] : [closedBy]), ...assistants])]
    .filter((party) => party !== holder)
    .map((party) => ({ party, part: 'assistant' as const })),
];

/**
 * The registration whose protection covered an instant, also one that has ended since; one that was found void never
 * covered any.
 */
const protectingAt = (dossiers: readonly Dossier[], at: Instant): Registration | undefined =>
  dossiers
    .flatMap(({ registrations }) => [...registrations.values()])
    .find((registration) => {
      const window = lastWindow(registration);
      if (registration.state === 'void' || window === undefined || at < window.startsAt) return false;
      const { protection } = registration;
      return (
        protection.state === 'suspended' ||
        at < (protection.state === 'ended' && protection.endedAt < window.endsAt ? protection.endedAt : window.endsAt)
      );
    });

const attributed = (
  { dealId, amount }: DealRecorded,
  basis: AttributionBasis,
  registration: Registration | undefined,
  weights: readonly { readonly party: PartyId; readonly weight: number }[],
  commission: Fen | undefined,
  because: Attributed['because'],
): Attributed => {
  const performance =
    weights.length === 0
      ? []
      : allocate(
          amount,
          weights.map(({ weight }) => weight),
        );
  const commissions =
    commission === undefined || weights.length === 0
      ? undefined
      : allocate(
          commission,
          weights.map(({ weight }) => weight),
        );
  return {
    type: 'Attributed',
    dealId,
    basis,
    currency: yuan,
    because,
    ...(registration === undefined ? {} : { registrationId: registration.id }),
    ...(commission === undefined ? {} : { commission }),
    lines: weights.map(({ party, weight }, index) => ({
      partyId: party,
      weight,
      performance: performance[index]!,
      ...(commissions === undefined ? {} : { commission: commissions[index]! }),
    })),
  };
};
