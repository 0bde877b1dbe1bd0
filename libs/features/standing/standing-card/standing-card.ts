import type { Box } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, EventId, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { OffenceId, Penalty, StandingEvent } from '../events.js';

/** One offence of a party and what followed. Whether a ban still holds is computed when it is read. */
export interface StandingCard {
  readonly offenceId: OffenceId;
  readonly partyId: PartyId;
  readonly programId: ProgramId;
  readonly offence: Code;
  readonly occurrence: number;
  readonly customers: number;
  readonly subject?: Code;
  readonly foundAt: Instant;
  readonly foundBy: PartyId;
  readonly penalties: readonly Penalty[];
  readonly ruling?: EventId;
  readonly rescinded: boolean;
  readonly because: readonly Reason[];
  readonly finding?: Box;
}

export const standingCard = readModel<StandingCard, StandingEvent>()({
  name: 'standing-card',
  version: 1,
  indexes: [
    ['partyId', 'foundAt'],
    ['programId', 'foundAt'],
    ['programId', 'partyId', 'foundAt'],
  ],
  ids: ({ event }) => [`${event.partyId}/${event.offenceId}`],
  on: {
    OffenceFound: (_, { event, times, actor, boxes }) => ({
      offenceId: event.offenceId,
      partyId: event.partyId,
      programId: event.programId,
      offence: event.offence,
      occurrence: event.occurrence,
      customers: event.customers,
      subject: event.subject,
      foundAt: times.recordedAt,
      foundBy: actor.party,
      penalties: [],
      rescinded: false,
      because: event.because,
      finding: boxes.party,
    }),
    Penalized: (row, { event, id }) =>
      row === undefined
        ? undefined
        : { ...row, penalties: event.penalties, ruling: id, because: [...row.because, ...event.because] },
    PenaltyRescinded: (row) => (row === undefined ? undefined : { ...row, rescinded: true }),
  },
});
