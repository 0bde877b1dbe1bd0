import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
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
import type { OffenceId, StandingEvent } from '../events.js';
import { standingFolding, standingStream, type Standing } from '../facts.js';

/** Takes back a finding and its penalties; offences counted after it are named, they keep their own rulings. */
export interface RescindPenalty extends CommandBase {
  readonly programId: ProgramId;
  readonly partyId: PartyId;
  readonly offenceId: OffenceId;
  readonly grounds: string;
}
export interface RescindPenaltyState {
  readonly facts: DecisionFacts;
  readonly standing: Standing;
}

export const rescindPenalty: Slice<RescindPenalty, StandingEvent> = {
  name: 'RescindPenalty',
  handling: (command, { clock }) => rescindPenaltyHandling(command, clock),
};

const rescindPenaltyHandling = (
  command: RescindPenalty,
  clock: Clock,
): Handling<RescindPenaltyState, StandingEvent, Rejection> => ({
  context: contextOf(command, 'RescindPenalty', command.programId),
  queueOn: [standingStream(command.partyId)],
  load: async (reader) => ({
    facts: await loadDecisionFacts(reader, command, command.programId, clock.now()),
    standing: await reader.fold(standingStream(command.partyId), standingFolding),
  }),
  decide: (state) => takenBack(state, command),
  refusal: (rejections, { facts }) =>
    refusalOf(command, 'RescindPenalty', rejections, {
      programId: command.programId,
      subject: command.partyId,
      policy: facts.inForce?.policy.reference,
    }),
});

const takenBack = (
  { facts, standing }: RescindPenaltyState,
  { programId, partyId, offenceId, grounds, by }: RescindPenalty,
): Decision<Placed<StandingEvent>> => {
  if (!isInForce(facts)) return refuse({ reason: 'NoPolicyInForce' });
  const [barred, ...more] = mayAct(facts, 'rescindRuling');
  if (barred !== undefined) return refuse(barred, ...more);
  if (partyId === by) return refuse({ reason: 'OwnCause' });
  const place = standing.offences.findIndex(({ id, programId: of }) => id === offenceId && of === programId);
  const offence = standing.offences[place];
  if (offence?.ruling === undefined) return refuse({ reason: 'OffenceUnknown', field: 'offenceId' });
  if (offence.rescinded) return accept();
  const hangingOnIt = standing.offences
    .slice(place + 1)
    .filter((later) => later.offence === offence.offence && later.programId === programId && !later.rescinded)
    .map(({ id }) => id);
  return accept({
    stream: standingStream(partyId),
    policy: facts.inForce.policy.reference,
    event: {
      type: 'PenaltyRescinded',
      offenceId,
      partyId,
      programId,
      ruling: offence.ruling,
      hangingOnIt,
      grounds: personal(grounds),
      because: permittedBy(facts, 'rescindRuling'),
    },
  });
};
