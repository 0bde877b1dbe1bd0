import { accept, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { contextOf, loadDecisionFacts, refusalOf, type ProgramCommand } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import { partyFolding, partyStream } from '../../party/facts.js';
import type { StandingEvent } from '../../standing/events.js';
import { standingFolding, standingStream } from '../../standing/facts.js';
import type { WorkEvent } from '../events.js';
import { workFolding, workStream } from '../facts.js';
import { setPeriods, type OnWork } from '../set-periods.js';

/**
 * Asked by the deadline tick, and when a role or a version of the policy may call for duties by period from `from` on.
 * Safe to ask again.
 */
export interface MeetPeriods extends ProgramCommand {
  /** Whose; absent: those of the program's offices. */
  readonly partyId?: PartyId;
  readonly from?: Instant;
}

export const meetPeriods: Slice<MeetPeriods, WorkEvent | StandingEvent> = {
  name: 'MeetPeriods',
  handling: (command, { clock }) => meetPeriodsHandling(command, clock),
};

const meetPeriodsHandling = (
  command: MeetPeriods,
  clock: Clock,
): Handling<OnWork, WorkEvent | StandingEvent, Rejection> => {
  const { programId, partyId } = command;
  const stream = workStream(programId, partyId);
  return {
    context: contextOf(command, 'MeetPeriods', programId),
    queueOn: [stream],
    load: async (reader) => ({
      facts: await loadDecisionFacts(reader, command, programId, clock.now()),
      work: await reader.fold(stream, workFolding),
      ...(partyId === undefined
        ? {}
        : {
            party: {
              id: partyId,
              facts: await reader.fold(partyStream(partyId), partyFolding),
              standing: await reader.fold(standingStream(partyId), standingFolding),
            },
          }),
    }),
    decide: (on) => {
      const { events, heldUp } = setPeriods(on, command.from);
      // Not refused: a tick that was answered once would never ask again.
      if (events.length === 0 && heldUp !== undefined) throw heldUp;
      return accept(...events);
    },
    refusal: (rejections) => refusalOf(command, 'MeetPeriods', rejections, { programId }),
  };
};
