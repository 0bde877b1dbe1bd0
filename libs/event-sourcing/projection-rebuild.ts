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
  /** Documents held in memory before they are written. */
  readonly documentsMax: number;
  /** The last stretch of this many events is folded while the live read models stand still. */
  readonly lastStretch: number;
  readonly crashPoint: CrashPoint;
  readonly onProgress: (progress: RebuildProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Gives waiting requests a turn: an in-process storage never leaves the micro-task queue by itself. */
export const breathe = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Folds many slices into one batch, so that a document that changes often is written seldom. Answers where it got to, `target` at the latest or just behind it. */
const takeBatch = async (model: ReadModel<object>, generation: Rebuild<object>, from: Position, target: Position, options: RebuildOptions): Promise<Position> => {
  const fold = new BatchFold(model, generation.collection, from);
  let position = from;
  while (position < target && fold.size < options.documentsMax) {
    const slice = await options.read(position);
    if (slice.next <= position) break;
    await fold.add(slice);
    position = slice.next;
    await breathe();
    options.signal?.throwIfAborted();
  }
  const outcome = await generation.collection.apply(fold.batch());
  if (outcome !== 'applied') throw new Error(`Somebody else writes to the new generation of ${model.name} (${outcome})`);
  options.onProgress({ done: position, head: Math.max(position, await options.head()) });
  return position;
};

/**
 * Folds the whole log into a new generation and swaps it in. `swapped` is called with its position while nothing else moves, so that
 * queries never see the read model go back. A failure before that leaves the live generation as it is.
 */
export const rebuildBeside = async (model: ReadModel<object>, options: RebuildOptions, swapped: (position: Position) => void): Promise<void> => {
  const generation = await options.store.rebuild<object>(model);
  let position = 0;
  /** Towards an end that stands still: a log that grows all the time must not keep us for ever. */
  const foldTo = async (target: Position): Promise<void> => {
    while (position < target) {
      const reached = await takeBatch(model, generation, position, target, options);
      if (reached === position) break;
      position = reached;
    }
  };
  try {
    for (let head = await options.head(); position + options.lastStretch < head; head = await options.head()) await foldTo(head);
    await options.exclusively(async () => {
      await foldTo(await options.head());
      options.crashPoint('before-swap');
      await generation.swap();
      swapped(position);
      options.crashPoint('after-swap');
    });
  } catch (error) {
    await generation.abandon();
    throw error;
  }
};
