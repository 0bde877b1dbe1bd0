import { PositionWaiters, type WaitLimit } from './position-waiters.js';
import type { Timers } from '../ports/clock.js';
import type { Collection, ReadStore } from '../ports/read-store.js';
import type { ModelStatus } from './projector.js';
import type { ReadModel } from './read-model.js';
import type { Position } from '../vocabulary.js';

export interface ProjectionWatchOptions {
  readonly store: Pick<ReadStore, 'live'>;
  readonly models: readonly ReadModel<object>[];
  readonly timers: Timers;
  /** Readers that may wait at once, default 1,000. */
  readonly waitersMax?: number;
}

/** Milliseconds between two looks at the checkpoints while somebody waits, and while nobody does. */
const lookWaited = 10;
const lookIdle = 1_000;

/** The watch was stopped, because this server folds the read models itself from now on. */
export class WatchStoppedError extends Error {
  override readonly name = 'WatchStoppedError';
}

interface Watched {
  readonly model: ReadModel<object>;
  readonly collection: Collection<object>;
  seen: Position;
  version: number;
  error?: Error | undefined;
}

/**
 * What a server knows of read models that another one folds: how far they are, asked of the store. The store tells
 * nobody by itself,
 * so it is asked often while somebody waits and seldom otherwise.
 */
export class ProjectionWatch {
  private watched = new Map<string, Watched>();
  private readonly waiters: PositionWaiters;
  private readonly wanted = new Map<string, number>();
  private life: { readonly controller: AbortController; readonly loop: Promise<void> } | undefined;
  private hurry: AbortController | undefined;

  constructor(private readonly options: ProjectionWatchOptions) {
    this.waiters = new PositionWaiters((name) => this.watched.get(name)?.seen ?? -1, options.waitersMax ?? 1_000);
  }

  start(): void {
    if (this.life !== undefined) throw new Error('The watch has been started already');
    const controller = new AbortController();
    this.life = { controller, loop: this.loop(controller.signal) };
  }

  async stop(): Promise<void> {
    this.life?.controller.abort();
    this.hurry?.abort();
    await this.life?.loop;
    this.life = undefined;
    this.waiters.close(new WatchStoppedError('The watch was stopped'));
  }

  /**
   * Resolves when every named model has seen the event at `position`; throws as the projector's does, and
   * WatchStoppedError.
   */
  async waitUntil(position: Position, models: readonly string[], limit: WaitLimit): Promise<void> {
    for (const name of models) {
      if (!this.options.models.some((model) => model.name === name)) throw new Error(`There is no read model ${name}`);
      this.wanted.set(name, (this.wanted.get(name) ?? 0) + 1);
    }
    this.hurry?.abort();
    try {
      await this.waiters.wait(position, models, limit);
    } finally {
      for (const name of models) {
        const left = this.wanted.get(name)! - 1;
        if (left === 0) this.wanted.delete(name);
        else this.wanted.set(name, left);
      }
    }
  }

  /** Readers that wait to see a position. */
  get waiting(): number {
    return this.waiters.length;
  }

  status(): readonly ModelStatus[] {
    return this.options.models.map((model) => {
      const { seen = -1, version = model.version, error } = this.watched.get(model.name) ?? {};
      return {
        name: model.name,
        version,
        state: error === undefined ? 'running' : 'retrying',
        seen,
        ...(error && { error }),
      };
    });
  }

  private async loop(signal: AbortSignal): Promise<void> {
    for (let idle = true; !signal.aborted; idle = this.wanted.size === 0) {
      const names = idle ? this.options.models.map(({ name }) => name) : [...this.wanted.keys()];
      await Promise.all(names.map((name) => this.look(name)));
      this.waiters.wake();
      await this.pause(signal);
    }
  }

  private async look(name: string): Promise<void> {
    try {
      const one = this.watched.get(name) ?? (await this.open(name));
      one.seen = (await one.collection.checkpoint()) - 1;
      one.error = undefined;
    } catch (error) {
      const one = this.watched.get(name);
      if (one !== undefined) one.error = error as Error;
    }
  }

  private async open(name: string): Promise<Watched> {
    const model = this.options.models.find((each) => each.name === name)!;
    const collection = await this.options.store.live<object>(model);
    const one: Watched = { model, collection, seen: -1, version: await collection.version() };
    this.watched.set(name, one);
    return one;
  }

  private async pause(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (this.wanted.size > 0) {
      await this.options.timers.sleep(lookWaited, signal);
      return;
    }
    this.hurry = new AbortController();
    await this.options.timers.sleep(lookIdle, AbortSignal.any([signal, this.hurry.signal]));
    this.hurry = undefined;
  }
}
