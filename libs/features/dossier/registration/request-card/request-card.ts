import { type Box, type Recorded, typesOf } from '#event-sourcing/event.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import type { Code, EventId, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { caseEvents } from '../../collision/case-events.js';
import { dealEvents } from '../../deal/deal-events.js';
import type { Details, DossierEvent, DossierId, RegistrationId, RequestOutcome, ReviewStage } from '../../events.js';
import { clockEvents, endEvents, extensionEvents, holderEvents } from '../../protection/protection-events.js';
import { permissionEvents, subjectEvents } from '../../subject-events.js';
import { answerEvents, filingEvents } from '../filing-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { amendmentEvents, stageEvents, workEvents } from '../work-events.js';

/** One request as lists show it: what waits for whom, and what came of it. */
export interface RequestCard {
  readonly requestId: EventId;
  readonly registrationId: RegistrationId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly request: Code;
  readonly by: PartyId;
  readonly state: 'waiting' | RequestOutcome;
  readonly requestedAt: Instant;
  /** The step that is waited for, while it waits. */
  readonly review?: ReviewStage;
  readonly decidedAt?: Instant;
  /** The grant ends. */
  readonly until?: Instant;
  readonly once: boolean;
  readonly usedAt?: Instant;
  readonly details: Details;
  /** What was filled in about a person, sealed. */
  readonly form?: Box;
  /** The word that came with the last yes or no, sealed. */
  readonly opinion?: Box;
  readonly policy?: Code;
}

const known = (card: RequestCard | undefined, { event, position }: Recorded): RequestCard => {
  if (card === undefined) throw new Error(`${event.type} at ${position} speaks of a request that nobody made`);
  return card;
};

export const requestCard = readModel<RequestCard, DossierEvent>()({
  name: 'request-card',
  version: 1,
  indexes: [
    ['programId', 'state', 'requestedAt'],
    ['programId', 'by', 'state', 'requestedAt'],
  ],
  ids: ({ event }) => ('requestId' in event ? [event.requestId] : []),
  ignores: typesOf(
    subjectEvents,
    permissionEvents,
    filingEvents,
    answerEvents,
    extensionEvents,
    workEvents,
    amendmentEvents,
    stageEvents,
    dutyEvents,
    clockEvents,
    holderEvents,
    endEvents,
    caseEvents,
    dealEvents,
  ),
  on: {
    Requested: {
      ids: ({ id }) => [id],
      fold: (_, { id, event, times, stream, program, policy, boxes }) => ({
        requestId: id,
        registrationId: event.registrationId,
        dossierId: stream.slice('dossier-'.length) as DossierId,
        programId: program!,
        request: event.request,
        by: event.by,
        state: 'waiting',
        requestedAt: times.recordedAt,
        review: event.review,
        once: false,
        details: event.details,
        form: boxes.customer,
        policy,
      }),
    },
    RequestAdvanced: (card, recorded) => ({
      ...known(card, recorded),
      review: recorded.event.review,
      opinion: recorded.boxes.customer ?? card?.opinion,
    }),
    RequestDecided: (card, recorded) => ({
      ...known(card, recorded),
      state: recorded.event.outcome,
      review: undefined,
      decidedAt: recorded.times.occurredAt,
      until: recorded.event.until,
      once: recorded.event.once === true,
      opinion: recorded.boxes.customer ?? card?.opinion,
    }),
    GrantUsed: (card, recorded) => ({ ...known(card, recorded), usedAt: recorded.times.occurredAt }),
  },
});
