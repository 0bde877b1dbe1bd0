import { MongoServerError } from 'mongodb';
import type { Heartbeats } from '#event-sourcing/ports/heartbeats.js';
import { mongoClient } from '../read-store-mongodb/connection.js';

interface BeatRow { readonly _id: string; readonly holder: string; readonly term: number; readonly count: number }

/** Milliseconds: a sign of life that takes longer is none. */
const answerMax = 2_000;
const duplicateKey = 11_000;

/** Signs of life in MongoDB, one document for each lease. Connects at the first question. Throws `MongoUrlError`. */
export const openMongoHeartbeats = ({ url, database }: { readonly url: string; readonly database: string }): Heartbeats => {
  const client = mongoClient(url, 'MONGODB_URL', { serverSelectionTimeoutMS: answerMax, connectTimeoutMS: answerMax, socketTimeoutMS: answerMax, maxPoolSize: 2 });
  const beats = client.db(database).collection<BeatRow>('heartbeats');
  return {
    async beat(lease, holder, term) {
      try {
        const { matchedCount, upsertedCount } = await beats.updateOne({ _id: { $eq: lease }, term: { $lte: term } }, { $set: { holder, term }, $inc: { count: 1 } }, { upsert: true });
        return matchedCount + upsertedCount === 1;
      } catch (error) {
        // A later term stands there, so the filter met nothing and the id was taken.
        if (error instanceof MongoServerError && error.code === duplicateKey) return false;
        throw error;
      }
    },
    async look() { return (await beats.find({}).toArray()).map(({ _id, holder, term, count }) => ({ lease: _id, holder, term, count })); },
    close: () => client.close(),
  };
};
