import type { Timers } from '#event-sourcing/ports/clock.js';

/** Milliseconds between two looks at the due index. */
const pause = 1_000;

export interface DeadlineLoop {
  stop(): Promise<void>;
}

/**
 * Looks again and again for deadlines that have come. An error is told and the next look comes all the same: what was
 * due stays due.
 */
export const startDeadlineLoop = (
  round: () => Promise<number>,
  timers: Timers,
  onError: (error: unknown) => void,
): DeadlineLoop => {
  const life = new AbortController();
  const loop = (async () => {
    while (!life.signal.aborted) {
      await round().catch(onError);
      await timers.sleep(pause, life.signal);
    }
  })();
  return {
    stop: async () => {
      life.abort();
      await loop;
    },
  };
};
