import { reject, accept, type Decision, type Rejection } from '#event-sourcing/decision.js';
import type { Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Code, Instant, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { permits, type Operation } from '#policy/clauses/permissions.js';
import type { Evaluation } from '#policy/evaluation.js';
import { UnknownYearError } from '#time/calendar.js';
import {
  contextOf,
  loadDecisionFacts,
  refusalOf,
  type DecisionFacts,
  type CommandBase,
} from '../deciding/decision-facts.js';
import type { Slice } from '../deciding/slice.js';
import { exclusionAt } from '../standing/facts.js';
import { foldUnrecorded } from './ahead.js';
import { dossierFolding, emptyDossier, type Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { CaseId, DealId, DossierEvent, DossierId, KeyBound, RegistrationId } from './events.js';
import type { EpochSecret, KeyPlace } from './keyring.js';
import { settle } from './settle.js';

export const dossierStream = (dossier: DossierId): StreamName => `dossier-${dossier}` as StreamName;
/** The dossier that a registration, case or deal id names. */
export const dossierOf = (id: RegistrationId | CaseId | DealId): DossierId => id.slice(0, id.indexOf('.')) as DossierId;

/**
 * What a decision about one dossier rests on. `dossier` has already met every deadline that is due at `facts.now`.
 */
export interface OnDossier {
  readonly facts: DecisionFacts;
  readonly dossier: Dossier;
}
interface Loaded<C> extends OnDossier {
  readonly command: C;
}

/** A command about a subject that exists: its ids say which dossier and program. */
export interface DossierCommand extends CommandBase {
  readonly programId: ProgramId;
}

export const deny = <const R extends Rejection>(first: R, ...more: readonly R[]): Decision<never, R> =>
  reject(first, ...more);

/** The parts of a slice about one dossier: pure decision, everything else is reading order. */
export interface DossierSlice<C extends DossierCommand> {
  readonly name: string;
  readonly dossierId: (command: C) => DossierId;
  readonly decide: (state: OnDossier, command: C) => Decision<DossierEvent>;
  /** Reads what else the decision needs and completes the command with it; what it reads is checked by the append. */
  readonly look?: (reader: Reader, command: C, state: OnDossier, secret: EpochSecret) => Promise<C>;
  /** Identity keys that belong to this dossier once the command is accepted. */
  readonly binds?: (command: C) => readonly KeyPlace[];
  /** Values the refusal keeps, sealed. */
  readonly form?: (command: C) => Readonly<Record<string, string | number | boolean>>;
}

/** A command about one dossier, as a value. */
export const onDossier = <C extends DossierCommand>(
  slice: DossierSlice<C>,
): DossierSlice<C> & Slice<C, DossierEvent | KeyBound> => ({
  ...slice,
  handling: (command, { clock, secret }) => handlingOf(slice, command, clock, secret),
});

export const handlingOf = <C extends DossierCommand>(
  slice: DossierSlice<C>,
  command: C,
  clock: Clock,
  secret: EpochSecret,
): Handling<Loaded<C>, DossierEvent | KeyBound, Rejection> => {
  const dossierId = slice.dossierId(command);
  const stream = dossierStream(dossierId);
  return {
    context: contextOf(command, slice.name, command.programId),
    queueOn: [stream],
    load: async (reader) => {
      const state = await loadOnDossier(reader, command, dossierId, clock.now());
      return {
        ...state,
        command:
          slice.look === undefined || !isOfProgram(state) ? command : await slice.look(reader, command, state, secret),
      };
    },
    decide: (state) =>
      withKeys(
        decideSettled(state, (settled) => refusingUnpublishedCalendar(() => slice.decide(settled, state.command))),
        slice.binds?.(state.command) ?? [],
        { dossierId, programId: command.programId },
      ),
    streamOf: (event, state) =>
      event.type === 'KeyBound' ? slice.binds!(state.command).find(({ kind }) => kind === event.key)!.stream : stream,
    refusal: (rejections) =>
      refusalOf(command, slice.name, rejections, {
        programId: command.programId,
        subject: dossierId,
        ...(slice.form === undefined ? {} : { form: slice.form(command) }),
      }),
    policyOf: ({ facts }) => facts.inForce?.policy.reference,
  };
};

const withKeys = (
  decision: Decision<DossierEvent>,
  keys: readonly KeyPlace[],
  to: Pick<KeyBound, 'dossierId' | 'programId'>,
): Decision<DossierEvent | KeyBound> =>
  decision.accepted && decision.events.length > 0
    ? accept<DossierEvent | KeyBound>(
        ...keys.map(({ kind }): KeyBound => ({ type: 'KeyBound', key: kind, ...to })),
        ...decision.events,
      )
    : decision;

/**
 * A year whose working days nobody published is an answer that somebody can act on, and the attempt is kept.
 * Deadlines are not decided through here: a tick that was answered once would never ask again.
 */
export const refusingUnpublishedCalendar = (decide: () => Decision<DossierEvent>): Decision<DossierEvent> => {
  try {
    return decide();
  } catch (error) {
    if (error instanceof UnknownYearError)
      return deny({
        reason: 'CalendarUnpublished',
        inputs: { calendar: error.calendarId as Code, year: error.year as Code },
      });
    throw error;
  }
};

export const loadOnDossier = async (
  reader: Reader,
  command: DossierCommand,
  dossierId: DossierId,
  now: Instant,
): Promise<OnDossier> => ({
  facts: await loadDecisionFacts(reader, command, command.programId, now),
  dossier: await reader.fold(dossierStream(dossierId), dossierFolding),
});

/**
 * Whether there is such a dossier in the program that the command names; another program's policies know nothing of it.
 */
const isOfProgram = ({ facts, dossier }: OnDossier): boolean =>
  dossier.id !== undefined && dossier.programId === facts.programId;

/**
 * Deadlines that are due come first, in the same append; an unknown dossier or one of another program is refused alike.
 */
export const decideSettled = (
  state: OnDossier,
  decide: (settled: OnDossier) => Decision<DossierEvent>,
): Decision<DossierEvent> => {
  const { facts, dossier } = state;
  if (facts.inForce === undefined) return deny({ reason: 'NoPolicyInForce' });
  if (!isOfProgram(state)) return decideUnknown(facts, decide);
  const due = settle(dossier, facts);
  const decision = decide({ facts, dossier: foldUnrecorded(dossier, due, facts) });
  if (!decision.accepted) return decision;
  // The subject lives on in another dossier: a protection that began here again would be its second.
  if (dossier.mergedInto !== undefined && decision.events.length > 0)
    return deny({ reason: 'SubjectMerged', accepted: { dossierId: dossier.mergedInto } });
  return accept(...due, ...decision.events);
};

/**
 * Whoever may not do it hears that first, and the same whether there is such a dossier or not: a refusal must not tell
 * a stranger what exists.
 */
const decideUnknown = (
  facts: DecisionFacts,
  decide: (settled: OnDossier) => Decision<DossierEvent>,
): Decision<DossierEvent> => {
  const decision = decide({ facts, dossier: emptyDossier });
  return decision.accepted ? deny({ reason: 'SubjectUnknown' }) : decision;
};

/** The registration, or the refusal that says the same whether it is unknown or none of the caller's business. */
export const registrationOf = (dossier: Dossier, id: RegistrationId): Registration | undefined =>
  dossier.registrations.get(id);

/** What a caller is to a registration, beside the roles it holds. */
export const relationsTo = (
  facts: DecisionFacts,
  registration: Registration | undefined,
): readonly ('holder' | 'filer' | 'party' | 'self')[] => [
  ...(facts.caller.partyId === undefined ? [] : ['party' as const]),
  ...(registration?.holder === facts.command.by ||
  (registration !== undefined && registration.holder === facts.command.onBehalfOf && facts.roles.includes('desk'))
    ? ['holder' as const]
    : []),
  ...(registration?.filedBy === facts.command.by ? ['filer' as const] : []),
];

/** May the caller do this? The policy's roles first, then what its standing forbids. */
export const mayAct = (
  facts: DecisionFacts,
  operation: Operation,
  registration?: Registration,
): readonly Rejection[] => {
  // Whoever acts, and whoever it is for: a clerk who was dismissed files for nobody.
  const excluded =
    exclusionAt(facts.callerStanding, facts.programId, facts.now) ??
    exclusionAt(facts.standing, facts.programId, facts.now);
  if (excluded !== undefined) {
    return [
      {
        reason:
          excluded.kind === 'dismissal' ? 'PartyDismissed' : excluded.kind === 'ban' ? 'PartyBanned' : 'PartySuspended',
        inputs: { offence: excluded.offence.offence, until: excluded.until ?? null },
      },
    ];
  }
  if (!mayRecordForOthers(facts))
    return [{ reason: 'RoleMissing', field: 'onBehalfOf', accepted: { roles: ['desk' as Code] } }];
  const verdict = permits(facts.inForce as Evaluation, operation, {
    roles: facts.roles,
    relations: relationsTo(facts, registration),
  });
  return verdict.allowed ? [] : verdict.rejections;
};

/**
 * In another's name acts only a desk, or whom the policy lets file for others: anybody else could ask in a rival's name
 * what is told to the holder alone.
 */
const mayRecordForOthers = ({ command: { by, onBehalfOf }, inForce, roles }: DecisionFacts): boolean =>
  onBehalfOf === undefined ||
  onBehalfOf === by ||
  roles.includes('desk') ||
  permits(inForce as Evaluation, 'registerForOther', { roles, relations: [] }).allowed;

/** Refuses when there is anything to refuse with. */
export const refuseWith = (rejections: readonly Rejection[]): Decision<never> | undefined => {
  const [first, ...more] = rejections;
  return first === undefined ? undefined : reject(first, ...more);
};
