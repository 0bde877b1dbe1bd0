import { readModel, removed } from '#event-sourcing/projection/read-model.js';
import { typesOf } from '#event-sourcing/event.js';
import type { Code, Instant, PartyId, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import { caseEvents } from '../../collision/case-events.js';
import { dealEvents } from '../../deal/deal-events.js';
import type { DossierEvent, DossierId, DutyMissed, DutySet, DutyState, RegistrationId } from '../../events.js';
import { clockEvents, endEvents, extensionEvents, holderEvents } from '../../protection/protection-events.js';
import { answerEvents, filingEvents } from '../../registration/filing-events.js';
import { requestEvents } from '../../registration/request-events.js';
import { amendmentEvents, stageEvents, workEvents } from '../../registration/work-events.js';
import type { PeriodicDutyMissed, PeriodicDutySet, WorkEvent } from '../../../work/events.js';
import { permissionEvents, subjectEvents } from '../../subject-events.js';

/**
 * What has to be done, for a registration or in a period, as it was last said; of a period that is over, what nobody
 * did. A duty of an office that several roles share has a row
 * for each of them, so that each finds it; `first` is the one that stands for all.
 */
export interface DutyRow {
  /** Absent, and the dossier likewise: it is a duty by period. */
  readonly registrationId?: RegistrationId;
  readonly dossierId?: DossierId;
  readonly programId: ProgramId;
  readonly duty: Code;
  readonly partyId?: PartyId;
  readonly role?: Code;
  readonly roles?: readonly Code[];
  readonly place: 'first' | 'more';
  readonly state: DutyState;
  readonly since: Instant;
  /** Absent while it stands still, and when it is over or done. */
  readonly dueAt?: Instant;
  /** A year whose working days nobody has published: `dueAt` is only when that year begins. */
  readonly waitsFor?: Code;
  readonly because: readonly Reason[];
}

type Told = DutySet | DutyMissed;
const idsOf = ({ registrationId, duty, roles }: Told): readonly string[] =>
  roles === undefined ? [`${registrationId}/${duty}`] : roles.map((role) => `${registrationId}/${duty}/${role}`);

const row = (event: Told, state: DutyState, stream: string, programId: ProgramId, id: string): DutyRow => {
  const { registrationId, duty, party, roles, since, dueAt, because } = event;
  const role = roles?.find((each) => id.endsWith(`/${each}`));
  return {
    registrationId,
    dossierId: stream.slice('dossier-'.length) as DossierId,
    programId,
    duty,
    partyId: party,
    role,
    roles,
    place: role === roles?.[0] ? 'first' : 'more',
    state,
    since,
    dueAt,
    waitsFor: event.type === 'DutySet' ? event.waitsFor : undefined,
    because,
  };
};

type ToldOfPeriod = PeriodicDutySet | PeriodicDutyMissed;
/** Each period has a row of its own: what was missed stays in it when the next one has begun. */
const idsOfPeriod = ({ programId, duty, since, partyId, roles }: ToldOfPeriod): readonly string[] =>
  (partyId === undefined ? (roles ?? []) : [partyId]).map(
    (owner) => `${programId}/${partyId === undefined ? 'office' : 'party'}/${owner}/${duty}/${since}`,
  );
const rowOfPeriod = (event: ToldOfPeriod, state: 'open' | 'missed', id: string): DutyRow => {
  const { programId, duty, partyId, roles, since, dueAt, because } = event;
  const role = roles?.find((each) => id.startsWith(`${programId}/office/${each}/`));
  return {
    programId,
    duty,
    partyId,
    role,
    roles,
    place: role === roles?.[0] ? 'first' : 'more',
    state,
    since,
    dueAt,
    because,
  };
};

export const duties = readModel<DutyRow, DossierEvent | WorkEvent>()({
  name: 'duties',
  version: 1,
  indexes: [
    ['partyId', 'state', 'dueAt'],
    ['programId', 'place', 'state', 'dueAt'],
    ['programId', 'partyId', 'state', 'dueAt'],
    ['programId', 'role', 'state', 'dueAt'],
  ],
  ids: ({ event }) => (event.type === 'DutySet' || event.type === 'DutyMissed' ? idsOf(event) : []),
  ignores: [
    ...typesOf(
      subjectEvents,
      permissionEvents,
      filingEvents,
      answerEvents,
      extensionEvents,
      workEvents,
      amendmentEvents,
      stageEvents,
      requestEvents,
      clockEvents,
      holderEvents,
      endEvents,
      caseEvents,
      dealEvents,
    ),
    'WorkRecorded',
    'WorkCounted',
  ],
  on: {
    DutySet: (_, { event, stream, program }, id) => row(event, event.state, stream, program!, id),
    DutyMissed: (_, { event, stream, program }, id) => row(event, 'missed', stream, program!, id),
    PeriodicDutySet: {
      ids: ({ event }) => idsOfPeriod(event),
      fold: (_, { event }, id) => (event.state === 'open' ? rowOfPeriod(event, 'open', id) : removed),
    },
    PeriodicDutyMissed: {
      ids: ({ event }) => idsOfPeriod(event),
      fold: (_, { event }, id) => rowOfPeriod(event, 'missed', id),
    },
  },
});

/** What a reader is told at `now`: what was due is missed, also before anybody recorded it. */
export const dutyStateAt = ({ state, dueAt, waitsFor }: DutyRow, now: Instant): DutyState =>
  state === 'open' && waitsFor === undefined && dueAt !== undefined && dueAt <= now ? 'missed' : state;
