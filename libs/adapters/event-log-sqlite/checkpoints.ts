import type Database from 'better-sqlite3';
import { copyWal } from './log-database.js';

export interface CheckpointPolicy {
  /** Size of the write-ahead log that starts a checkpoint. */
  readonly walBytes: number;
  /** Quiet time after which the write-ahead log is copied and emptied. */
  readonly idleMilliseconds: number;
}
export const checkpointsByDefault: CheckpointPolicy = { walBytes: 64 * 1024 * 1024, idleMilliseconds: 5_000 };

/** Looking at the log's length costs a little, so not every batch does it. */
const writesBetweenLooks = 16;

/**
 * Copies the write-ahead log into the database when it is long or nobody writes, never inside a commit.
 * After a failed one nothing may be written any more: the disk could have lost what the next one would take for stored.
 */
export class Checkpoints {
  readonly #pageBytes: number;
  #failure: Error | undefined;
  #writes = 0;
  #timer: NodeJS.Timeout | undefined;
  #due = false;

  constructor(
    private readonly database: Database.Database,
    private readonly policy: CheckpointPolicy,
    private readonly onFatal: (error: Error) => void,
  ) {
    this.#pageBytes = Number(database.pragma('page_size', { simple: true }));
  }

  /** Throws the failure of an earlier checkpoint. */
  mustBeSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  afterWrite(): void {
    this.#writes += 1;
    this.#timer ??= this.#waitForQuiet(this.#writes);
    if (this.#due || this.#writes % writesBetweenLooks !== 0 || this.#walBytes() < this.policy.walBytes) return;
    this.#due = true;
    // The batch in hand is answered first.
    setImmediate(() => {
      this.#due = false;
      this.#run('PASSIVE');
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #waitForQuiet(writes: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = this.#writes === writes ? undefined : this.#waitForQuiet(this.#writes);
      if (this.#timer === undefined) this.#run('TRUNCATE');
    }, this.policy.idleMilliseconds).unref();
  }

  #walBytes(): number {
    const [{ log, checkpointed }] = this.database.pragma('wal_checkpoint(NOOP)') as [
      { log: number; checkpointed: number },
    ];
    return (log - checkpointed) * this.#pageBytes;
  }

  #run(mode: 'PASSIVE' | 'TRUNCATE'): void {
    if (this.#failure !== undefined || !this.database.open) return;
    try {
      copyWal(this.database, mode);
    } catch (error) {
      this.#failure = error as Error;
      this.onFatal(this.#failure);
    }
  }
}
