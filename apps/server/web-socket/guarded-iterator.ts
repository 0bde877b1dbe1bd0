import type { ExecutionResult } from 'graphql';

export interface Guard {
  /** Asked before every message. False ends the stream. */
  readonly stillAllowed: () => Promise<boolean>;
  /** Called once, when `stillAllowed` said no. */
  readonly onRefused: () => void;
  /** Turns what the source threw into a last answer. */
  readonly onError: (error: unknown) => ExecutionResult;
  /** Ends whatever the source is waiting for. */
  readonly abort: () => void;
}

/**
 * A subscription's results, each released only while its caller is still allowed to have it. One message is in hand at
 * a time:
 * the source is asked for the next only when the socket has taken the last, so a slow client slows its own source and
 * nothing else.
 */
export const guardedIterator = (
  source: AsyncIterable<ExecutionResult>,
  guard: Guard,
): AsyncGenerator<ExecutionResult, void, void> => {
  const inner = source[Symbol.asyncIterator]();
  let ended = false;
  const end = async (): Promise<IteratorResult<ExecutionResult, void>> => {
    if (!ended) {
      ended = true;
      guard.abort();
      // Not awaited: a source that is waiting for an event would keep the answer back until one comes.
      void inner.return?.().catch(() => undefined);
    }
    return { done: true, value: undefined };
  };
  const next = async (): Promise<IteratorResult<ExecutionResult, void>> => {
    if (ended) return { done: true, value: undefined };
    let step: IteratorResult<ExecutionResult, unknown>;
    try {
      step = await inner.next();
    } catch (error) {
      if (ended) return { done: true, value: undefined };
      await end();
      return { done: false, value: guard.onError(error) };
    }
    if (ended || step.done === true) return end();
    if (await guard.stillAllowed().catch(() => false)) return { done: false, value: step.value };
    guard.onRefused();
    return end();
  };
  return {
    next,
    return: end,
    throw: async () => end(),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await end();
    },
  };
};
