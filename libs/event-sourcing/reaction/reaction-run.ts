import { LogFollower } from '../log/log-follower.js';
import { blamesNobody, Parked } from '../parked.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { KeptPosition } from '../ports/positions.js';
import type { Position } from '../vocabulary.js';
import type { Reaction, ReactorParts } from './reactor.js';

/** Events that wait for another try. More of them mean that it is not their own fault: then the reaction waits. */
export const parkedMax = 1_000;
/** Milliseconds between two rounds over the events that wait. */
const roundPause = 1_000;
const sliceMax = 500;

/** Another server has kept a position of the same reaction meanwhile. */
class PositionMovedError extends Error {
  override readonly name = 'PositionMovedError';
}

/** One reaction on its way along the log. */
export class ReactionRun {
  readonly parked = new Parked<Position>();
  #kept: KeptPosition = { next: 0, parked: [], version: 0 };
  #keeping: Promise<void> = Promise.resolve();

  constructor(
    readonly reaction: Reaction,
    private readonly parts: ReactorParts,
  ) {}

  /** Follows the log until `signal` aborts. An event that fails waits aside; those behind it are not held up. */
  async follow(signal: AbortSignal): Promise<void> {
    const { log, timers } = this.parts;
    const onError = (error: unknown): void => this.parts.onError?.(error);
    const follower = new LogFollower({
      log,
      timers,
      onError,
      filter: { types: this.reaction.types },
      from: () => this.#load(),
      each: async ({ events }) => {
        for (const stored of events) {
          signal.throwIfAborted();
          await this.#reactOrPark(stored);
        }
      },
      keepPosition: (next) => this.#keep(next),
    });
    await Promise.all([follower.run(signal), this.#retry(signal, onError)]);
  }

  /** Runs to the end of the log; throws what an event's reaction throws. */
  async catchUp(): Promise<void> {
    for (let from = await this.#load(); ;) {
      const { events, next } = await this.parts.log.readAll(from, { types: this.reaction.types, max: sliceMax });
      for (const stored of events) await this.#react(stored);
      for (const position of this.parked.keys()) await this.#again(position);
      if (next === from && this.parked.size === this.#kept.parked.length) return;
      await this.#keep(next);
      from = next;
    }
  }

  async #load(): Promise<Position> {
    await this.#keeping.catch(() => undefined);
    this.#kept = (await this.parts.positions.get(this.reaction.name)) ?? { next: 0, parked: [], version: 0 };
    this.parked.clear();
    for (const position of this.#kept.parked) this.parked.park(position);
    // A log that was put back to an older state goes on where it ends.
    return Math.min(this.#kept.next, await this.parts.log.head());
  }

  /** One keeping after the other; each holds what is parked just then. */
  #keep(next?: Position): Promise<void> {
    this.#keeping = this.#keeping
      .catch(() => undefined)
      .then(async () => {
        const kept: KeptPosition = {
          next: next ?? this.#kept.next,
          parked: this.parked.keys().toSorted((one, other) => one - other),
          version: this.#kept.version + 1,
        };
        if (!(await this.parts.positions.keep(this.reaction.name, kept)))
          throw new PositionMovedError(`Another server has kept a position of ${this.reaction.name}`);
        this.#kept = kept;
      });
    return this.#keeping;
  }

  #react(stored: StoredEvent): Promise<void> {
    return this.reaction.react(this.parts.decode(stored));
  }

  async #reactOrPark(stored: StoredEvent): Promise<void> {
    try {
      await this.#react(stored);
    } catch (error) {
      if (blamesNobody(error) || this.parked.size >= parkedMax) throw error;
      this.parked.park(stored.position);
      this.parts.onError?.(error);
    }
  }

  async #retry(signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    while (!signal.aborted) {
      await this.parts.timers.sleep(roundPause, signal);
      for (const position of this.parked.round()) {
        if (signal.aborted) return;
        try {
          await this.#again(position);
          await this.#keep();
        } catch (error) {
          if (this.parked.has(position)) this.parked.park(position);
          onError(error);
        }
      }
    }
  }

  async #again(position: Position): Promise<void> {
    const { events } = await this.parts.log.readAll(position, { types: this.reaction.types, max: 1 });
    const stored = events.find((event) => event.position === position);
    if (stored !== undefined) await this.#react(stored);
    this.parked.forget(position);
  }
}
