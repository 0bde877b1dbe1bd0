/** The small words that every event, stream and answer is made of. Branded, so that one is never passed for another. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** UTC, always 24 characters with milliseconds and `Z` (`2026-03-02T01:06:00.000Z`): text order is time order. */
export type Instant = Brand<string, 'Instant'>;
/** A date a person reads, `2026-03-02`, in the zone its context names. */
export type CalendarDate = Brand<string, 'CalendarDate'>;
/** UUID, version 7 from our own port: sorts by time. EventStoreDB wants event ids in this form. */
export type EventId = Brand<string, 'EventId'>;
/**
 * Chosen by the client, 1 to 64 characters of `[A-Za-z0-9._:-]`; the same id of the same sender is the same command,
 * once per log. The log holds it as `<sender>/<id>`.
 */
export type CommandId = Brand<string, 'CommandId'>;
export type PartyId = Brand<string, 'PartyId'>;
export type ProgramId = Brand<string, 'ProgramId'>;
export type OrganisationId = Brand<string, 'OrganisationId'>;
/** `<category>-<rest>`: the category is everything before the first hyphen. Never holds personal data. */
export type StreamName = Brand<string, 'StreamName'>;
/** Names a subject key in the key store; the key itself never leaves it. */
export type SubjectKeyId = Brand<string, 'SubjectKeyId'>;
/** Index of an event in its organisation's journal: 0-based, gapless. */
export type Position = number;
/** Index of an event in its stream: 0-based, gapless. */
export type Revision = number;
/**
 * Text that is known not to be personal: policy wording, names of clauses. Written with `clear()`, so that a reader
 * sees the claim.
 */
export type ClearText = Brand<string, 'ClearText'>;
/** Machine-readable code, UPPER_SNAKE or PascalCase, chosen by us or by a policy. */
export type Code = Brand<string, 'Code'>;
/** Money: whole fen as decimal text, so that no number type can round it. */
export type Fen = Brand<string, 'Fen'>;

/** ISO 4217. Older events do not say it: they are in yuan too. */
export type Currency = 'CNY';
export const yuan: Currency = 'CNY';

export const clear = (text: string): ClearText => text as ClearText;
export const code = (text: string): Code => text as Code;

export const categoryOf = (stream: StreamName): string => {
  const hyphen = stream.indexOf('-');
  return hyphen === -1 ? stream : stream.slice(0, hyphen);
};

/** A party or process whose word a record carries, and on whose behalf it spoke. */
export interface Actor {
  readonly party: PartyId;
  /** A desk records for others and decides nothing. */
  readonly onBehalfOf?: PartyId;
}

/** A login: who vouches for it, and what that one calls it. Several may speak for one party. */
export interface User {
  readonly issuer: string;
  readonly subject: string;
}

/**
 * Three times: claimed, stamped by a channel that the policy trusts, ours. Only the policy says which one a window
 * uses.
 */
export interface Times {
  /** When it happened, as somebody says. */
  readonly occurredAt: Instant;
  /** When a channel that the policy trusts had it. */
  readonly receivedAt: Instant;
  readonly receivedBy: Code;
  /** When our log took it; never goes back along the journal. Stamped by the log, absent before. */
  readonly recordedAt: Instant;
}

/** Why a ruling came out as it did. Inputs are derived facts (`surnameMatches: false`), never personal values. */
export interface Reason {
  /** `policy@version#digest` */
  readonly policy: Code;
  /** Path in the document: `protection.walkIn`. */
  readonly clause: Code;
  /** Semantic version of the clause's meaning: `protection/1`. */
  readonly meaning: Code;
  /** Rule ids of the regime, `R04.06`. */
  readonly rules: readonly Code[];
  /** `<calendar>-<year>@<version>` for each calendar that was read. */
  readonly calendars?: readonly Code[];
  readonly inputs: Readonly<Record<string, DerivedFact>>;
}
/** Why a ruling was made: never without a reason. */
export type Reasons = readonly [Reason, ...Reason[]] | readonly [...Reason[], Reason];
export type DerivedFact =
  boolean | number | Brand<string, string> | null | readonly (boolean | number | Brand<string, string>)[];
