import type { ClientSession, ClusterTime, MongoClient, Timestamp } from 'mongodb';

/** Goes into the options of each question of one piece of work. */
export interface Held {
  readonly session?: ClientSession;
}

/**
 * What this process was answered once, it never reads older than that. `majority` alone does not give this: a server
 * that has just become
 * the primary may for a moment answer from before writes that the one before it acknowledged, without any error that
 * could tell us (T47).
 * So each reading names the latest time that an answer carried.
 */
export class CausalOrder {
  #operationTime: Timestamp | undefined;
  #clusterTime: ClusterTime | undefined;
  #keepsSessions: boolean | undefined;

  constructor(private readonly client: MongoClient) {}

  /** Reads what is at least as new as all that was read or written before. */
  read<T>(work: (held: Held) => Promise<T>): Promise<T> {
    return this.#hold(work, true);
  }

  /** Later readings see what is written here. The write itself goes to the primary, which has everything. */
  write<T>(work: (held: Held) => Promise<T>): Promise<T> {
    return this.#hold(work, false);
  }

  async #hold<T>(work: (held: Held) => Promise<T>, isBehind: boolean): Promise<T> {
    // One that keeps no sessions is a single server: it has nobody whom it could be behind.
    this.#keepsSessions ??=
      (await this.client.db('admin').command({ hello: 1 }))['logicalSessionTimeoutMinutes'] !== undefined;
    if (!this.#keepsSessions) return work({});
    const session = this.client.startSession({ causalConsistency: true });
    if (isBehind && this.#operationTime !== undefined) session.advanceOperationTime(this.#operationTime);
    if (this.#clusterTime !== undefined) session.advanceClusterTime(this.#clusterTime);
    try {
      return await work({ session });
    } finally {
      this.#remember(session);
      await session.endSession();
    }
  }

  #remember({ operationTime, clusterTime }: ClientSession): void {
    if (
      operationTime !== undefined &&
      (this.#operationTime === undefined || operationTime.greaterThan(this.#operationTime))
    )
      this.#operationTime = operationTime;
    if (
      clusterTime !== undefined &&
      (this.#clusterTime === undefined || clusterTime.clusterTime.greaterThan(this.#clusterTime.clusterTime))
    )
      this.#clusterTime = clusterTime;
  }
}
