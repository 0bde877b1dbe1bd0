import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CommandIdTakenError, ContentionError } from '#event-sourcing/command/handle-command.js';
import { ClockHeldError, type Ids } from '#event-sourcing/ports/clock.js';
import { LogBusyError, StorageFullError } from '#event-sourcing/ports/event-log.js';
import { CursorError } from '#event-sourcing/ports/read-store.js';
import { ForeignPositionError, PositionTokenError } from '#event-sourcing/projection/position-token.js';
import { NotYetSeenError, TooManyWaitersError } from '#event-sourcing/projection/position-waiters.js';
import { UnknownYearError } from '#time/calendar.js';
import { errorTexts, isErrorCode, type ErrorCode } from './error-codes.js';
import { literalProblem, variableProblem } from './variable-problems.js';

/** One field that was not accepted: where it stands, why, and what would be. */
export interface FieldProblem {
  /** `input.rows.3.phone` */
  readonly path: string;
  readonly message: { readonly zh: string; readonly en: string };
  readonly accepted?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;
}

/** Answers that carry one of these have this HTTP status; all others 200, as GraphQL over HTTP has it. */
export const httpStatuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  USER_LOCKED: 403,
  QUERY_TOO_COSTLY: 400,
  OVERLOADED: 503,
  CLOCK_HELD: 503,
  TOO_MANY_REFUSALS: 429,
  BAD_REQUEST: 400,
  ONLY_OVER_WEBSOCKET: 400,
};

/**
 * The only error whose words reach a client. Everything else that is thrown is answered as INTERNAL with an id that the
 * log has.
 */
export class EdgeError extends GraphQLError {
  override readonly name = 'EdgeError';
  constructor(
    readonly errorCode: ErrorCode,
    {
      ofField = false,
      ...details
    }: {
      readonly fields?: readonly FieldProblem[];
      /** Only one field has no answer, whatever else was asked has: the HTTP status is that of an answer. */
      readonly ofField?: boolean;
    } = {},
  ) {
    const status = ofField ? undefined : httpStatuses[errorCode];
    super(errorTexts[errorCode].en, {
      extensions: { code: errorCode, ...details, ...(status === undefined ? {} : { http: { status } }) },
    });
  }
}

const messageMax = 300;
/** More than these tell a client nothing, and a query can be written that has thousands. */
export const errorsMax = 10;
const suggestion = /\s*Did you mean [^?]*\?/g;

/** Errors of the engine that mean something to a client. */
const meaningful: readonly (readonly [new (...given: never[]) => Error, ErrorCode])[] = [
  [CommandIdTakenError, 'COMMAND_ID_TAKEN'],
  [ContentionError, 'CONTENTION'],
  [StorageFullError, 'STORAGE_FULL'],
  [ClockHeldError, 'CLOCK_HELD'],
  [CursorError, 'CURSOR_UNKNOWN'],
  [PositionTokenError, 'POSITION_UNKNOWN'],
  [ForeignPositionError, 'POSITION_UNKNOWN'],
  [NotYetSeenError, 'POSITION_NOT_REACHED'],
  [TooManyWaitersError, 'OVERLOADED'],
  [LogBusyError, 'OVERLOADED'],
  [UnknownYearError, 'CALENDAR_UNPUBLISHED'],
];

/** What was thrown, under the layers that GraphQL and Apollo put around it. */
const origin = (error: unknown): unknown => {
  let at = error;
  for (
    let layer = 0;
    layer < 5 && at instanceof GraphQLError && !(at instanceof EdgeError) && at.originalError !== undefined;
    layer += 1
  )
    at = at.originalError;
  return at;
};

export type Transport = 'http' | 'websocket';
export interface MaskingParts {
  readonly log: { failure(sentence: string, error: unknown, fields?: { errorId: string; transport: Transport }): void };
  readonly ids: Ids;
}
export type MaskError = (
  formatted: GraphQLFormattedError,
  error: unknown,
  transport: Transport,
) => GraphQLFormattedError;

/**
 * What a client may read of an error. Allowed by list; whatever is not on it is logged under an id, and only the id is
 * answered.
 */
export const errorMasking =
  ({ log, ids }: MaskingParts): MaskError =>
  (formatted, error, transport) => {
    const thrown = origin(error);
    const place = {
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations.slice(0, 2) }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
    };
    if (thrown instanceof EdgeError)
      return { message: thrown.message, ...place, extensions: extensionsOf(thrown.errorCode, thrown.extensions) };
    const code = meaningful.find(([kind]) => thrown instanceof kind)?.[1];
    if (code !== undefined)
      return {
        message: errorTexts[code].en,
        ...place,
        extensions: {
          ...extensionsOf(code),
          ...(thrown instanceof CommandIdTakenError ? { recordedAt: thrown.recordedAt } : {}),
        },
      };
    // GraphQL's last word after fifty variables that did not fit; it comes without a code.
    if (formatted.path === undefined && formatted.message.startsWith('Too many errors processing variables'))
      return { message: errorTexts.BAD_USER_INPUT.en, ...place, extensions: extensionsOf('BAD_USER_INPUT') };
    // GraphQL's own words about a document or its variables. They carry no path: one that does comes from a resolver.
    const own: unknown = formatted.extensions?.['code'];
    if (formatted.path === undefined && isErrorCode(own) && own !== 'INTERNAL') {
      const problem = own === 'BAD_USER_INPUT' ? variableProblem(formatted.message) : literalProblem(formatted.message);
      if (problem !== undefined) return { ...misfit(own, problem), ...place };
      return { message: clip(formatted.message.replaceAll(suggestion, '')), ...place, extensions: extensionsOf(own) };
    }
    const errorId = ids.uuid();
    log.failure('An error was answered as internal', thrown, { errorId, transport });
    return { message: errorTexts.INTERNAL.en, ...place, extensions: { ...extensionsOf('INTERNAL'), errorId } };
  };

const misfit = (code: ErrorCode, problem: FieldProblem): GraphQLFormattedError => ({
  message: `${errorTexts[code].en} ${problem.path}: ${problem.message.en}`,
  extensions: extensionsOf(code, { fields: [problem] }),
});
const clip = (message: string): string => (message.length <= messageMax ? message : `${message.slice(0, messageMax)}…`);
const extensionsOf = (
  code: ErrorCode,
  { fields }: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({ code, message: errorTexts[code], ...(fields === undefined ? {} : { fields }) });
