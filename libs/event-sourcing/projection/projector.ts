import { breathe } from '../breathe.js';
import { GrowingPause } from '../growing-pause.js';
import { LogFollower } from '../log/log-follower.js';
import { PositionWaiters, type WaitLimit } from './position-waiters.js';
import type { EventLog } from '../ports/event-log.js';
import type { Timers } from '../ports/clock.js';
import type { Collection, CrashPoint, ReadStore } from '../ports/read-store.js';
import { BatchFold, DecodedSlice, ProjectionError, type Decode } from './projection-fold.js';
import { rebuildBeside, type RebuildProgress } from './projection-rebuild.js';
import type { ReadModel } from './read-model.js';
import type { Position } from '../vocabulary.js';

export interface ProjectorOptions {
  readonly log: Pick<EventLog, 'readAll' | 'subscribe' | 'head'>;
  readonly store: ReadStore;
  readonly models: readonly ReadModel<object>[];
  /** Throws on an event that this build does not understand. */
  readonly decode: Decode;
  /**
   * Every event type this build knows. Given, events nobody listens to are not decoded; one of another type stops every
   * model.
   */
  readonly knows?: (type: string) => boolean;
  /** For the pause after a storage error; without it `start` refuses, `catchUp` and `rebuild` work. */
  readonly timers?: Timers;
  /** Events of one batch, default 1,000. */
  readonly batchMax?: number;
  /** Documents that a rebuild holds in memory, default 20,000. */
  readonly rebuildDocumentsMax?: number;
  /** An empty read model that is this many events behind is built like a rebuild, which is faster. Default 20,000. */
  readonly rebuildBeyond?: number;
  /** Readers that may wait at once, default 1,000. */
  readonly waitersMax?: number;
  /**
   * A model that stands behind the log's end: `rebuild` (default) when this log is the only truth, for then it holds
   * events of a log
   * that was since restored to an older state; `wait` when the log is a mirror that may itself be late.
   */
  readonly whenAhead?: 'rebuild' | 'wait';
  readonly crashPoint?: CrashPoint;
  /**
   * Milliseconds between two batches of the live loop, so that events gather where each batch costs many round trips.
   * None by default.
   */
  readonly rest?: number;
}

export interface ModelStatus {
  readonly name: string;
  readonly version: number;
  /**
   * `running`: kept up to date. `rebuilding`: its documents, if any, are of another version and stand still until the
   * new ones are ready.
   * `retrying`: the storage failed and is asked again. `stopped`: see `error`; the others go on.
   */
  readonly state: 'running' | 'rebuilding' | 'retrying' | 'stopped';
  /** Last event it has seen; -1 before the first. */
  readonly seen: Position;
  /** A rebuild under way, of whatever version. */
  readonly rebuild?: RebuildProgress;
  readonly error?: Error;
}

interface Tracked {
  readonly model: ReadModel<object>;
  readonly collection: Collection<object>;
  /** Where its next batch begins. */
  position: Position;
  state: ModelStatus['state'];
  error?: Error | undefined;
  rebuild?: RebuildProgress | undefined;
}

/** The projector was stopped; whoever waited for a read model is let go with this. */
export class ProjectorStoppedError extends Error {
  override readonly name = 'ProjectorStoppedError';
}

/** Folds the log into read models: one loop for all of them. */
export class Projector {
  private readonly tracked = new Map<string, Tracked>();
  private readonly waiters: PositionWaiters;
  private readonly batchMax: number;
  private readonly crashPoint: CrashPoint;
  /** What changes positions waits in line: rounds of the loop, `catchUp`, the last stretch of a rebuild. */
  private queue: Promise<unknown> = Promise.resolve();
  private opening: Promise<void> | undefined;
  /** Of the present life, from `start` to `stop`. */
  private controller: AbortController | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  private readonly rebuilds = new Set<Promise<void>>();

  constructor(private readonly options: ProjectorOptions) {
    const names = options.models.map(({ name }) => name);
    if (new Set(names).size !== names.length)
      throw new Error(`Two read models share a name: ${names.toSorted().join(', ')}`);
    this.batchMax = options.batchMax ?? 1_000;
    this.crashPoint = options.crashPoint ?? ((): void => {});
    this.waiters = new PositionWaiters((name) => {
      const { state, error } = this.find(name);
      if (state === 'stopped' && error !== undefined) throw error;
      return this.seen(name);
    }, options.waitersMax ?? 1_000);
  }

