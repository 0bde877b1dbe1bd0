import { MongoServerError } from 'mongodb';
import type { Heartbeats } from '#event-sourcing/ports/heartbeats.js';
import { mongoClient, mongoDatabase } from '../read-store-mongodb/connection.js';

interface BeatRow {
  readonly _id: string;
  readonly holder: string;
  readonly term: number;
  readonly count: number;
}

/** Milliseconds: a sign of life that takes longer is none. */
const answerMaxByDefault = 2_000;
const duplicateKey = 11_000;

/** No answer within the time, with all that the driver repeats by itself: whether it was written nobody knows. */
export class HeartbeatLateError extends Error {
  override readonly name = 'HeartbeatLateError';
  constructor(answerMax: number) {
    super(`MongoDB did not answer a heartbeat within ${answerMax} ms`);
  }
}

/**
 * The driver's own limits are each for one step: looking for a server, connecting, one attempt. Here the whole counts.
 */
const within = async <T>(answerMax: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new HeartbeatLateError(answerMax));
    }, answerMax);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Signs of life in MongoDB, one document for each lease. Connects at the first question. Throws `MongoUrlError`. */
export const openMongoHeartbeats = ({
  url,
  database,
  answerMax = answerMaxByDefault,
}: {
  readonly url: string;
  readonly database: string;
  /** Milliseconds; a machine that is busy with other things wants more. */
  readonly answerMax?: number;
}): Heartbeats => {
  const client = mongoClient(url, 'MONGODB_URL', {
    serverSelectionTimeoutMS: answerMax,
    connectTimeoutMS: answerMax,
    socketTimeoutMS: answerMax,
    maxPoolSize: 2,
  });
  const beats = mongoDatabase(client, database).collection<BeatRow>('heartbeats');
  const write = async (lease: string, holder: string, term: number): Promise<boolean> => {
    try {
      const { matchedCount, upsertedCount } = await beats.updateOne(
        { _id: { $eq: lease }, term: { $lte: term } },
        { $set: { holder, term }, $inc: { count: 1 } },
        { upsert: true },
      );
      return matchedCount + upsertedCount === 1;
    } catch (error) {
      // A later term stands there, so the filter met nothing and the id was taken.
      if (error instanceof MongoServerError && error.code === duplicateKey) return false;
      throw error;
    }
  };
  return {
    beat: (lease, holder, term) => within(answerMax, write(lease, holder, term)),
    look: () =>
      within(
        answerMax,
        beats
          .find({})
          .toArray()
          .then((rows) => rows.map(({ _id, holder, term, count }) => ({ lease: _id, holder, term, count }))),
      ),
    close: () => client.close(),
  };
};
