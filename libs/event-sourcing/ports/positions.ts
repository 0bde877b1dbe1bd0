import type { Position } from '../vocabulary.js';

/** How far somebody who follows the log has come, and what was left behind to be tried again. */
export interface KeptPosition {
  /** Where to read on. */
  readonly next: Position;
  /** Events in front of `next` that failed and are tried again, oldest first. */
  readonly parked: readonly Position[];
  /** Grows by one with each keeping: of two who keep at once one is told. */
  readonly version: number;
}

/**
 * Positions of what follows the log and is never replayed: reactions, processes. They cannot be made again from the
 * log, so they do not lie among the read models, which may be dropped at any time.
 */
export interface Positions {
  /** `undefined` when nobody has kept any under this name. */
  get(name: string): Promise<KeptPosition | undefined>;
  /** Keeps it when the last kept version is the one before (none before 1). False, and nothing is changed, otherwise. */
  keep(name: string, kept: KeptPosition): Promise<boolean>;
  close(): Promise<void>;
}
