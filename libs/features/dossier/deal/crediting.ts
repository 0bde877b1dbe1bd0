import type { Rejection } from '#event-sourcing/decision.js';
import { yuan, type Fen, type Instant, type PartyId, type Reasons } from '#event-sourcing/vocabulary.js';
import { addFen, allocate, ZERO } from '#money/fen.js';
import { attributionShares } from '#policy/clauses/attribution.js';
import { commissionOf, feeOf } from '#policy/clauses/commission.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { conditionFacts } from '../condition-facts.js';
import type { Dossier } from '../dossier.js';
import type { Attributed, AttributionBasis, DealRecorded } from '../events.js';
import { inOwnCause } from '../own-cause.js';
import { dossierOf, inDossier, type PlacedEvent } from '../placed.js';
import { holderAt, lastWindow, type Registration } from '../registration.js';
import { partiesOf, type Deal } from './deal.js';
import { reversing } from './reversing.js';

/** A fixed sum for somebody who helped, chosen of those that the policy offers. */
export interface Fee {
  readonly partyId: PartyId;
  readonly amount: Fen;
}
type Signed = Pick<DealRecorded, 'dealId' | 'amount' | 'signedAt' | 'closedBy' | 'assistants'> & {
  readonly fees?: readonly Fee[] | undefined;
};
type Dossiers = readonly [Dossier, ...Dossier[]];
export interface Crediting {
  /** What protected the customer when the deal was signed. */
  readonly registration: Registration | undefined;
  readonly refused: readonly Rejection[];
  /** In the deal's own dossier, also where the protection stands in one that was merged into it. */
  readonly lines: readonly PlacedEvent[];
}

/** Who is credited for a deal: the registration that protected the customer at the signing decides, under its policy. */
export const crediting = (facts: FactsInForce, dossiers: Dossiers, deal: Signed): Crediting => {
  const registration = protectingAt(dossiers, deal.signedAt);
  const { refused, because } = feesOf(facts, dossiers, deal, registration);
  const line = withFees(attributionOf(facts, registration, deal), deal.fees ?? [], because);
  const placed = inDossier({ id: dossierOf(deal.dealId) }, facts, line);
  const lines = placed.map((each) => ({ ...each, policy: registration?.policy ?? each.policy }));
  return { registration, refused, lines };
};

/**
 * A deal that would be credited otherwise as the claims stand now: the mirror of what it was credited with, and who is
 * credited instead, so that all lines together are those of one deal. Nothing where it is the same. A fee stays with
 * whoever would be offered it now.
 */
const creditedAnew = (
  facts: FactsInForce,
  dossiers: Dossiers,
  { id: dealId, ...deal }: Deal,
  because: Reasons,
): readonly PlacedEvent[] => {
  if (deal.credited?.id === undefined || deal.rescinded === true) return [];
  const registration = protectingAt(dossiers, deal.signedAt);
  if (inShares(attributionOf(facts, registration, { ...deal, dealId })) === inShares(deal.credited)) return [];
  const fees = deal.credited.lines.flatMap(({ partyId, weight, commission }): readonly Fee[] => {
    const fee = weight === 0 && commission !== undefined ? [{ partyId, amount: commission }] : [];
    return feesOf(facts, dossiers, { ...deal, dealId, fees: fee }, registration).refused.length === 0 ? fee : [];
  });
  return [
    ...inDossier({ id: dossierOf(dealId) }, facts, ...reversing({ ...deal, id: dealId }, because)),
    ...crediting(facts, dossiers, { ...deal, dealId, fees }).lines,
  ];
};
/** Several of them. Nobody moves the money of a deal that they have a part in, or get one of. */
export const dealsAnew = (
  facts: FactsInForce,
  dossiers: Dossiers,
  deals: readonly Deal[],
  because: Reasons,
): Omit<Crediting, 'registration'> => {
  const moved = deals.map((deal) => ({ deal, lines: creditedAnew(facts, dossiers, deal, because) }));
  const parties = moved
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ deal, lines }) => [
      ...partiesOf(deal),
      ...lines.flatMap(({ event }) => (event.type === 'Attributed' ? event.lines.map(({ partyId }) => partyId) : [])),
    ]);
  const theirs = parties.map((holder) => ({ holder }));
  return { refused: inOwnCause(facts, dossiers[0], theirs), lines: moved.flatMap(({ lines }) => lines) };
};
/** What is shared, and how; a fee is a line without weight. */
const inShares = ({ basis, registrationId, lines }: Pick<Attributed, 'basis' | 'registrationId' | 'lines'>): string =>
  JSON.stringify([
    basis,
    registrationId,
    lines.flatMap(({ partyId, weight }) => (weight === 0 ? [] : [partyId, weight])),
  ]);

const attributionOf = (facts: FactsInForce, registration: Registration | undefined, deal: Signed): Attributed => {
  const evaluation = registration === undefined ? facts.inForce : facts.under(registration.policy);
  const basis: AttributionBasis = registration === undefined ? 'unregistered' : (registration.sharesBasis ?? 'holder');
  const { weights, because } = attributionShares(evaluation, {
    basis,
    parties: partsOf(deal, registration === undefined ? undefined : holderAt(registration, deal.signedAt)),
    ...(registration?.shares === undefined
      ? {}
      : { agreed: registration.shares.map(({ partyId, weight }) => ({ party: partyId, weight })) }),
  });
  const commission =
    registration === undefined
      ? undefined
      : commissionOf(evaluation, { amount: deal.amount, class: registration.class });
  return attributed(deal, basis, registration, weights, commission?.commission, [
    because,
    ...(commission === undefined ? [] : [commission.because]),
  ]);
};

/** What each fee rests on, or why it is none: the facts are those of the day on which the deal was signed. */
const feesOf = (
  facts: FactsInForce,
  dossiers: readonly [Dossier, ...Dossier[]],
  { fees = [], ...deal }: Signed,
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
  { closedBy, assistants }: Pick<Signed, 'closedBy' | 'assistants'>,
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
  { dealId, amount }: Signed,
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
