import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { yuan, type Code, type PartyId, type ProgramId } from '#event-sourcing/vocabulary.js';
import { countingWindow, judgeOffenceFinder, penaltyFor } from '#policy/clauses/offences.js';
import { mayAct, permittedBy } from '../../deciding/may-act.js';
import type { Slice } from '../../deciding/slice.js';
import {
  contextOf,
  isInForce,
  loadDecisionFacts,
  refusalOf,
  type DecisionFacts,
  type CommandBase,
} from '../../deciding/decision-facts.js';
import { partyFolding, partyStream, type PartyFacts } from '../../party/facts.js';
import type { OffenceId, Penalty, StandingEvent } from '../events.js';
import { nextOccurrence, standingFolding, standingStream, type Standing } from '../facts.js';

/**
 * An authority finds that a party did wrong; what follows is the policy's: the ladder's next step, an amount per
 * customer, a range.
 */
export interface FindOffence extends CommandBase {
  readonly programId: ProgramId;
  readonly partyId: PartyId;
  readonly offenceId: OffenceId;
  readonly offence: string;
  readonly customers: number;
  readonly subject?: Code;
  readonly finding: string;
  /** Inside the policy's range, where it has one. */
  readonly chosen?: Penalty;
}
export interface FindOffenceState {
  readonly facts: DecisionFacts;
  readonly offender: PartyFacts;
  readonly standing: Standing;
}

export const findOffence: Slice<FindOffence, StandingEvent> = {
  name: 'FindOffence',
  handling: (command, { clock }) => findOffenceHandling(command, clock),
};

const findOffenceHandling = (
  command: FindOffence,
  clock: Clock,
): Handling<FindOffenceState, StandingEvent, Rejection> => ({
  context: contextOf(command, 'FindOffence', command.programId),
  queueOn: [standingStream(command.partyId)],
  load: async (reader) => ({
    facts: await loadDecisionFacts(reader, command, command.programId, clock.now()),
    offender: await reader.fold(partyStream(command.partyId), partyFolding),
    standing: await reader.fold(standingStream(command.partyId), standingFolding),
  }),
  decide: (state) => finding(state, command),
  refusal: (rejections, { facts }) =>
    refusalOf(command, 'FindOffence', rejections, {
      programId: command.programId,
      subject: command.partyId,
      policy: facts.inForce?.policy.reference,
    }),
});

const finding = (
  { facts, offender, standing }: FindOffenceState,
  command: FindOffence,
): Decision<Placed<StandingEvent>> => {
  if (!isInForce(facts)) return refuse({ reason: 'NoPolicyInForce' });
  const evaluation = facts.inForce;
  const [barred, ...more] = mayAct(facts, 'findOffence');
  if (barred !== undefined) return refuse(barred, ...more);
  const finder = judgeOffenceFinder(evaluation, { offence: command.offence, roles: facts.roles, relations: [] });
  if (!finder.allowed) return refuse(...finder.rejections);
  if (offender.partyId === undefined) return refuse({ reason: 'PartyUnknown', field: 'partyId' });
  if (command.partyId === command.by) return refuse({ reason: 'OwnCause' });
  if (standing.offences.some(({ id }) => id === command.offenceId)) return accept();
  const { since } = countingWindow(evaluation, command.offence);
  const occurrence = nextOccurrence(standing, command.programId, command.offence as Code, since(facts.now));
  const { judgement, penalties, because } = penaltyFor(evaluation, {
    offence: command.offence,
    occurrence,
    customers: command.customers,
    at: facts.now,
    ...(command.chosen === undefined ? {} : { chosen: command.chosen }),
  });
  if (!judgement.allowed) return refuse(...judgement.rejections);
  const { offenceId, partyId, programId } = command;
  const subject = command.subject === undefined ? {} : { subject: command.subject };
  const ruled = (event: StandingEvent): Placed<StandingEvent> => ({
    stream: standingStream(partyId),
    event,
    policy: evaluation.policy.reference,
  });
  return accept(
    ruled({
      type: 'OffenceFound',
      offenceId,
      partyId,
      programId,
      offence: command.offence as Code,
      occurrence,
      customers: command.customers,
      ...subject,
      finding: personal(command.finding),
      because: permittedBy(facts, 'findOffence'),
    }),
    ruled({
      type: 'Penalized',
      offenceId,
      partyId,
      programId,
      penalties,
      ...(penalties.some((penalty) => 'amount' in penalty) ? { currency: yuan } : {}),
      ...subject,
      because: [because],
    }),
  );
};