  /** Opens the read models and follows the log until `stop`. Those whose version was raised are rebuilt meanwhile. */
  async start(): Promise<void> {
    const { timers } = this.options;
    if (timers === undefined)
      throw new Error('A projector that follows the log needs timers, for the pause after a storage error');
    if (this.controller !== undefined) throw new Error('The projector has been started already');
    const { signal } = (this.controller = new AbortController());
    // Somebody else may have folded on since an earlier life of ours.
    this.opening = undefined;
    try {
      await this.open();
    } catch (error) {
      this.controller = undefined;
      throw error;
    }
    this.ended = Promise.all([this.replaceUntilDone(signal, timers), this.follower(signal, timers).run(signal)]);
  }

  /** Ends the loop and any rebuild, and lets go whoever waits. The store and the log stay open. */
  async stop(): Promise<void> {
    this.waiters.close(new ProjectorStoppedError('The projector was stopped'));
    this.controller?.abort(new ProjectorStoppedError('The projector was stopped'));
    await this.ended;
    await Promise.allSettled(this.rebuilds);
    this.controller = undefined;
  }

  /**
   * Runs to the end of the log, rebuilds included, and returns: for scenarios and simulated clocks. Throws what the
   * storage throws.
   */
  async catchUp(): Promise<void> {
    await this.open();
    await this.replaceStale();
    while (await this.exclusively(() => this.round()));
  }

  get waiting(): number {
    return this.waiters.length;
  } // Readers that wait to see a position.
  /** Last position the model has seen, -1 before the first. Throws for an unknown name. */
  seen(model: string): Position {
    return this.find(model).position - 1;
  }

  /**
   * Resolves when every named model has seen the event at `position`. Throws NotYetSeenError, TooManyWaitersError, or
   * the error of a model that stopped.
   */
  async waitUntil(position: Position, models: readonly string[], limit: WaitLimit): Promise<void> {
    await this.waiters.wait(position, models, limit);
  }

  /** Folds the whole log into a new generation beside the live one, then swaps. Cures a stopped model. */
  async rebuild(model: string, onProgress: (progress: RebuildProgress) => void = () => {}): Promise<void> {
    await this.open();
    const one = this.find(model);
    if (one.rebuild !== undefined) throw new Error(`Read model ${model} is being rebuilt already`);
    await this.rebuildAll([one], onProgress);
    if (one.error !== undefined) throw one.error;
  }

  status(): readonly ModelStatus[] {
    return [...this.tracked.values()].map(({ model, state, position, rebuild, error }) => ({
      name: model.name,
      version: model.version,
      state,
      seen: position - 1,
      ...(rebuild && { rebuild }),
      ...(error && { error }),
    }));
  }

  private find(name: string): Tracked {
    const found = this.tracked.get(name);
    if (found !== undefined) return found;
    throw new Error(
      this.options.models.some((model) => model.name === name)
        ? `Read model ${name} is not open yet: start the projector first`
        : `There is no read model ${name}`,
    );
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private open(): Promise<void> {
    this.opening ??= this.openAll().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async openAll(): Promise<void> {
    const { log, store, models, whenAhead = 'rebuild', rebuildBeyond = 20_000 } = this.options;
    const head = await log.head();
    const opened = await Promise.all(
      models.map(async (model): Promise<Tracked> => {
        const collection = await store.live<object>(model);
        const [position, version] = [await collection.checkpoint(), await collection.version()];
        const isStale =
          version !== model.version ||
          (position > head && whenAhead === 'rebuild') ||
          (position === 0 && head > rebuildBeyond);
        return { model, collection, position, state: isStale ? 'rebuilding' : 'running' };
      }),
    );
    for (const one of opened) this.tracked.set(one.model.name, one);
  }

  private running(): readonly Tracked[] {
    return [...this.tracked.values()].filter(({ state }) => state === 'running' || state === 'retrying');
  }

  private stale(): readonly Tracked[] {
    return [...this.tracked.values()].filter(({ state, rebuild }) => state === 'rebuilding' && rebuild === undefined);
  }

  private slice(from: Position, next: Position, events: ConstructorParameters<typeof DecodedSlice>[2]): DecodedSlice {
    return new DecodedSlice(from, next, events, this.options.decode, this.options.knows);
  }

  private async read(from: Position): Promise<DecodedSlice> {
    const { events, next } = await this.options.log.readAll(from, { max: this.batchMax });
    return this.slice(from, next, events);
  }

  /**
   * One slice for each position at which models stand, so that a new model catching up holds nobody back. False when
   * all are at the end.
   */
  private async round(): Promise<boolean> {
    let moved = false;
    for (const [from, group] of Map.groupBy(this.running(), ({ position }) => position)) {
      const slice = await this.read(from);
      if (slice.next <= from) continue;
      await this.project(group, slice);
      moved = true;
    }
    return moved;
  }

  private async project(group: readonly Tracked[], slice: DecodedSlice): Promise<void> {
    const results = await Promise.allSettled(group.map((one) => this.projectInto(one, slice)));
    this.waiters.wake();
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** A model that cannot go on first gets all that lies in front of the command that stops it. */
  private async projectInto(one: Tracked, slice: DecodedSlice): Promise<void> {
    if (slice.next <= one.position) return;
    const fold = new BatchFold(one.model, one.collection, one.position);
    try {
      await fold.add(slice);
    } catch (error) {
      if (!(error instanceof ProjectionError)) throw error;
      await this.projectInto(one, slice.before(error.at.position));
      if (one.state !== 'stopped') Object.assign(one, { state: 'stopped', error });
      return;
    }
    const outcome = await one.collection.apply(fold.batch());
    this.crashPoint('after-apply');
    // Anything else: another process was first, or the storage went back to an older state. Where it stands now is
    // where we go on.
    one.position = outcome === 'applied' ? slice.next : await one.collection.checkpoint();
    if (one.state === 'retrying') Object.assign(one, { state: 'running', error: undefined });
  }

  private async drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.exclusively(() => this.round()))) await breathe();
    this.healthy();
  }

