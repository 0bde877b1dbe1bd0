import type { KeyObject } from 'node:crypto';
import type {
  Actor,
  CalendarDate,
  Code,
  CommandId,
  DerivedFact,
  Instant,
  PartyId,
  ProgramId,
  Reason,
  StreamName,
  User,
} from '#event-sourcing/vocabulary.js';
import type { CommandContext } from '#event-sourcing/event.js';
import type { Placed, Rejection } from '#event-sourcing/decision.js';
import type { Reader } from '#event-sourcing/command/handle-command.js';
import { personal } from '#event-sourcing/event.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { Policy } from '#policy/policy.js';
import type { TablesAtHand } from '#policy/tables-at-hand.js';
import { dateIn } from '#time/instant.js';
import type { CommandRefused, RecordedRejection } from '../audit/events.js';
import type { Role } from '#policy/roles.js';
import { partyFolding, partyStream, rolesAt, type PartyFacts } from '../party/facts.js';
import { policyCited, policyInForce, programFolding, programStream, type ProgramFacts } from '../program/facts.js';
import { Calendars } from './calendars.js';
import { readTables } from '../table/facts.js';
import { standingFolding, standingStream, type Standing } from '../standing/facts.js';

/** What every command carries, whoever sends it: GraphQL, an import, the command line, a reaction, a deadline. */
export interface CommandBase {
  readonly commandId: CommandId;
  readonly by: PartyId;
  /** The login that speaks for it. Absent: the system itself. */
  readonly user?: User;
  /** A desk records for others and decides nothing. */
  readonly onBehalfOf?: PartyId;
  /** Roles that the token's issuer vouches for; only a development issuer does. */
  readonly granted?: readonly Role[];
  /** When it happened, as somebody says; absent: when it was received. */
  readonly occurredAt?: Instant;
  /** When the channel had it. */
  readonly receivedAt: Instant;
  readonly receivedBy: Code;
}
export interface ProgramCommand extends CommandBase {
  readonly programId: ProgramId;
}

/**
 * Dated facts a decision rests on, all read from the log and checked by its append. No more is read than the policy in
 * force and the command need.
 */
export interface DecisionFacts {
  readonly now: Instant;
  readonly command: CommandBase;
  readonly programId: ProgramId;
  readonly program: ProgramFacts;
  readonly caller: PartyFacts;
  readonly roles: readonly Role[];
  /** Who the claim is for: the caller, or the party the desk records for. */
  readonly claimant: PartyId;
  readonly claimantFacts: PartyFacts;
  readonly standing: Standing;
  /** The same as `standing`, unless a desk acts for somebody. */
  readonly callerStanding: Standing;
  /** The version in force now; absent while none is. */
  readonly inForce?: Evaluation;
  /** The version a ruling was made under, with its own calendar; the policy's clauses say which one binds. */
  readonly under: (reference: Code) => Evaluation;
  /** The tables of that version as they hold now; absent where no condition is asked that may look into one. */
  readonly tables?: TablesAtHand;
}
/** The same once it is known that some version is in force: all that most decisions are ever asked with. */
export type FactsInForce = DecisionFacts & { readonly inForce: Evaluation };
export const isInForce = (facts: DecisionFacts): facts is FactsInForce => facts.inForce !== undefined;

export const loadDecisionFacts = async (
  reader: Reader,
  command: CommandBase,
  programId: ProgramId,
  now: Instant,
): Promise<DecisionFacts> => {
  const claimant = command.onBehalfOf ?? command.by;
  // Whoever acts, and whom it is for where that is somebody else.
  const parties = [...new Set([command.by, claimant])];
  const [program, people, standings] = await Promise.all([
    reader.fold(programStream(programId), programFolding),
    Promise.all(parties.map((party) => reader.fold(partyStream(party), partyFolding))),
    Promise.all(parties.map((party) => reader.fold(standingStream(party), standingFolding))),
  ]);
  const calendars = new Calendars();
  const evaluationOf = (policy: Policy): Evaluation => {
    const { calendar } = policy.document;
    return calendar === undefined || !policy.countsWorkingDays
      ? { policy }
      : { policy, calendar: calendars.of(calendar as Code) };
  };
  const policy = policyInForce(program, now);
  const inForce = policy === undefined ? undefined : evaluationOf(policy);
  if (inForce?.calendar !== undefined)
    await calendars.read(reader, inForce.calendar.id as Code, ...yearsAhead(now, inForce.policy.timeZone));
  return {
    now,
    command,
    programId,
    program,
    caller: people[0]!,
    claimant,
    claimantFacts: people.at(-1)!,
    standing: standings.at(-1)!,
    callerStanding: standings[0]!,
    roles: [...new Set([...rolesAt(people[0]!, programId, now), ...(command.granted ?? [])])],
    inForce,
    under: (reference) => {
      const cited = policyCited(program, reference);
      if (cited === undefined) throw new Error(`Program ${programId} never published ${reference}`);
      return evaluationOf(cited);
    },
  };
};

