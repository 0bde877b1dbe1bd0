import type { Timers } from '../ports/clock.js';
import type { Position } from '../vocabulary.js';

/** The read models did not see the position in time. The caller may ask again, or read without it. */
export class NotYetSeenError extends Error {
  override readonly name = 'NotYetSeenError';
  constructor(
    readonly position: Position,
    readonly behind: readonly string[],
  ) {
    super(`Position ${position} has not been seen in time by ${behind.join(', ')}`);
  }
}
/** Too many readers wait already; come back later. */
export class TooManyWaitersError extends Error {
  override readonly name = 'TooManyWaitersError';
  constructor(waitersMax: number) {
    super(`${waitersMax} readers are waiting for read models already`);
  }
}

export interface WaitLimit {
  /** Milliseconds. */ readonly timeout: number;
  readonly timers: Timers;
}
interface Waiter {
  readonly position: Position;
  readonly names: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Readers that wait for read models to see a position. Woken by progress, never by a clock; the clock only ends the
 * wait.
 */
export class PositionWaiters {
  private readonly waiting = new Set<Waiter>();

  /** `seen` answers the last position a model has seen and throws when it will never see another. */
  constructor(
    private readonly seen: (name: string) => Position,
    private readonly waitersMax: number,
  ) {}

  /** How many wait just now. */
  get length(): number {
    return this.waiting.size;
  }

  async wait(position: Position, names: readonly string[], { timeout, timers }: WaitLimit): Promise<void> {
    if (this.behind(position, names).length === 0) return;
    if (this.waiting.size >= this.waitersMax) throw new TooManyWaitersError(this.waitersMax);
    const done = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { position, names, resolve, reject };
    this.waiting.add(waiter);
    const tooLate = timers
      .sleep(timeout, done.signal)
      .then(() => reject(new NotYetSeenError(position, this.behindOrStopped(waiter))), reject);
    try {
      await promise;
    } finally {
      this.waiting.delete(waiter);
      done.abort();
    }
    await tooLate;
  }

  /** Lets go whoever has what it waits for, and whoever waits for a model that has stopped. */
  wake(): void {
    for (const waiter of this.waiting) {
      try {
        if (this.behind(waiter.position, waiter.names).length === 0) waiter.resolve();
      } catch (error) {
        waiter.reject(error as Error);
      }
    }
  }

  /** Ends every wait with `error`. */
  close(error: Error): void {
    for (const waiter of this.waiting) waiter.reject(error);
  }

  private behind(position: Position, names: readonly string[]): readonly string[] {
    return names.filter((name) => this.seen(name) < position);
  }

  private behindOrStopped(waiter: Waiter): readonly string[] {
    try {
      return this.behind(waiter.position, waiter.names);
    } catch {
      return waiter.names;
    }
  }
}
