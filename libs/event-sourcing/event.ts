import type {
  Actor,
  Brand,
  CalendarDate,
  ClearText,
  CommandId,
  EventId,
  Instant,
  OrganisationId,
  PartyId,
  Position,
  ProgramId,
  Reason,
  Revision,
  StreamName,
  SubjectKeyId,
  Times,
  Code,
  User,
} from './vocabulary.js';

/** What somebody did or handed in, or what followed from it under the policy or by an authority. */
export type EventKind = 'fact' | 'ruling';

/** An event as deciders write it: its type beside its body. `Kind` is for the reader and for the catalogue. */
export type Event<Type extends string, Kind extends EventKind, Body extends object> = { readonly type: Type } & Body & {
    readonly [kindOf]?: Kind;
  };
declare const kindOf: unique symbol;
export interface AnyEvent {
  readonly type: string;
}

/**
 * A value about a person. It is sealed before it is written; once the person's key is destroyed it reads as erased,
 * and the compiler asks every reader what then.
 */
export type Personal<T extends PersonalValue = string> = { readonly value: T } | { readonly erased: true };
export type PersonalValue = string | number | boolean | readonly string[];
export const personal = <T extends PersonalValue>(value: T): Personal<T> => ({ value });
export const erased = { erased: true } as const;

/**
 * Whose data a personal field is: `customer` is the dossier's main person, `login` whom a stream of logins is about.
 * `user` is the envelope's own: the login that sent the command. One box per slot and event.
 */
export type PersonSlot = 'customer' | 'party' | 'attempt' | 'login' | 'user';
/** Slots of a body. */
export type BodySlot = Exclude<PersonSlot, 'user'>;

type Bare<T> = Exclude<T, undefined | null>;
type Never<T> = [T] extends [never] ? true : false;
type KeysOfEach<T> = T extends unknown ? keyof T : never;
/** Exactly a `Personal`: a value that also carries a unit or a source is an object like any other. */
type IsPersonal<T> =
  Never<Bare<T>> extends true
    ? false
    : unknown extends T
      ? false
      : [Bare<T>] extends [{ readonly value: PersonalValue } | { readonly erased: true }]
        ? Never<Exclude<KeysOfEach<Bare<T>>, 'value' | 'erased'>>
        : false;
type IsPersonalRecord<T> =
  Never<Bare<T>> extends true
    ? false
    : unknown extends T
      ? false
      : [Bare<T>] extends [Readonly<Record<string, infer V>>]
        ? string extends keyof Bare<T>
          ? IsPersonal<V>
          : false
        : false;

/** Names of the top-level fields of an event that are personal: one value, or a record of values such as a form. */
export type PersonalKeys<E> = {
  [K in Exclude<keyof E, 'type' | symbol>]-?: IsPersonal<E[K]> extends true
    ? K
    : IsPersonalRecord<E[K]> extends true
      ? K
      : never;
}[Exclude<keyof E, 'type' | symbol>];

/**
 * The paths of an event's body that hold text nobody has classified (plain `string`, or a template with a hole,
 * anywhere), a personal
 * field below the top level, or what JSON cannot carry (`bigint`, functions, dates) or nobody can check (`unknown`).
 */
export type Unclassified<E> = {
  [K in keyof E & string]-?: K extends PersonalKeys<E> ? never : UnclassifiedIn<Bare<E[K]>, K>;
}[keyof E & string];
type UnclassifiedIn<T, Path extends string> = unknown extends T
  ? Path
  : IsPersonal<T> extends true
    ? Path
    : IsPersonalRecord<T> extends true
      ? Path
      : T extends Brand<string, string>
        ? never
        : T extends string
          ? { [K in T]: 1 } extends infer Keys
            ? {} extends Keys
              ? Path
              : never
            : never
          : T extends number | boolean | null | undefined
            ? never
            : T extends readonly (infer Item)[]
              ? UnclassifiedIn<Item, `${Path}[]`>
              : T extends bigint | symbol | ((...parameters: never) => unknown)
                ? Path
                : T extends object
                  ? Never<keyof T> extends true
                    ? Path
                    : { [K in keyof T & string]-?: UnclassifiedIn<Bare<T[K]>, `${Path}.${K}`> }[keyof T & string]
                  : never;

