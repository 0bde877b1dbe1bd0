import { pino, type DestinationStream, type Level } from 'pino';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Configuration } from '#installation/configuration.js';
import { describeError } from './describe-error.js';

/**
 * Everything a line may hold beside time, level and sentence. It is a list of what is allowed, not of what is hidden: a
 * field that nobody
 * thought of is dropped instead of printed. None of them ever holds what a person typed.
 */
export interface LogFields {
  readonly check?: string;
  readonly clause?: string;
  readonly code?: string;
  readonly commandId?: string;
  readonly context?: string;
  readonly count?: number;
  readonly durationMs?: number;
  readonly errorId?: string;
  readonly errorName?: string;
  readonly frames?: readonly string[];
  readonly host?: string;
  readonly operation?: string;
  readonly partyId?: string;
  readonly port?: number;
  readonly position?: number;
  readonly projection?: string;
  readonly signal?: string;
  readonly transport?: 'http' | 'websocket';
}

const fieldNames: ReadonlySet<string> = new Set<keyof LogFields>([
  'check',
  'clause',
  'code',
  'commandId',
  'context',
  'count',
  'durationMs',
  'errorId',
  'errorName',
  'frames',
  'host',
  'operation',
  'partyId',
  'port',
  'position',
  'projection',
  'signal',
  'transport',
]);
const textMax = 256;
const framesMax = 20;

/** `sentence` is a constant of the program: whatever differs from line to line stands in the fields. */
export interface Log {
  debug(sentence: string, fields?: LogFields): void;
  info(sentence: string, fields?: LogFields): void;
  warn(sentence: string, fields?: LogFields): void;
  error(sentence: string, fields?: LogFields): void;
  /** Logs what kind of error it was and where, never its message: messages quote rows, values and file contents. */
  failure(sentence: string, error: unknown, fields?: LogFields): void;
  fatal(sentence: string, error: unknown, fields?: LogFields): void;
}

/** Drops every field that is not on the list and every value that is no short text, number or boolean. */
export const allowedFields = (given: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const allowed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!fieldNames.has(name)) continue;
    if (typeof value === 'string') allowed[name] = value.slice(0, textMax);
    else if (typeof value === 'number' || typeof value === 'boolean') allowed[name] = value;
    else if (Array.isArray(value))
      allowed[name] = value
        .slice(0, framesMax)
        .filter((item) => typeof item === 'string')
        .map((item: string) => item.slice(0, textMax));
  }
  return allowed;
};

export interface LogOptions {
  readonly level: Configuration['logLevel'];
  readonly clock: Clock;
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
}

/** One JSON object a line. */
export const openLog = ({ level, clock, destination }: LogOptions): Log => {
  const lines = pino(
    {
      level,
      base: undefined,
      timestamp: () => `,"time":"${clock.now()}"`,
      formatters: { level: (label) => ({ level: label }), log: allowedFields },
      serializers: {},
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  const write =
    (at: Level) =>
    (sentence: string, fields: LogFields = {}): void =>
      lines[at](fields, sentence);
  const describe =
    (at: Level) =>
    (sentence: string, error: unknown, fields: LogFields = {}): void =>
      lines[at]({ ...describeError(error), ...fields }, sentence);
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    failure: describe('error'),
    fatal: describe('fatal'),
  };
};
