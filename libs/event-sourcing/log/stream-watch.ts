import { LogFollower } from './log-follower.js';
import type { Timers } from '../ports/clock.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import { breathe } from '../breathe.js';
import type { Position, Revision, StreamName } from '../vocabulary.js';

export interface StreamWatchParts {
  readonly log: Pick<EventLog, 'subscribe' | 'readStream' | 'head'>;
  readonly timers: Timers;
  readonly onError: (error: unknown) => void;
  /** The category of the streams that may be watched. */
  readonly category: string;
  /** Readers that catch up at the same time; the others wait their turn. Default 4. */
  readonly catchUpsMax?: number;
}

/** Events read at once: what one reader may hold in memory. */
const pageMax = 100;

/**
 * Lets many readers follow one stream each. A reader reads its own stream and nothing else; one follower of the log,
 * however many readers there are, tells them when there is more.
 */
export class StreamWatch {
  readonly #listeners = new Map<StreamName, Set<() => void>>();
  readonly #waiting: (() => void)[] = [];
  readonly #follower: LogFollower;
  #free: number;
  #readers = 0;
  #turn: Promise<void> = Promise.resolve();
  /** Where the follower reads on; unknown when nobody has read for a while. */
  #from: Position | undefined;

  constructor(private readonly parts: StreamWatchParts) {
    this.#free = parts.catchUpsMax ?? 4;
    this.#follower = new LogFollower({
      log: parts.log,
      timers: parts.timers,
      onError: parts.onError,
      filter: { categories: [parts.category] },
      from: async () => {
        this.#from ??= await parts.log.head();
        // Readers that came before the follower stood there have missed nothing that they cannot read.
        for (const stream of this.#listeners.keys()) this.#tell(stream);
        return this.#from;
      },
      each: ({ events, next }) => {
        for (const stream of new Set(events.map((event) => event.stream))) this.#tell(stream);
        this.#from = next;
      },
    });
  }

  /** Pages of the stream's events from position `from` on, then those that come; ends when `signal` aborts. */
  async *read(
    stream: StreamName,
    from: Position,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    await this.#count(+1);
    try {
      let next: Revision | undefined;
      while (!signal.aborted) {
        // Heard from before the reading on: what comes while a page is read is told.
        const more = this.#heard(stream, signal);
        next ??= await this.#taking(signal, () => this.#firstRevision(stream, from));
        for (;;) {
          const page = await this.#page(stream, next, signal);
          if (signal.aborted || page.length === 0) break;
          next = page.at(-1)!.revision + 1;
          yield page;
          if (page.length < pageMax) break;
        }
        await more;
      }
    } finally {
      await this.#count(-1);
    }
  }

  #page(stream: StreamName, from: Revision, signal: AbortSignal): Promise<readonly StoredEvent[]> {
    return this.#taking(signal, () => this.parts.log.readStream(stream, { from, max: pageMax }));
  }

  /** Reads backwards: who resumes mostly lacks little. */
  async #firstRevision(stream: StreamName, from: Position): Promise<Revision> {
    let first: Revision | undefined;
    for (;;) {
      if (first === 0) return 0;
      const page: readonly StoredEvent[] = await this.parts.log.readStream(stream, {
        direction: 'backwards',
        max: pageMax,
        ...(first === undefined ? {} : { from: first - 1 }),
      });
      const older = page.find(({ position }) => position < from);
      if (older !== undefined) return older.revision + 1;
      if (page.length < pageMax) return 0;
      first = page.at(-1)!.revision;
      await breathe();
    }
  }

  /** One of few at a time, and a turn of the event loop for everybody else behind each. */
  async #taking<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      if (!signal.aborted) await breathe();
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#free += 1;
      else waiting();
    }
  }

  #heard(stream: StreamName, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const listeners = this.#listeners.get(stream) ?? new Set();
      this.#listeners.set(stream, listeners);
      const done = (): void => {
        listeners.delete(done);
        if (listeners.size === 0 && this.#listeners.get(stream) === listeners) this.#listeners.delete(stream);
        signal.removeEventListener('abort', done);
        resolve();
      };
      listeners.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  #tell(stream: StreamName): void {
    for (const listener of this.#listeners.get(stream) ?? []) listener();
  }

  /** The log is followed while somebody reads. */
  #count(change: 1 | -1): Promise<void> {
    this.#readers += change;
    this.#turn = this.#turn.then(async () => {
      const follows = this.#readers > 0;
      if (follows === this.#follower.isRunning) return;
      if (follows) this.#follower.start();
      else {
        await this.#follower.stop();
        this.#from = undefined;
      }
    });
    return this.#turn;
  }
}
