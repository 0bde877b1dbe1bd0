import { MongoServerError } from 'mongodb';
import type { Positions } from '#event-sourcing/ports/positions.js';
import { mongoClient, mongoDatabase } from '../read-store-mongodb/connection.js';

interface Row {
  readonly _id: string;
  readonly next: number;
  readonly parked: readonly number[];
  readonly version: number;
}
const duplicateKey = 11_000;

/** Positions in MongoDB, one document for each name. Connects at the first question. Throws `MongoUrlError`. */
export const openMongoPositions = ({
  url,
  setting,
  database,
}: {
  readonly url: string;
  /** The setting that the address came from, for the sentence of one that cannot be used. */
  readonly setting: string;
  readonly database: string;
}): Positions => {
  const client = mongoClient(url, setting);
  const rows = mongoDatabase(client, database).collection<Row>('positions');
  return {
    async get(name) {
      const row = await rows.findOne({ _id: { $eq: name } });
      return row === null ? undefined : { next: row.next, parked: row.parked, version: row.version };
    },
    async keep(name, { next, parked, version }) {
      if (version > 1) {
        const { matchedCount } = await rows.updateOne(
          { _id: { $eq: name }, version: version - 1 },
          { $set: { next, parked: [...parked], version } },
        );
        return matchedCount === 1;
      }
      try {
        await rows.insertOne({ _id: name, next, parked: [...parked], version });
        return true;
      } catch (error) {
        if (error instanceof MongoServerError && error.code === duplicateKey) return false;
        throw error;
      }
    },
    close: () => client.close(),
  };
};