  private follower(signal: AbortSignal, timers: Timers): LogFollower {
    const { log, rest } = this.options;
    let failed = false;
    return new LogFollower({
      log,
      timers,
      rest,
      from: async () => {
        // What we remember may be ahead of what is stored: after a storage error positions are read again before the
        // next batch.
        if (failed) for (const one of this.running()) one.position = await one.collection.checkpoint();
        await this.drain(signal);
        failed = false;
        return Math.min(...this.running().map(({ position }) => position), await log.head());
      },
      each: async ({ from, events, next }) => {
        const slice = this.slice(from, next, events);
        await this.exclusively(() =>
          this.project(
            this.running().filter(({ position }) => position >= slice.from),
            slice,
          ),
        );
        // A model that was swapped in, or that another process moved, may stand elsewhere.
        if (this.running().some(({ position }) => position < next)) await this.drain(signal);
        this.healthy();
      },
      onError: (error) => {
        failed = true;
        this.troubled(this.running(), error);
      },
    });
  }

  private healthy(): void {
    for (const one of this.running()) Object.assign(one, { state: 'running', error: undefined });
  }

  private troubled(group: readonly Tracked[], error: unknown): void {
    for (const one of group) Object.assign(one, { state: one.state === 'running' ? 'retrying' : one.state, error });
  }

  private async replaceUntilDone(signal: AbortSignal, timers: Timers): Promise<void> {
    const pause = new GrowingPause();
    while (!signal.aborted) {
      try {
        await this.replaceStale();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.troubled(this.stale(), error);
        await timers.sleep(pause.next(), signal);
      }
    }
  }

  private rebuildAll(group: readonly Tracked[], onProgress: (progress: RebuildProgress) => void): Promise<void> {
    for (const one of group) Object.assign(one, { rebuild: { done: 0, head: 0 }, error: undefined });
    const rebuilding = rebuildBeside(
      group.map(({ model }) => model),
      {
        store: this.options.store,
        read: (from) => this.read(from),
        head: () => this.options.log.head(),
        exclusively: (work) => this.exclusively(work),
        documentsMax: this.options.rebuildDocumentsMax ?? 20_000,
        lastStretch: this.batchMax,
        crashPoint: this.crashPoint,
        onProgress: (progress) => {
          for (const one of group) if (one.rebuild !== undefined) one.rebuild = progress;
          onProgress(progress);
        },
        onSwapped: ({ name }, position) =>
          Object.assign(this.find(name), { position, state: 'running', error: undefined, rebuild: undefined }),
        onFailed: ({ name }, error) => Object.assign(this.find(name), { state: 'stopped', error, rebuild: undefined }),
        signal: this.controller?.signal,
      },
    ).finally(() => {
      for (const one of group) one.rebuild = undefined;
      this.rebuilds.delete(rebuilding);
      this.waiters.wake();
    });
    this.rebuilds.add(rebuilding);
    return rebuilding;
  }

  /** New documents for the models whose own cannot be gone on with, all in one reading of the log. */
  private async replaceStale(): Promise<void> {
    const stale = this.stale();
    if (stale.length > 0) await this.rebuildAll(stale, () => {});
  }
}

export const createProjector = (options: ProjectorOptions): Projector => new Projector(options);
