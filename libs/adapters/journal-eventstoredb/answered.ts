import {
  AccessDeniedError,
  DeadlineExceededError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  StreamNotFoundError,
  StreamTombstonedError,
  TimeoutError,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client';
import type { Stopwatch, Timers } from '#event-sourcing/ports/clock.js';
import { BatchTooLargeError, JournalDamagedError, JournalUnavailableError } from '#event-sourcing/ports/journal.js';

export interface Patience {
  readonly timers: Timers;
  readonly stopwatch: Stopwatch;
  /** Milliseconds for one question to the server; a frozen one takes it and says nothing. */
  readonly answerMax: number;
  /** Milliseconds in which a question is asked again before its caller hears that the journal does not answer. */
  readonly settleMax: number;
  /** Called when it may be the client itself that does not answer. */
  readonly renew: () => void;
}
export const patienceByDefault = { answerMax: 5_000, settleMax: 15_000 } as const;

/** Milliseconds between two attempts: doubled each time, up to the second. */
const pauseFirst = 25;
const pauseMax = 1_000;

/** The client ends a reading whose connection was cut without a word, as if there were no more. */
export class ReadingCutError extends Error {
  override readonly name = 'ReadingCutError';
  constructor() {
    super('the reading ended before its end');
  }
}

/**
 * What the server has decided. Everything else, whatever it is called, is no answer: a lost connection, a time-out, a
 * node that is not the leader.
 */
const decided = [
  WrongExpectedVersionError,
  MaxAppendSizeExceededError,
  StreamNotFoundError,
  AccessDeniedError,
  InvalidArgumentError,
  StreamDeletedError,
  StreamTombstonedError,
  UnsupportedError,
  BatchTooLargeError,
  JournalDamagedError,
];
export const isDecided = (error: unknown): boolean => decided.some((kind) => error instanceof kind);

/**
 * Asks until the server decides. `attempt` counts from 1: what is asked again may have been done the first time.
 * Throws what the server decided, or `JournalUnavailableError` when it has not decided in time.
 */
export const answered = async <T>(
  ask: (attempt: number) => Promise<T>,
  stored: JournalUnavailableError['stored'],
  patience: Patience,
  signal: AbortSignal,
): Promise<T> => {
  const began = patience.stopwatch.elapsed();
  for (let attempt = 1, pause = pauseFirst; ; attempt += 1, pause = Math.min(pause * 2, pauseMax)) {
    try {
      return await within(ask(attempt), patience);
    } catch (error) {
      if (isDecided(error)) throw error;
      if (signal.aborted || patience.stopwatch.elapsed() - began + pause > patience.settleMax)
        throw new JournalUnavailableError(stored, error);
      // A cut connection it mends itself, once.
      if (attempt > 1 || isLate(error)) patience.renew();
      await patience.timers.sleep(pause, signal);
    }
  }
};

class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}
const isLate = (error: unknown): boolean =>
  error instanceof NoAnswerError || error instanceof DeadlineExceededError || error instanceof TimeoutError;

/** A reason of its own: one that `abort` makes carries a stack, for every question. */
const answeredInTime = 'answered in time';
const within = async <T>(asked: Promise<T>, { timers, answerMax }: Patience): Promise<T> => {
  const done = new AbortController();
  const late = timers.sleep(answerMax, done.signal).then(() => {
    if (!done.signal.aborted) throw new NoAnswerError(answerMax);
    return undefined as never;
  });
  // Whoever loses the race is not waited for, and its failure is nobody's.
  late.catch(() => undefined);
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    done.abort(answeredInTime);
  }
};
