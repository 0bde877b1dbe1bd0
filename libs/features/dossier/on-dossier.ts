import { refuse, accept, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Code, Instant, PartyId, ProgramId, Reasons } from '#event-sourcing/vocabulary.js';
import { actsForOthers, permits, type ActingAs, type Operation } from '#policy/clauses/permissions.js';
import { isPart, type Relation } from '#policy/whom.js';
import { UnknownYearError } from '#time/calendar.js';
import {
  contextOf,
  isInForce,
  isStranger,
  loadDecisionFacts,
  refusalOf,
  withTables,
  type CommandBase,
  type DecisionFacts,
  type FactsInForce,
} from '../deciding/decision-facts.js';
import { asParty, permittedBy } from '../deciding/may-act.js';
import type { Slice } from '../deciding/slice.js';
import { dossierFolding, emptyDossier, type Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { DossierId, KeyBound, WrittenEvent } from './events.js';
import type { EpochSecret, KeyPlace } from './keyring.js';
import { dossierStream, type DossierDecision } from './placed.js';
import { withDuties } from './duty/set-duties.js';
import { withRequestsEnded } from './request-decided.js';
import { settle, type DeadlineHeldUpError } from './settle.js';
import { isFilerOf, type Whose } from './whose.js';

export { mayAct } from '../deciding/may-act.js';
export { dossierOf, dossierStream } from './placed.js';

/**
 * What a decision about one dossier rests on. `dossier` has already met every deadline that is due at `facts.now`.
 */
export interface OnDossier {
  readonly facts: FactsInForce;
  readonly dossier: Dossier;
  /** No deadline could be met, and one that has come waits for a calendar that nobody published. */
  readonly heldUp?: DeadlineHeldUpError | undefined;
}
/** As it was read: the deadlines are still to be met, and perhaps no policy is in force. */
export interface LoadedDossier {
  readonly facts: DecisionFacts;
  readonly dossier: Dossier;
}
interface Loaded<C> extends LoadedDossier {
  readonly command: C;
}

/** A command about a subject that exists: its ids say which dossier and program. */
export interface DossierCommand extends CommandBase {
  readonly programId: ProgramId;
}

/** The parts of a slice about one dossier: pure decision, everything else is reading order. */
export interface DossierSlice<C extends DossierCommand> {
  readonly name: string;
  readonly dossierId: (command: C) => DossierId;
  readonly decide: (state: OnDossier, command: C) => DossierDecision;
  /** Reads what else the decision needs and completes the command with it; what it reads is checked by the append. */
  readonly look?: (reader: Reader, command: C, state: LoadedDossier, secret: EpochSecret) => Promise<C>;
  /** Identity keys that belong to this dossier once the command is accepted. */
  readonly binds?: (command: C) => readonly KeyPlace[];
  /** Values the refusal keeps, sealed. */
  readonly form?: (command: C) => Readonly<Record<string, string | number | boolean>>;
}

/** A command about one dossier, as a value. */
export const onDossier = <C extends DossierCommand>(
  slice: DossierSlice<C>,
): DossierSlice<C> & Slice<C, WrittenEvent> => ({
  ...slice,
  handling: (command, { clock, secret }) => handlingOf(slice, command, clock, secret),
});

export const handlingOf = <C extends DossierCommand>(
  slice: DossierSlice<C>,
  command: C,
  clock: Clock,
  secret: EpochSecret,
): Handling<Loaded<C>, WrittenEvent, Rejection> => {
  const dossierId = slice.dossierId(command);
  return {
    context: contextOf(command, slice.name, command.programId),
    queueOn: [dossierStream(dossierId)],
    load: async (reader) => {
      const read = await loadOnDossier(reader, command, dossierId, clock.now());
      const loaded = { ...read, facts: await withTables(reader, read.facts, secret) };
      return {
        ...loaded,
        command:
          slice.look !== undefined && isOfProgram(loaded) ? await slice.look(reader, command, loaded, secret) : command,
      };
    },
    decide: ({ command: complete, ...loaded }) =>
      withKeys(
        decideSettled(loaded, (settled) => slice.decide(settled, complete)),
        slice.binds?.(complete) ?? [],
        loaded,
      ),
    refusal: (rejections, { facts }) =>
      refusalOf(command, slice.name, rejections, {
        programId: command.programId,
        subject: dossierId,
        policy: facts.inForce?.policy.reference,
        form: isStranger(facts) ? undefined : slice.form?.(command),
      }),
  };
};

const withKeys = (
  decision: DossierDecision,
  keys: readonly KeyPlace[],
  { facts, dossier }: LoadedDossier,
): Decision<Placed<WrittenEvent>> =>
  decision.accepted && decision.events.length > 0
    ? accept<Placed<WrittenEvent>>(...keys.map((key) => bound(key, dossier.id!, facts)), ...decision.events)
    : decision;

/** This identity key belongs to that dossier from now on. */
export const bound = (
  { kind, stream }: KeyPlace,
  dossierId: DossierId,
  { programId, inForce }: DecisionFacts,
): Placed<KeyBound> => ({
  stream,
  event: { type: 'KeyBound', key: kind, dossierId, programId },
  policy: inForce?.policy.reference,
});

/**
 * A year whose working days nobody published is an answer that somebody can act on, and the attempt is kept.
 * Deadlines are not decided through here: a tick that was answered once would never ask again.
 */
export const refusingUnpublishedCalendar = (decide: () => DossierDecision): DossierDecision => {
  try {
    return decide();
  } catch (error) {
    if (error instanceof UnknownYearError)
      return refuse({
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
): Promise<LoadedDossier> => {
  const [facts, dossier] = await Promise.all([
    loadDecisionFacts(reader, command, command.programId, now),
    reader.fold(dossierStream(dossierId), dossierFolding),
  ]);
  return { facts, dossier };
};

/**
 * Whether there is such a dossier in the program that the command names; another program's policies know nothing of it.
 */
const isOfProgram = ({ facts, dossier }: LoadedDossier): boolean =>
  dossier.id !== undefined && dossier.programId === facts.programId;

/**
 * Deadlines that are due come first, in the same append; an unknown dossier or one of another program is refused alike.
 */
export const decideSettled = (
  loaded: LoadedDossier,
  decide: (settled: OnDossier) => DossierDecision,
): DossierDecision => {
  const { facts } = loaded;
  if (!isInForce(facts)) return refuse({ reason: 'NoPolicyInForce' });
  const asked = (on: OnDossier): DossierDecision => refusingUnpublishedCalendar(() => decide(on));
  if (!isOfProgram(loaded)) return decideUnknown(asked({ facts, dossier: emptyDossier }));
  const { due, dossier, heldUp } = settle(loaded.dossier, facts);
  const decision = asked({ facts, dossier, ...(due.length > 0 ? {} : { heldUp }) });
  if (!decision.accepted) return decision;
  // The subject lives on in another dossier: a protection that began here again would be its second. Records are not.
  const separated = decision.events.some(({ event }) => event.type === 'DossierSeparated');
  if (
    !separated &&
    dossier.mergedInto !== undefined &&
    !decision.events.every(({ event }) => isOfRecord(dossier, event))
  )
    return refuse({ reason: 'SubjectMerged', accepted: { dossierId: dossier.mergedInto } });
  return accept(...due, ...withDuties([dossier], withRequestsEnded([dossier], decision.events, facts), facts));
};

const isOfRecord = ({ registrations }: Dossier, event: WrittenEvent): boolean =>
  takesDealBack.has(event.type) ||
  ('registrationId' in event &&
    event.registrationId !== undefined &&
    registrations.get(event.registrationId)?.claims === 'none');
/** A deal is taken back where it stands. */
const takesDealBack: ReadonlySet<string> = new Set(['AttributionReversed', 'DealRescinded', 'ContractNumberFreed']);

/**
 * Whoever may not do it hears that first, and the same whether there is such a dossier or not: a refusal must not tell
 * a stranger what exists.
 */
const decideUnknown = (decision: DossierDecision): DossierDecision =>
  decision.accepted ? refuse({ reason: 'SubjectUnknown' }) : decision;

const whoseIs = ({ holder, heldBefore, filedBy }: Registration): Whose => ({
  holder,
  filedBy,
  filedFor: heldBefore[0]?.holder,
});

/** What a caller is to a registration, beside the roles it holds. */
export const relationsTo = (facts: FactsInForce, registration: Registration | undefined): readonly Relation[] => [
  ...asParty(facts).relations,
  ...(registration?.holder === facts.command.by ||
  (registration !== undefined && registration.holder === facts.command.onBehalfOf && facts.roles.includes('desk'))
    ? ['holder' as const]
    : []),
  ...(registration !== undefined &&
  isFilerOf(whoseIs(registration), facts.command.by, actsForOthers(facts.inForce, facts.roles))
    ? ['filer' as const]
    : []),
  ...partsOf(registration, facts.command.by),
];

/** The parts that somebody has in a registration; with it they end. */
const partsOf = (registration: Registration | undefined, party: PartyId): readonly Code[] =>
  registration === undefined || registration.closedAt !== undefined
    ? []
    : [...registration.parts].flatMap(([part, has]) => (has.party === party ? [part] : []));

export const actingOn = (facts: FactsInForce, registration?: Registration): ActingAs => ({
  roles: facts.roles,
  relations: relationsTo(facts, registration),
  class: registration?.class,
});
/**
 * Whether the caller may do it to this claim because it is theirs, by a part that the policy gives the right to, or by
 * another role than that of a party.
 */
export const isFor = (facts: FactsInForce, operation: Operation, registration: Registration): boolean => {
  const relations = relationsTo(facts, registration);
  if (relations.some((relation) => relation !== 'party' && !isPart(relation))) return true;
  const parts = relations.filter(isPart);
  const roles = parts.length > 0 ? facts.roles : facts.roles.filter((role) => role !== 'party');
  return permits(facts.inForce, operation, { roles, relations: parts }).allowed;
};

/** What a ruling on a registration cites that rests on nothing but who may do it. */
export const permissionOf = (facts: FactsInForce, operation: Operation, registration?: Registration): Reasons =>
  permittedBy(facts, operation, actingOn(facts, registration));

/** Refuses when there is anything to refuse with. */
export const refuseWith = (rejections: readonly Rejection[]): Decision<never> | undefined => {
  const [first, ...more] = rejections;
  return first === undefined ? undefined : refuse(first, ...more);
};