/** Every personal field and whose it is, no other; an event without any declares `{}`. */
export type PersonalDeclaration<E> =
  Never<PersonalKeys<E>> extends true
    ? Readonly<Record<string, never>>
    : { readonly [K in PersonalKeys<E> & string]: BodySlot };

/** What the engine must know about an event type to write and read it for ever. */
export interface EventDefinition {
  readonly type: string;
  readonly kind: EventKind;
  /** Version of the body's shape; older bodies are lifted when read. */
  readonly schema: number;
  /** Personal fields and whose they are. Everything else is written in clear. */
  readonly personal: Readonly<Record<string, BodySlot>>;
  /**
   * `stream`: all events of a stream share each slot's key (a dossier's customer). `event`: a key of its own (a refused
   * attempt).
   */
  readonly keyPer: 'stream' | 'event';
  /** Brings a body of an older schema to the present one. */
  readonly lift?: (body: Record<string, unknown>, schema: number) => Record<string, unknown>;
  /** Absent: no party sees it. */
  readonly whose?: Whose;
  readonly toParty?: Readonly<Record<string, Answer>>;
}

/**
 * Whose part of a subject's history an event is: of the party whose registration it names, of every party to the case,
 * of the party that it names, of whoever acted. An event that says nothing is no party's.
 */
export type Whose = 'registration' | 'case' | 'party' | 'actor';
/**
 * What such a party reads of one field. `ifOwn`: claims and cases of its own, others are left out. `ifSelf`: itself, no
 * other party. `ownLines`: of lists of parties, however deep, its own lines. `redacted`: text without telephone numbers
 * and without the other parties.
 */
export type Answer = 'shown' | 'ifOwn' | 'ifSelf' | 'ownLines' | 'redacted' | 'hidden';

/** Words that tell of nobody: times, dates, codes of the policy, the program. */
type Harmless = Instant | CalendarDate | Code | ProgramId | ClearText;
/** Whether a value may tell of a person, of another party or claim, or of money: it then needs an answer. */
type Tells<T> = unknown extends T ? true : IsPersonal<T> extends true ? true : TellsEach<T>;
type TellsEach<T> = T extends Reason
  ? false
  : T extends Brand<string, string>
    ? T extends Harmless
      ? false
      : true
    : T extends string | number | boolean | null | undefined
      ? false
      : T extends readonly (infer Item)[]
        ? Tells<Item>
        : T extends object
          ? string extends keyof T
            ? true
            : { [K in keyof T]-?: Tells<Bare<T[K]>> }[keyof T]
          : true;
type NamesParty<T> = T extends PartyId
  ? true
  : T extends string | number | boolean | null | undefined
    ? false
    : T extends readonly (infer Item)[]
      ? NamesParty<Item>
      : T extends object
        ? { [K in keyof T]-?: NamesParty<Bare<T[K]>> }[keyof T]
        : false;
/** The answers that fit a field: a party is never just shown, and text about a person is shown, redacted or hidden. */
type AnswerTo<T> = [T] extends [PartyId | readonly PartyId[]]
  ? 'ifSelf' | 'hidden'
  : IsPersonal<T> extends true
    ? 'shown' | 'redacted' | 'hidden'
    : true extends NamesParty<T>
      ? 'ownLines' | 'hidden'
      : 'shown' | 'ifOwn' | 'hidden';
/**
 * An answer for every field of the body: what an event does not declare is hidden. What tells of nobody is shown, or
 * hidden where it should not be known.
 */
export type ToParty<E> = {
  readonly [K in Exclude<keyof E, 'type' | symbol>]-?: true extends Tells<Bare<E[K]>>
    ? AnswerTo<Bare<E[K]>>
    : 'shown' | 'hidden';
};
/** Fields that tell of nobody, or of the reader alone. */
export const openly = <const Fields extends readonly string[]>(...fields: Fields): Record<Fields[number], 'shown'> =>
  Object.fromEntries(fields.map((field) => [field, 'shown'])) as Record<Fields[number], 'shown'>;
type WhoseOf<E> =
  | ('registrationId' extends keyof E ? 'registration' : never)
  | ('caseId' extends keyof E ? 'case' : never)
  | ('partyId' extends keyof E ? 'party' : never)
  | 'actor';
type Declared<E> =
  { readonly whose: WhoseOf<E>; readonly toParty: ToParty<E> } | { readonly whose?: never; readonly toParty?: never };

type KindOf<E> = E extends { readonly [kindOf]?: infer K } ? Extract<K, EventKind> : never;

