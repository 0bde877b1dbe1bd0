import { accept, type Decision, type Placed, type Rejection, refuse } from '#event-sourcing/decision.js';
import type { Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Code, Instant } from '#event-sourcing/vocabulary.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { availabilityAnswer, judgeAsk, type AvailabilityInput } from '#policy/clauses/visibility.js';
import { judgeForm, type JudgedForm } from '#policy/clauses/form.js';
import {
  accessStream,
  contextOf,
  isInForce,
  loadDecisionFacts,
  refusalOf,
  type DecisionFacts,
} from '../../../deciding/decision-facts.js';
import { addMilliseconds } from '#time/instant.js';
import { asksFolding } from '../../../audit/facts.js';
import type { Slice } from '../../../deciding/slice.js';
import { pending, protecting, refilingBan, type Dossier } from '../../dossier.js';
import type { Claim } from '../../events.js';
import { findSubject, type Subject } from '../../subject.js';
import { unnamed } from '../../not-identified.js';
import type { EpochSecret } from '../../keyring.js';
import { mayAct, refuseWith } from '../../on-dossier.js';
import type { Naming, SubjectCommand } from '../../on-subject.js';
import { settle } from '../../settle.js';
import type { AvailabilityAsked } from '../../../audit/events.js';

/**
 * "Is this customer free?" It is recorded before the answer leaves, and never says whose a taken one is: R04.10,
 * R06.06.
 */
export interface AskAvailability extends SubjectCommand {}
export interface AskAvailabilityState {
  readonly facts: DecisionFacts;
  readonly judged?: JudgedForm;
  readonly subject: Subject;
  /** When the caller asked before, in the last two days. */
  readonly asked: readonly Instant[];
}

export const askAvailability: Slice<Naming<AskAvailability>, AvailabilityAsked> = {
  name: 'AskAvailability',
  handling: (command, { clock, secret }) => askAvailabilityHandling(command, clock, secret),
};

const askAvailabilityHandling = (
  command: Naming<AskAvailability>,
  clock: Clock,
  secret: EpochSecret,
): Handling<AskAvailabilityState, AvailabilityAsked, Rejection> => ({
  context: contextOf(command, 'AskAvailability', command.programId),
  load: async (reader) => {
    const facts = await loadDecisionFacts(reader, command, command.programId, clock.now());
    const judged =
      facts.inForce === undefined
        ? undefined
        : judgeForm(facts.inForce, { class: command.class, values: command.form, attachments: [] });
    return {
      facts,
      judged,
      asked: await askedBefore(reader, command),
      subject: await findSubject(reader, command.programId, judged?.strongKeys ?? [], secret),
    };
  },
  decide: (state) => answer(state, command.class),
  refusal: (rejections, { facts }) =>
    refusalOf(command, 'AskAvailability', rejections, {
      programId: command.programId,
      policy: facts.inForce?.policy.reference,
    }),
});

const day = 24 * 60 * 60 * 1_000;
const askedBefore = async (
  reader: Reader,
  { by, receivedAt }: Naming<AskAvailability>,
): Promise<readonly Instant[]> => {
  const before = addMilliseconds(receivedAt, -day);
  return [
    ...(await reader.fold(accessStream({ by, receivedAt: before }), asksFolding)),
    ...(await reader.fold(accessStream({ by, receivedAt }), asksFolding)),
  ];
};

const answer = (
  { facts, judged, subject, asked }: AskAvailabilityState,
  name: string,
): Decision<Placed<AvailabilityAsked>> => {
  if (!isInForce(facts) || judged === undefined) return refuse({ reason: 'NoPolicyInForce' });
  const refused = refuseWith(mayAct(facts, 'ask'));
  if (refused !== undefined) return refused;
  // Whoever may look through others' claims learns nothing by asking.
  const quota = judgeAsk(facts.inForce, asked, facts.now);
  if (!quota.allowed && mayAct(facts, 'seeOthers').length > 0) return refuse(...quota.rejections);
  const nobody = refuseWith(unnamed(judged));
  if (nobody !== undefined) return nobody;
  const dossiers = subject.dossiers.map((each) => settle(each, facts).dossier);
  const [dossier] = dossiers;
  const { answer, lastDay, because } = availabilityAnswer(
    facts.inForce,
    situation(dossiers, claimsOf(facts.inForce, name), facts),
  );
  const event: AvailabilityAsked = {
    type: 'AvailabilityAsked',
    programId: facts.programId,
    keys: subject.places.map(({ stream }) => stream),
    answer,
    ...(lastDay === undefined ? {} : { lastDay }),
    because: [because],
    ...(dossier?.id === undefined ? {} : { subject: dossier.id as unknown as Code }),
  };
  return accept({ stream: accessStream(facts.command), event, policy: facts.inForce.policy.reference });
};

/** How the subject stands for whoever would claim it. While a clock stands still nobody can say its last day. */
const situation = (dossiers: readonly Dossier[], claim: Claim, { claimant, now }: DecisionFacts): AvailabilityInput => {
  const holder = dossiers
    .map((dossier) => protecting(dossier, now, claim))
    .find((registration) => registration !== undefined);
  if (holder !== undefined) {
    const own = holder.holder === claimant;
    return holder.protection.state === 'live'
      ? { state: 'protected', own, lastDay: holder.protection.window.lastDay }
      : { state: 'inCase', own };
  }
  if (dossiers.some((dossier) => refilingBan(dossier, claimant, now) !== undefined))
    return { state: 'banned', own: true };
  const waiting = dossiers.flatMap((dossier) => pending(dossier, claim));
  return {
    state: waiting.length > 0 ? 'pending' : 'free',
    own: waiting.some((registration) => registration.holder === claimant),
  };
};
