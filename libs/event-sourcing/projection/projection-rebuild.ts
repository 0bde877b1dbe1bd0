import { breathe } from '../breathe.js';
import type { CrashPoint, ReadStore, Rebuild } from '../ports/read-store.js';
import { BatchFold, ProjectionError, type DecodedSlice } from './projection-fold.js';
import type { ReadModel } from './read-model.js';
import type { Position } from '../vocabulary.js';

export interface RebuildProgress {
  /** Where the new generation stands. */ readonly done: Position;
  /** Where the log ended just then. */ readonly head: Position;
}

export interface RebuildOptions {
  readonly store: ReadStore;
  readonly read: (from: Position) => Promise<DecodedSlice>;
  readonly head: () => Promise<Position>;
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  /** Documents of one model held in memory. */
  readonly documentsMax: number;
  /** The last stretch of this many events is folded while the live read models stand still. */
  readonly lastStretch: number;
  readonly crashPoint: CrashPoint;
  readonly onProgress: (progress: RebuildProgress) => void;
  /**
   * The new generation is read from now on. Called while nothing else moves, so that queries never see the read model
   * go back.
   */
  readonly onSwapped: (model: ReadModel<object>, position: Position) => void;
  /** This model cannot be folded; its live generation stays, and the others go on. */
  readonly onFailed: (model: ReadModel<object>, error: ProjectionError) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Documents written between two turns of the event loop. */
const writeMax = 1_000;

interface NewGeneration {
  readonly model: ReadModel<object>;
  readonly generation: Rebuild<object>;
  readonly fold: BatchFold<object>;
}

/**
 * Folds the log into generations that nobody reads and a crash drops: so documents may stay in memory over many slices,
 * and one that
 * changes often is written seldom. Until `flush` a checkpoint may run ahead of some documents.
 */
class GenerationFolds {
  private position: Position = 0;

  constructor(
    private generations: readonly NewGeneration[],
    private readonly options: RebuildOptions,
  ) {}

  async toEnd(): Promise<void> {
    const { options } = this;
    for (
      let head = await options.head();
      this.position + options.lastStretch < head && this.generations.length > 0;
      head = await options.head()
    )
      await this.foldTo(head);
    await this.flush();
    for (const { generation } of this.generations) await generation.index();
    await options.exclusively(async () => {
      await this.foldTo(await options.head());
      await this.flush();
      await this.swap();
    });
  }

  async abandon(): Promise<void> {
    for (const { generation } of this.generations) await generation.abandon();
  }

  /** Towards an end that stands still: a log that grows all the time must not keep us for ever. */
  private async foldTo(target: Position): Promise<void> {
    while (this.position < target && this.generations.length > 0) {
      const slice = await this.options.read(this.position);
      if (slice.next <= this.position) return;
      for (const one of this.generations) {
        await this.add(one, slice);
        while (one.fold.size > this.options.documentsMax) await this.write(one);
      }
      this.position = slice.next;
      await this.turn();
    }
  }

  private async add(one: NewGeneration, slice: DecodedSlice): Promise<void> {
    try {
      await one.fold.add(slice);
    } catch (error) {
      if (!(error instanceof ProjectionError)) throw error;
      this.generations = this.generations.filter((other) => other !== one);
      await one.generation.abandon();
      this.options.onFailed(one.model, error);
    }
  }

  /** Writes what is still in memory. */
  private async flush(): Promise<void> {
    for (const one of this.generations)
      do await this.write(one);
      while (one.fold.size > 0);
  }

  private async write({ model, generation, fold }: NewGeneration): Promise<void> {
    const outcome = await generation.collection.apply(fold.batch(writeMax));
    if (outcome !== 'applied')
      throw new Error(`Somebody else writes to the new generation of ${model.name} (${outcome})`);
    await this.turn();
  }

  private async turn(): Promise<void> {
    this.options.onProgress({ done: this.position, head: Math.max(this.position, await this.options.head()) });
    await breathe();
    this.options.signal?.throwIfAborted();
  }

  private async swap(): Promise<void> {
    for (const { model, generation } of this.generations) {
      this.options.crashPoint('before-swap');
      await generation.swap();
      this.options.onSwapped(model, this.position);
      this.options.crashPoint('after-swap');
    }
  }
}

/** Folds the whole log, read and decoded once, into a new generation of each model, and swaps them in. */
export const rebuildBeside = async (models: readonly ReadModel<object>[], options: RebuildOptions): Promise<void> => {
  const generations: NewGeneration[] = [];
  const folds = new GenerationFolds(generations, options);
  try {
    for (const model of models) {
      const generation = await options.store.rebuild<object>(model);
      generations.push({ model, generation, fold: new BatchFold(model, generation.collection, 0) });
    }
    await folds.toEnd();
  } catch (error) {
    // When the storage is what failed, the next rebuild drops what is left.
    await folds.abandon().catch(() => {});
    throw error;
  }
};
