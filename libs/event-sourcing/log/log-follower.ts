import { breathe } from '../breathe.js';
import { GrowingPause } from '../growing-pause.js';
import type { Timers } from '../ports/clock.js';
import type { EventFilter, EventLog, LogSlice } from '../ports/event-log.js';
import type { Position } from '../vocabulary.js';

/** A slice of the log and where it begins. */
export interface FollowedSlice extends LogSlice {
  readonly from: Position;
}

export interface LogFollowing {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly filter?: EventFilter;
  /** Where to read on: asked at the beginning, and again after each error. */
  readonly from: () => Position | Promise<Position>;
  /** The next slice is read when this one is done. */
  readonly each: (slice: FollowedSlice, signal: AbortSignal) => void | Promise<void>;
  /**
   * Keeps how far it has come: after a slice that held something, and at least every `keptEvery` events. Without it the
   * follower's owner keeps its own.
   */
  readonly keepPosition?: (next: Position) => Promise<void>;
  readonly timers: Timers;
  /** Told of each error; the follower asks `from` again after a pause that grows until something works. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two slices, so that events gather where each slice costs many round trips. None by default. */
  readonly rest?: number;
}

/** Events that a filter leaves out are not worth a kept position each. */
const keptEvery = 1_000;

/**
 * Follows the log: what is there, then what comes, in order. It gives the event loop a turn after each slice, goes at
 * the pace of `each`, and never ends by an error.
 */
export class LogFollower {
  readonly #pause = new GrowingPause();
  #life: { readonly controller: AbortController; readonly loop: Promise<void> } | undefined;

  constructor(private readonly following: LogFollowing) {}

  get isRunning(): boolean {
    return this.#life !== undefined;
  }

  start(): void {
    if (this.#life !== undefined) throw new Error('The follower has been started already');
    const controller = new AbortController();
    this.#life = { controller, loop: this.run(controller.signal) };
  }

  /** Resolves when the slice in hand is done. */
  async stop(): Promise<void> {
    const life = this.#life;
    life?.controller.abort();
    await life?.loop;
    this.#life = undefined;
  }

  /** Follows until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, onError } = this.following;
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        onError(error);
      }
      // Also when the subscription ended by itself: the log was closed, and says so when it is asked again.
      if (!signal.aborted) await timers.sleep(this.#pause.next(), signal);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { log, filter, timers, rest } = this.following;
    let from = await this.following.from();
    let kept = from;
    for await (const { events, next } of log.subscribe(from, { ...filter, signal })) {
      await this.following.each({ from, events, next }, signal);
      if (events.length > 0 || next - kept >= keptEvery) {
        await this.following.keepPosition?.(next);
        kept = next;
      }
      from = next;
      this.#pause.reset();
      await (rest === undefined ? breathe() : timers.sleep(rest, signal));
    }
  }
}
