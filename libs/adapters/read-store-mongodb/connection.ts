import { MongoClient, ReadConcern, ReadPreference, type Db, type DbOptions, type MongoClientOptions } from 'mongodb';

/** The address of MongoDB cannot be used. Never repeats it: it may hold a password. */
export class MongoUrlError extends Error {
  override readonly name = 'MongoUrlError';
  constructor(setting: string) {
    super(
      `${setting} 应形如 mongodb://用户:密码@主机:27017/?replicaSet=rs0。 / ${setting} looks like mongodb://user:password@host:27017/?replicaSet=rs0.`,
    );
  }
}

/*
 * In code and not by the deployment's defaults: a write that is answered has reached the disks of a majority, a read
 * sees only such writes.
 * The driver repeats a write once where the deployment lets it; every write of ours may come twice, so that does no
 * harm.
 */
const promises = {
  writeConcern: { w: 'majority', journal: true },
  readConcern: new ReadConcern('majority'),
  readPreference: ReadPreference.primary,
} satisfies DbOptions;
const connecting: MongoClientOptions = {
  ...promises,
  retryWrites: true,
  retryReads: true,
  ignoreUndefined: false,
  serverSelectionTimeoutMS: 5_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 10_000,
  appName: 'baobei',
};

/** Connects at the first question, not here. Throws `MongoUrlError`, naming the setting it came from. */
export const mongoClient = (url: string, setting = 'MONGODB_URL', options: MongoClientOptions = {}): MongoClient => {
  try {
    return new MongoClient(url, { ...connecting, ...options });
  } catch {
    throw new MongoUrlError(setting);
  }
};

/**
 * A database with what we promise set once more: an address may say `journal=false` or `readConcernLevel=local`, and
 * the driver lets it win over the client's own options.
 */
export const mongoDatabase = (client: MongoClient, name: string): Db => client.db(name, promises);
