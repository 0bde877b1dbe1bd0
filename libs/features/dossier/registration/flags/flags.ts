import { readModel } from '#event-sourcing/projection/read-model.js';
import { typesOf } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { DealId, DossierEvent, DossierId, FlagId, RegistrationId } from '../../events.js';
import { caseEvents } from '../../collision/case-events.js';
import { dealEvents } from '../../deal/deal-events.js';
import { clockEvents, endEvents, extensionEvents, holderEvents } from '../../protection/protection-events.js';
import { dutyEvents } from '../../duty/duty-events.js';
import { subjectEvents } from '../../subject-events.js';
import { answerEvents, filingEvents } from '../filing-events.js';
import { requestEvents } from '../request-events.js';
import { amendmentEvents, stageEvents, workEvents } from '../work-events.js';

/** One act that was taken although a rule of the policy was not met. */
export interface Flag {
  readonly flagId: FlagId;
  readonly dossierId: DossierId;
  readonly programId: ProgramId;
  readonly flag: Code;
  readonly partyId: PartyId;
  readonly about: Code;
  readonly registrationId?: RegistrationId;
  readonly dealId?: DealId;
  readonly flaggedAt: Instant;
  /** An exemption lifted it: it stands no longer. */
  readonly lifted: boolean;
  readonly because: readonly Reason[];
}

export const flags = readModel<Flag, DossierEvent>()({
  name: 'flags',
  version: 1,
  indexes: [
    ['partyId', 'flaggedAt'],
    ['programId', 'flaggedAt'],
    ['programId', 'flag', 'flaggedAt'],
    ['programId', 'partyId', 'flaggedAt'],
    ['programId', 'partyId', 'flag', 'flaggedAt'],
    ['dossierId', 'flaggedAt'],
  ],
  ids: ({ event }) => (event.type === 'Flagged' ? [event.flagId] : []),
  ignores: [
    'PermissionAsked',
    'PermissionGranted',
    ...typesOf(
      subjectEvents,
      filingEvents,
      answerEvents,
      extensionEvents,
      workEvents,
      amendmentEvents,
      stageEvents,
      dutyEvents,
      requestEvents,
      clockEvents,
      holderEvents,
      endEvents,
      caseEvents,
      dealEvents,
    ),
  ],
  on: {
    Flagged: (_, { event, stream, program, times }) => ({
      flagId: event.flagId,
      dossierId: stream.slice('dossier-'.length) as DossierId,
      programId: program!,
      flag: event.flag,
      partyId: event.partyId,
      about: event.about,
      registrationId: event.registrationId,
      dealId: event.dealId,
      flaggedAt: times.recordedAt,
      lifted: false,
      because: event.because,
    }),
    Exempted: {
      ids: ({ event }) => event.lifts ?? [],
      fold: (row) => (row === undefined ? undefined : { ...row, lifted: true }),
    },
  },
});