/**
 * Declares an event type. Does not compile while the body holds unclassified text, or when a personal field is not
 * declared, or when a party may see the event and a field that tells of others has no answer.
 * The second argument exists only to carry the compiler's complaint.
 */
export const defineEvent =
  <E extends AnyEvent>() =>
  (
    definition: {
      readonly type: E['type'];
      readonly kind: KindOf<E>;
      readonly schema?: number;
      readonly personal: PersonalDeclaration<E>;
      readonly keyPer?: 'stream' | 'event';
      readonly lift?: EventDefinition['lift'];
    } & Declared<E>,
    ..._unclassified: [Unclassified<Omit<E, 'type'>>] extends [never]
      ? []
      : [unclassifiedText: Unclassified<Omit<E, 'type'>>]
  ): Defined<E> => ({ schema: 1, keyPer: 'stream', ...definition });

/** A definition that remembers for the compiler, and only for it, which event it defines. */
export type Defined<E extends AnyEvent> = EventDefinition & { readonly type: E['type']; readonly [defined]?: E };
declare const defined: unique symbol;
/** The union of the events that a list defines. */
export type EventOf<List extends readonly EventDefinition[]> = List[number] extends Defined<infer E> ? E : never;
/** Their names, for whoever answers for all of them at once. */
export const typesOf = <Lists extends readonly (readonly EventDefinition[])[]>(
  ...lists: Lists
): Lists[number][number]['type'][] => lists.flatMap((list) => list.map(({ type }) => type));

/**
 * One person's fields of one event, sealed. Copied as it is into read models; opened only for the page that is shown.
 */
export interface Box {
  readonly alg: 'A256GCM';
  readonly key: SubjectKeyId;
  /** The event this box belongs to, part of what authenticates it. */
  readonly event: EventId;
  readonly slot: PersonSlot;
  /** base64url */
  readonly nonce: string;
  /** base64url: ciphertext followed by the 16-byte tag. */
  readonly sealed: string;
}

/** An event as read back for folds and projections: its personal fields are left out and stand sealed in `boxes`. */
export type AsRecorded<E extends AnyEvent> = E extends AnyEvent ? Omit<E, PersonalKeys<E> | symbol> : never;

export interface Recorded<E extends AnyEvent = AnyEvent> {
  readonly event: AsRecorded<E>;
  readonly kind: EventKind;
  readonly id: EventId;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly position: Position;
  readonly organisation: OrganisationId;
  readonly program?: ProgramId;
  readonly command: {
    readonly id: CommandId;
    readonly name: Code;
    /** Of its name and input; absent in older events and for what the system does. */ readonly fingerprint?: Code;
    /** 1-based */ readonly step: number;
    readonly of: number;
  };
  readonly actor: Actor;
  readonly times: Times;
  readonly policy?: Code;
  readonly boxes: Readonly<Partial<Record<PersonSlot, Box>>>;
}

/**
 * An event as folds see it, whether the log holds it or a decision has just made it. `at`: when the log took it; `by`:
 * whose word it is; `id`: absent while no log holds it.
 */
export interface Happening<E extends AnyEvent = AnyEvent> {
  readonly event: AsRecorded<E>;
  readonly at: Instant;
  /** When it happened, as its command says. Absent: at `at`. */
  readonly occurredAt?: Instant;
  readonly by: Actor;
  readonly policy?: Code;
  readonly id?: EventId;
  /** The command that it came of; absent while no log holds it. */
  readonly command?: CommandId;
}
export const happeningOf = <E extends AnyEvent>({
  event,
  times,
  actor,
  policy,
  id,
  command,
}: Recorded<E>): Happening<E> => ({
  event,
  at: times.recordedAt,
  occurredAt: times.occurredAt,
  by: actor,
  policy,
  id,
  command: command.id,
});

/** What a command handler gives the engine beside the events themselves. */
export interface CommandContext {
  readonly commandId: CommandId;
  readonly name: Code;
  /** Another one under the same id is another command. */
  readonly fingerprint?: Code;
  readonly organisation: OrganisationId;
  readonly program?: ProgramId;
  readonly actor: Actor;
  /** The login behind the party. Absent: the system itself, or events from before logins were recorded. */
  readonly user?: User;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly receivedBy: Code;
  readonly policy?: Code;
}

export type { Reason };