/** The same with the tables that the conditions of the policy in force may look into. */
export const withTables = async (
  reader: Reader,
  facts: DecisionFacts,
  secret: (epoch: Code) => Promise<KeyObject>,
): Promise<DecisionFacts> =>
  facts.inForce?.policy.document.tables === undefined
    ? facts
    : { ...facts, tables: await readTables(reader, facts.inForce.policy.document, facts, secret) };

/** What most clocks that start now reach; further years are read when one reaches them. */
const yearsAhead = (now: Instant, timeZone: string): readonly string[] => {
  const year = Number(dateIn(now, timeZone).slice(0, 4));
  return [String(year), String(year + 1)];
};

export const actorOf = ({ by, onBehalfOf }: CommandBase): Actor =>
  onBehalfOf === undefined ? { party: by } : { party: by, onBehalfOf };

/** Nobody enrolled whoever sent the command, and no issuer vouches for it. */
export const isStranger = ({ caller, roles }: DecisionFacts): boolean =>
  caller.partyId === undefined && roles.length === 0;

export const contextOf = (
  command: CommandBase,
  name: string,
  programId?: ProgramId,
): Omit<CommandContext, 'organisation' | 'policy'> => ({
  commandId: command.commandId,
  name: name as Code,
  actor: actorOf(command),
  ...(programId === undefined ? {} : { program: programId }),
  occurredAt: command.occurredAt ?? command.receivedAt,
  receivedAt: command.receivedAt,
  receivedBy: command.receivedBy,
});

/** One stream a month for each party that tried. */
export const attemptsStream = (command: CommandBase): StreamName =>
  `attempts-${command.by}-${command.receivedAt.slice(0, 7)}` as StreamName;

/** One stream a day for each party that asks or reads what is not its own. */
export const accessStream = ({ by, receivedAt }: Pick<CommandBase, 'by' | 'receivedAt'>): StreamName =>
  `access-${by}-${receivedAt.slice(0, 10)}` as StreamName;

export const recordedRejection = ({ reason, field, because, accepted, inputs }: Rejection): RecordedRejection => ({
  reason: reason as Code,
  ...(field === undefined ? {} : { field: field as Code }),
  ...(because === undefined ? {} : { because }),
  ...(accepted === undefined ? {} : { accepted }),
  ...(inputs === undefined ? {} : { inputs }),
});

/** The refusal as an event, in the stream of whoever tried, with the whole form sealed under a key of its own. */
export const refusalOf = (
  command: CommandBase,
  name: string,
  rejections: readonly Rejection[],
  about: {
    readonly programId?: ProgramId;
    readonly subject?: string;
    readonly form?: Readonly<Record<string, string | number | boolean>>;
    /** The version that it was refused under. */
    readonly policy?: Code;
  } = {},
): Placed => {
  const event: CommandRefused = {
    type: 'CommandRefused',
    commandName: name as Code,
    rejections: rejections.map(recordedRejection),
    ...(about.programId === undefined ? {} : { programId: about.programId }),
    ...(about.subject === undefined ? {} : { subject: about.subject as Code }),
    ...(about.form === undefined
      ? {}
      : { form: Object.fromEntries(Object.entries(about.form).map(([field, value]) => [field, personal(value)])) }),
  };
  return { stream: attemptsStream(command), event, policy: about.policy };
};
export type { CalendarDate, DerivedFact, Reason };
