import type { AnyEvent, Recorded } from '../event.js';
import type { EventLog } from '../ports/event-log.js';
import type { ReadStore } from '../ports/read-store.js';
import type { Timers } from '../ports/clock.js';
import type { Decode } from '../projection/projection-fold.js';
import type { Position } from '../vocabulary.js';

/**
 * What follows from an event in another place: it sends a command, and decides nothing. It may be asked about the same
 * event again, after a
 * crash or by a second process, so the command's id must follow from the event. Never run by a rebuild: a reaction is
 * not replayed.
 */
export interface Reaction<E extends AnyEvent = AnyEvent> {
  readonly name: string;
  readonly types: readonly E['type'][];
  react(recorded: Recorded<E>): Promise<void>;
}

export interface ReactorParts {
  readonly log: Pick<EventLog, 'readAll' | 'subscribe' | 'head'>;
  /** Keeps how far each reaction has come. */
  readonly store: Pick<ReadStore, 'live'>;
  readonly reactions: readonly Reaction[];
  readonly decode: Decode;
  readonly timers: Timers;
  /** Told of a reaction that failed; it is tried again after a pause, and what comes behind it waits. */
  readonly onError?: (error: unknown) => void;
}

const sliceMax = 500;
const pause = 1_000;

/** Drives reactions from the log: each event in order, its position kept after its command is durable. */
export class Reactor {
  #life: { readonly controller: AbortController; readonly loop: Promise<void> } | undefined;

  constructor(private readonly parts: ReactorParts) {}

  /** Runs every reaction to the end of the log, also over the events that the reactions themselves cause. */
  async catchUp(): Promise<void> {
    for (const reaction of this.parts.reactions)
      while (await this.#round(reaction)) {
        /* until nothing is left */
      }
  }

  start(): void {
    if (this.#life !== undefined) throw new Error('The reactor has been started already');
    const controller = new AbortController();
    this.#life = {
      controller,
      loop: Promise.all(this.parts.reactions.map((reaction) => this.#follow(reaction, controller.signal))).then(
        () => {},
      ),
    };
  }

  async stop(): Promise<void> {
    this.#life?.controller.abort();
    await this.#life?.loop;
    this.#life = undefined;
  }

  async #follow(reaction: Reaction, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await this.#round(reaction))) {
          /* until the end of the log */
        }
        // Woken by the next event; the slice itself is read again from the kept position.
        for await (const slice of this.parts.log.subscribe(await this.#position(reaction), {
          types: reaction.types,
          signal,
        }))
          if (slice.events.length > 0) break;
      } catch (error) {
        if (signal.aborted) return;
        this.parts.onError?.(error);
        await this.parts.timers.sleep(pause, signal);
      }
    }
  }

  async #round(reaction: Reaction): Promise<boolean> {
    const from = await this.#position(reaction);
    const { events, next } = await this.parts.log.readAll(from, { types: reaction.types, max: sliceMax });
    for (const stored of events) await reaction.react(this.parts.decode(stored));
    if (next === from) return false;
    await (await this.#kept(reaction)).apply({ from, to: next, changes: [] });
    return true;
  }

  async #position(reaction: Reaction): Promise<Position> {
    return (await this.#kept(reaction)).checkpoint();
  }
  #kept({ name }: Reaction) {
    return this.parts.store.live<object>({ name: `reaction-${name}`, version: 1, indexes: [] });
  }
}
