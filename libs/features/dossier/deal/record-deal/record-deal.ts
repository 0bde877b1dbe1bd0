import { accept, refuse } from '#event-sourcing/decision.js';
import { yuan, type Fen, type Instant, type PartyId } from '#event-sourcing/vocabulary.js';
import { possibleSameSubjectRule } from '#policy/clauses/collision.js';
import { gatesBefore } from '#policy/clauses/gates.js';
import { field } from '../../../deciding/input.js';
import { unfitParties, type Unfit } from '../../../deciding/named-parties.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import type { Dossier } from '../../dossier.js';
import type { Registration } from '../../registration.js';
import type { DealId, DealRecorded, DossierId } from '../../events.js';
import { mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { seenByTwo } from '../../own-cause.js';
import { unnamed } from '../../not-identified.js';
import { inOtherCase, maybeOne, raisePossibleSameSubject } from '../../collision/possible-same-subject.js';
import { contractTaken, lookedUp, taken, type Looked } from '../contract.js';
import { crediting, type Fee } from '../crediting.js';
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
  const { registration, refused, lines } = crediting(facts, [dossier, ...others], { ...recorded, fees: command.fees });
  const parts = [command.closedBy, ...command.assistants].map((holder) => ({ holder }));
  const kept = refuseWith([
    ...seenByTwo(facts, 'recordDeal', [...(registration === undefined ? [] : [registration]), ...parts]),
    ...refused,
  ]);
  if (kept !== undefined) return kept;
  return accept<PlacedWithContract>(
    ...taken(command.contract, dealId, facts),
    ...inDossier(dossier, facts, recorded),
    ...lines,
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
