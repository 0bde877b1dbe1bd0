import { createHash } from 'node:crypto';
import type { Clock, Ids, Timers } from '../ports/clock.js';
import type { EventId, Instant } from '../vocabulary.js';

/** Time that stands still until a test moves it. */
export interface SimulatedClock extends Clock, Timers {
  /** Moves to an instant, also backwards, and wakes whoever slept until then. */
  set(instant: Instant): void;
  /**
   * Moves on by `milliseconds`, stopping at every wake-up on the way, so that what sleeps in a loop is woken each time.
   */
  advance(milliseconds: number): Promise<void>;
  /** How many are asleep. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export const simulatedClock = (start: Instant): SimulatedClock => {
  let now = Date.parse(start);
  const sleepers = new Set<Sleeper>();
  const due = (limit: number): Sleeper | undefined =>
    [...sleepers].filter(({ until }) => until <= limit).toSorted((one, other) => one.until - other.until)[0];
  return {
    now: () => new Date(now).toISOString() as Instant,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (milliseconds <= 0 || signal?.aborted === true) {
          resolve();
          return;
        }
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { until: now + milliseconds, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    set(instant) {
      now = Date.parse(instant);
      for (let sleeper = due(now); sleeper !== undefined; sleeper = due(now)) sleeper.wake();
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      for (let sleeper = due(end); sleeper !== undefined; sleeper = due(end)) {
        now = Math.max(now, sleeper.until);
        sleeper.wake();
        await turn();
      }
      now = end;
    },
    get sleepers() {
      return sleepers.size;
    },
  };
};

/** Lets everything that just woke run until it waits again. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Ids and salts that are the same for the same seed; uuids rise by one millisecond each. */
export const seededIds = (seed: string | number): Ids => {
  let drawn = 0;
  let made = Date.parse('2026-01-01T00:00:00.000Z');
  const bytes = (count: number): Uint8Array => {
    const drawnBytes = Buffer.alloc(count);
    for (let from = 0; from < count; from += 32)
      createHash('sha256').update(`${seed}/${drawn++}`).digest().copy(drawnBytes, from);
    return drawnBytes;
  };
  return {
    bytes,
    uuid() {
      const id = Buffer.from(bytes(16));
      id.writeUIntBE(made++, 0, 6);
      id[6] = (id[6]! & 0x0f) | 0x70;
      id[8] = (id[8]! & 0x3f) | 0x80;
      return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as EventId;
    },
  };
};
