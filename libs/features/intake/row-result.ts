import type { Recorded } from '#event-sourcing/event.js';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import type { CommandRefused, RecordedRejection } from '../audit/events.js';
import type { DossierEvent, ProtectionWindow, RegistrationId } from '../dossier/events.js';
import type { CellProblem } from './read-row.js';

/** What an entry became, and what followed from it. */
export interface AcceptedRow {
  readonly outcome: 'accepted';
  readonly registrationId: RegistrationId;
  /** The class it stands in now. */
  readonly class?: string;
  /** Types of the events, in order: `Registered`, `Approved`, `DepositRecorded`, `Upgraded`… */
  readonly followed: readonly string[];
  /** `endsAt` is exclusive; `lastDay` is the date a person reads. */
  readonly protectedUntil?: { readonly endsAt: Instant; readonly lastDay: CalendarDate };
  /** The registration stands, and the deposit of the same row was refused. */
  readonly depositRefused?: readonly RecordedRejection[];
}
/** The commands of an entry. */
export type ImportStep = 'permission' | 'registration' | 'deposit';
/**
 * Recorded with its reasons, in the stream of whoever tried. At the step `answer` no command was sent: the row carries
 * the code of a registration that it is not.
 */
export interface RefusedRow {
  readonly outcome: 'refused';
  readonly step: ImportStep | 'answer';
  readonly rejections: readonly RecordedRejection[];
}
/** Cells that nobody can read. Nothing was recorded: mend the row and hand the sheet in again. */
export interface MalformedRow {
  readonly outcome: 'malformed';
  readonly problems: readonly CellProblem[];
}
/** A dry run found the form in order. Whether the customer is free was not asked. */
export interface CompleteRow {
  readonly outcome: 'complete';
}

/** The sheet came back with our answer, and the log has this row under its code: it is not filed a second time. */
export interface AnsweredRow {
  readonly outcome: 'answered';
  readonly registrationId: RegistrationId;
  /** Of its latest protection. */
  readonly lastDay?: string | undefined;
}
export type RowOutcome = AcceptedRow | RefusedRow | MalformedRow | CompleteRow | AnsweredRow;
export type RowResult = RowOutcome & {
  readonly line: number;
  /** This row of this very file was in the log already; it was read, not recorded again. */
  readonly recordedBefore: boolean;
};

/** What the events of one entry say in the end. */
export const acceptedRow = (registrationId: RegistrationId, events: readonly Recorded<DossierEvent>[]): AcceptedRow => {
  const own = events
    .map(({ event }) => event)
    .filter((event) => 'registrationId' in event && event.registrationId === registrationId);
  let standsIn: string | undefined;
  let window: ProtectionWindow | undefined;
  for (const event of own) {
    if (event.type === 'Registered' || event.type === 'Upgraded') standsIn = event.class;
    if ('protection' in event && event.protection !== undefined) window = event.protection;
  }
  return {
    outcome: 'accepted',
    registrationId,
    followed: own.map(({ type }) => type),
    ...(standsIn === undefined ? {} : { class: standsIn }),
    ...(window === undefined ? {} : { protectedUntil: { endsAt: window.endsAt, lastDay: window.lastDay } }),
  };
};

export const rejectionsOf = (events: readonly Recorded[]): readonly RecordedRejection[] =>
  events.flatMap(({ event }) =>
    event.type === 'CommandRefused' ? (event as unknown as CommandRefused).rejections : [],
  );
