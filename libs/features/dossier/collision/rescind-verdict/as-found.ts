import type { Code } from '#event-sourcing/vocabulary.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import type { DecidedCase } from '../../case.js';
import { pending, protecting, type Dossier, type VerdictMade } from '../../dossier.js';
import type { ConflictRaised, RulingRescinded } from '../../events.js';
import { restoredBy } from '../../protection/rescind-ruling/restoring.js';
import { claimOf, type Found, type Registration, type RulingMade, type Stood } from '../../registration.js';

/** A claim that a verdict ruled on: one of its case, or one that was answered no with the winner's approval. */
export interface RuledOn {
  readonly claim: Registration;
  /** Absent: its clock went on by the verdict itself. */
  readonly ruling?: RulingMade | undefined;
  readonly stood: Stood | Found;
  readonly isWinner: boolean;
}

export const ruledOn = (dossier: Dossier, { id, winner }: DecidedCase, made: VerdictMade): readonly RuledOn[] =>
  [...dossier.registrations.values()].flatMap((claim) => {
    const ruling = claim.rulings.findLast(
      (each) =>
        each.rescinded !== true && each.at === made.at && (each.command === made.command || waitedFor(each.found, id)),
    );
    const stood = made.found.get(claim.id) ?? ruling?.found;
    const isWinner = claim.id === winner;
    return stood !== undefined && (ruling !== undefined || isWinner) ? [{ claim, ruling, stood, isWinner }] : [];
  });
const waitedFor = (found: Found, caseId: DecidedCase['id']): boolean =>
  found.state === 'inCase'
    ? found.caseId === caseId
    : found.protection.state === 'suspended' && found.protection.caseId === caseId;

/** By somebody's act: what its clock alone ended would have stood still for the case. */
const ended: ReadonlySet<string> = new Set(['recalled', 'rejected', 'released', 'terminated', 'void']);
/** Somebody let it go, or ended it, after the verdict: that stands. */
const isOverSince = ({ claim, ruling }: RuledOn): boolean => {
  const byVerdict = ruling !== undefined && ruling === claim.rulings.at(-1) && ruling.type !== 'Approved';
  return ended.has(claim.state) && !byVerdict;
};

/** Who is protected in place of a claim by now, and was not ruled on with it. */
export const inItsPlace = (
  dossier: Dossier,
  { claim }: RuledOn,
  ruled: readonly RuledOn[],
  { now }: FactsInForce,
): Registration | undefined => {
  const rival = protecting(dossier, now, claim);
  return ruled.some((each) => each.claim.id === rival?.id) ? undefined : rival;
};

/** Over by another's act, or its place is taken: by somebody who is protected now, or by its holder's own new claim. */
export const staysAsItIs = (dossier: Dossier, each: RuledOn, ruled: readonly RuledOn[], facts: FactsInForce): boolean =>
  isOverSince(each) ||
  inItsPlace(dossier, each, ruled, facts) !== undefined ||
  pending(dossier, each.claim).some(
    ({ id, holder }) => holder === each.claim.holder && ruled.every(({ claim }) => claim.id !== id),
  );

/** How a claim stood before the verdict; `suspended`: its clock stands still again, with what was left of it. */
export interface AsFound {
  readonly restored: RulingRescinded['restored'];
  readonly suspended?: ConflictRaised['suspended'];
}
export const asFound = (each: RuledOn, facts: FactsInForce): AsFound => {
  const { claim, stood } = each;
  const { protection } = stood;
  if (stood.state === 'inCase') {
    const { review } = stood.before;
    const before = restoredBy({ ...stood, ...stood.before } as Found, facts);
    return { restored: written(each, { ...before, ...(review === undefined ? {} : { review }) }) };
  }
  // The suspension had ended before the verdict: the winner's clock ran on, and the verdict did not move it.
  if (protection.state === 'live' && each.isWinner) return { restored: written(each, asItStands(claim)) };
  if (protection.state !== 'suspended') return { restored: written(each, restoredBy(stood, facts)) };
  const { window, since, left, until } = protection;
  const { class: name, extension } = stood;
  return {
    restored: written(each, {
      state: 'protected',
      protection: window,
      class: name,
      extensionCount: extension.count,
      ...(extension.requested ? { extensionRequested: true } : {}),
    }),
    suspended: { registrationId: claim.id, at: since, left, ...(until === undefined ? {} : { until }) },
  };
};

/** What is over stays over; a clock that began by the verdict never ran, and nobody is credited under it. */
export const withoutItsClock = (each: RuledOn): RulingRescinded['restored'] =>
  written(each, { state: each.claim.state, class: each.stood.class, extensionCount: each.stood.extension.count });

const asItStands = ({ state, protection, class: name, extension }: Registration): RulingRescinded['restored'] => ({
  state,
  ...(protection.state === 'live' ? { protection: protection.window } : {}),
  ...(protection.state === 'ended' ? { ended: protection.window } : {}),
  class: name,
  extensionCount: extension.count,
  ...(extension.requested ? { extensionRequested: true } : {}),
});

/** What the verdict shared is shared no more; a split that the parties agreed since stands. */
const written = (
  { claim, stood, isWinner }: RuledOn,
  restored: RulingRescinded['restored'],
): RulingRescinded['restored'] => {
  const unshared = isWinner && claim.sharesBasis === 'verdict' && 'shares' in stood;
  const basis = unshared ? stood.sharesBasis : undefined;
  const shares = unshared ? (stood.shares ?? []) : claim.shares;
  return {
    ...restored,
    ...(shares === undefined ? {} : { shares }),
    ...(basis === undefined ? {} : { sharesBasis: basis }),
    ...claimOf(claim),
  };
};

/** The ruling that a claim's restoring names: its own, or the verdict. */
export const rulingOf = ({ ruling }: RuledOn, made: VerdictMade): Pick<RulingRescinded, 'ruling' | 'rulingType'> => ({
  ruling: ruling?.id ?? made.id!,
  rulingType: (ruling?.type ?? 'Arbitrated') as Code,
});
