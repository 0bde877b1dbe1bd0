import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';

/** Waits, or moves the clock, until an entry's own time has come. */
export type Pace = (at: Instant) => Promise<void>;

/**
 * A clock that stands still until somebody moves it: for rehearsals, demonstrations and tests, never for a register
 * that others write in.
 */
export interface SettableClock extends Clock {
  set(instant: Instant): void;
}

export interface OwnDates {
  readonly clock: SettableClock;
  /** The earliest deadline that has not been met; read models are up to date. */
  readonly nextDeadline: () => Promise<Instant | undefined>;
  readonly meetDeadlines: () => Promise<unknown>;
}

/** More deadlines than this never lie between two entries. */
const deadlinesMax = 100_000;

/**
 * Plays time as it went by: the clock stops at every deadline between two entries, so that each is met when it came,
 * then at the entry.
 */
export const atOwnDates =
  ({ clock, nextDeadline, meetDeadlines }: OwnDates): Pace =>
  async (at) => {
    let met: Instant | undefined;
    for (let count = 0; count < deadlinesMax; count += 1) {
      const next = await nextDeadline();
      // A deadline that stays after it was met is waited for by nobody: it must not hold time up.
      if (next === undefined || isBefore(at, next) || next === met) break;
      if (isBefore(clock.now(), next)) clock.set(next);
      await meetDeadlines();
      met = next;
    }
    if (isBefore(clock.now(), at)) clock.set(at);
  };
