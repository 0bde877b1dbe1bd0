import type { CrashPoint, ReadStore, Rebuild } from './ports/read-store.js';
import { BatchFold, type DecodedSlice } from './projection-fold.js';
import type { ReadModel } from './read-model.js';
import type { Position } from './vocabulary.js';

export interface RebuildProgress { /** Where the new generation stands. */ readonly done: Position; /** Where the log ended just then. */ readonly head: Position }

export interface RebuildOptions {
  readonly store: ReadStore;
  readonly read: (from: Position) => Promise<DecodedSlice>;
  readonly head: () => Promise<Position>;
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Documents held in memory. */
  readonly documentsMax: number;
  /** The last stretch of this many events is folded while the live read models stand still. */
  readonly lastStretch: number;
  readonly crashPoint: CrashPoint;
  readonly onProgress: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Gives waiting requests a turn: an in-process storage never leaves the micro-task queue by itself. */
export const breathe = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Documents written between two turns of the event loop. */
const writeMax = 1_000;

/**
 * Folds the log into a generation that nobody reads and a crash drops: so documents may stay in memory over many slices, and one that
 * changes often is written seldom. Until `flush` the checkpoint may run ahead of some documents.
 */
class GenerationFold {
  private readonly fold: BatchFold<object>;

  constructor(private readonly model: ReadModel<object>, private readonly generation: Rebuild<object>, private readonly options: RebuildOptions) {
    this.fold = new BatchFold(model, generation.collection, 0);
  }

  get position(): Position { return this.fold.position; }

  /** Towards an end that stands still: a log that grows all the time must not keep us for ever. */
  async foldTo(target: Position): Promise<void> {
    while (this.position < target) {
      const slice = await this.options.read(this.position);
      if (slice.next <= this.position) return;
      await this.fold.add(slice);
      while (this.fold.size > this.options.documentsMax) await this.write();
      await this.turn();
    }
  }

  /** Writes what is still in memory. */
  async flush(): Promise<void> {
    do await this.write(); while (this.fold.size > 0);
  }

  private async write(): Promise<void> {
    const outcome = await this.generation.collection.apply(this.fold.batch(writeMax));
    if (outcome !== 'applied') throw new Error(`Somebody else writes to the new generation of ${this.model.name} (${outcome})`);
    await this.turn();
  }

  private async turn(): Promise<void> {
    this.options.onProgress({ done: this.position, head: Math.max(this.position, await this.options.head()) });
    await breathe();
    this.options.signal?.throwIfAborted();
  }
}

/**
 * Folds the whole log into a new generation and swaps it in. `swapped` is called with its position while nothing else moves, so that
 * queries never see the read model go back. A failure before that leaves the live generation as it is.
 */
export const rebuildBeside = async (model: ReadModel<object>, options: RebuildOptions, swapped: (position: Position) => void): Promise<void> => {
  const generation = await options.store.rebuild<object>(model);
  const fold = new GenerationFold(model, generation, options);
  try {
    for (let head = await options.head(); fold.position + options.lastStretch < head; head = await options.head()) await fold.foldTo(head);
    await fold.flush();
    await generation.index();
    await options.exclusively(async () => {
      await fold.foldTo(await options.head());
      await fold.flush();
      options.crashPoint('before-swap');
      await generation.swap();
      swapped(fold.position);
      options.crashPoint('after-swap');
    });
  } catch (error) {
    await generation.abandon();
    throw error;
  }
};
