import { ClockHeldError } from './ports/clock.js';
import { LogBusyError, LogClosedError, StorageFullError } from './ports/event-log.js';

/** Nothing can be recorded just now: no row is to blame, and none is set aside for it. */
export const blamesNobody = (error: unknown): boolean =>
  [LogBusyError, LogClosedError, StorageFullError, ClockHeldError].some((kind) => error instanceof kind);

/** Rounds between two tries at most. */
const restMax = 300;

interface Rest {
  tries: number;
  /** Rounds until the next try. */
  rounds: number;
}

/**
 * What failed or changed nothing, and is tried again in ever fewer rounds: after one, two, four … `restMax` of them.
 * So a row that cannot be met costs little, and holds nobody up who stands behind it.
 */
export class Parked<Key> {
  readonly #rests = new Map<Key, Rest>();

  get size(): number {
    return this.#rests.size;
  }
  keys(): readonly Key[] {
    return [...this.#rests.keys()];
  }
  has(key: Key): boolean {
    return this.#rests.has(key);
  }

  /** Once more in vain; the next try is farther away than the last one was. */
  park(key: Key): void {
    const tries = (this.#rests.get(key)?.tries ?? 0) + 1;
    this.#rests.set(key, { tries, rounds: Math.min(2 ** (tries - 1), restMax) });
  }

  forget(key: Key): void {
    this.#rests.delete(key);
  }
  clear(): void {
    this.#rests.clear();
  }

  /** Begins a round: those whose turn it is. */
  round(): readonly Key[] {
    const due: Key[] = [];
    for (const [key, rest] of this.#rests) {
      rest.rounds -= 1;
      if (rest.rounds <= 0) due.push(key);
    }
    return due;
  }

  /** Whether its turn has not come: for loops that meet every row again in each round. */
  rests(key: Key): boolean {
    return (this.#rests.get(key)?.rounds ?? 0) > 0;
  }
}
