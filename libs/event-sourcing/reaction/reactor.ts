import type { AnyEvent, Recorded } from '../event.js';
import type { EventLog } from '../ports/event-log.js';
import type { Positions } from '../ports/positions.js';
import type { Timers } from '../ports/clock.js';
import type { Decode } from '../projection/projection-fold.js';
import { ReactionRun } from './reaction-run.js';

/**
 * What follows from an event in another place: it sends a command, and decides nothing. It may be asked about the same
 * event again, after a crash or by a second process, so the command's id must follow from the event. Never run by a
 * rebuild: a reaction is not replayed.
 */
export interface Reaction {
  readonly name: string;
  readonly types: readonly string[];
  /** Throws when nobody knows whether the command was recorded: then it is asked again. */
  readonly react: (recorded: Recorded) => Promise<void>;
}

/** A reaction to the events `E`; the follower passes it no others. */
export const reaction = <E extends AnyEvent>(on: {
  readonly name: string;
  readonly types: readonly E['type'][];
  readonly react: (recorded: Recorded<E>) => Promise<void>;
}): Reaction => ({ ...on, react: (recorded) => on.react(recorded as unknown as Recorded<E>) });

export interface ReactorParts {
  readonly log: Pick<EventLog, 'readAll' | 'subscribe' | 'head'>;
  /** Keeps how far each reaction has come. */
  readonly positions: Positions;
  readonly reactions: readonly Reaction[];
  readonly decode: Decode;
  readonly timers: Timers;
  /** Told of an event whose reaction failed: it is tried again with growing distance, what comes behind it goes on. */
  readonly onError?: (error: unknown) => void;
}

export interface ReactionStatus {
  readonly name: string;
  /** Events that failed and are tried again. */
  readonly parked: number;
}

/** Drives reactions from the log: each event in order, its position kept after its command is durable. */
export class Reactor {
  readonly #runs: readonly ReactionRun[];
  #life: { readonly controller: AbortController; readonly loop: Promise<void> } | undefined;

  constructor(parts: ReactorParts) {
    this.#runs = parts.reactions.map((each) => new ReactionRun(each, parts));
  }

  /** Runs every reaction to the end of the log, also over the events that the reactions themselves cause. */
  async catchUp(): Promise<void> {
    for (const run of this.#runs) await run.catchUp();
  }

  start(): void {
    if (this.#life !== undefined) throw new Error('The reactor has been started already');
    const controller = new AbortController();
    const loop = Promise.all(this.#runs.map((run) => run.follow(controller.signal))).then(() => undefined);
    this.#life = { controller, loop };
  }

  async stop(): Promise<void> {
    this.#life?.controller.abort();
    await this.#life?.loop;
    this.#life = undefined;
  }

  status(): readonly ReactionStatus[] {
    return this.#runs.map(({ reaction: { name }, parked }) => ({ name, parked: parked.size }));
  }
}
