import { MongoServerError, type Collection as MongoCollection, type Db, type MongoClient } from 'mongodb';
import { documentDigest } from '#event-sourcing/document.js';
import type { Batch, Collection, CrashPoint, Filter, Page, PageRequest, Placed, ReadStore, Rebuild, StoredModel } from '#event-sourcing/ports/read-store.js';
import { mongoClient } from './connection.js';
import { collectionName, MongoGeneration, type GenerationRow } from './generation-mongodb.js';

/** Which generation of a read model is read: one document, so that a swap is one write. */
interface ModelRow { readonly _id: string; readonly live: number }
interface CounterRow { readonly _id: string; readonly last: number }

/** Milliseconds for which a process may go on reading a generation that another one has replaced. */
const swapSeenWithin = 1_000;
/** Milliseconds for which a replaced generation stays, so that whoever still reads it finds it whole. */
const retiredFor = 30_000;
const duplicateKey = 11_000;
const isDuplicate = (error: unknown): boolean => error instanceof MongoServerError && error.code === duplicateKey;
const createAttemptsMax = 50;

export interface MongoReadStoreOptions {
  readonly url: string;
  readonly database: string;
  readonly crashPoint?: CrashPoint;
}

interface Seen { readonly generation: MongoGeneration; readonly at: number }

class MongoReadStore implements ReadStore {
  readonly #seen = new Map<string, Seen>();
  readonly #database: Db;
  readonly #models: MongoCollection<ModelRow>;
  readonly #generations: MongoCollection<GenerationRow>;

  constructor(private readonly client: MongoClient, database: string, private readonly crashPoint: CrashPoint) {
    this.#database = client.db(database);
    this.#models = this.#database.collection<ModelRow>('models');
    this.#generations = this.#database.collection<GenerationRow>('generations');
  }

  async live<Row extends object>(model: StoredModel): Promise<Collection<Row>> {
    if (this.#seen.has(model.name)) return this.#opened(model);
    const found = await this.#openLive(model.name);
    if (found === undefined) await this.#beginLive(model);
    return this.#opened(model);
  }

  async #opened<Row extends object>(model: StoredModel): Promise<Collection<Row>> {
    const { model: stored } = await this.#current(model.name);
    if (stored.version === model.version && JSON.stringify(stored.indexes) !== JSON.stringify(model.indexes)) {
      throw new Error(`The indexes of read model ${model.name} changed: raise its version, so that it is rebuilt with them`);
    }
    return new MongoReadModel<Row>(() => this.#current(model.name));
  }

  async rebuild<Row extends object>(model: StoredModel): Promise<Rebuild<Row>> {
    await this.#dropLeft(model.name);
    const generation = await this.#create(model);
    generation.isIndexed = false;
    return {
      collection: new MongoReadModel<Row>(async () => generation),
      index: () => generation.makeIndexes(),
      swap: () => this.#swap(generation),
      abandon: async () => { if ((await this.#models.findOne({ _id: { $eq: model.name } }))?.live !== generation.number) await this.#drop(generation.number); },
    };
  }

  async #swap(generation: MongoGeneration): Promise<void> {
    const { name } = generation.model;
    if (!generation.isIndexed) await generation.makeIndexes();
    this.crashPoint('in-swap');
    const before = await this.#models.findOneAndUpdate({ _id: { $eq: name } }, { $set: { live: generation.number } }, { upsert: true, returnDocument: 'before' });
    this.#seen.set(name, { generation, at: performance.now() });
    // Should this be lost, the next rebuild finds a generation that nobody reads, and drops it.
    if (before !== null) await this.#generations.updateOne({ _id: { $eq: before.live } }, { $set: { retiredAt: Date.now() } });
  }

  /** The generation that is read just now; one that another process has swapped in is found within the second. */
  async #current(name: string): Promise<MongoGeneration> {
    const seen = this.#seen.get(name);
    if (seen !== undefined && performance.now() - seen.at < swapSeenWithin) return seen.generation;
    const generation = await this.#openLive(name);
    if (generation === undefined) throw new Error(`Read model ${name} was never opened, or its database was dropped`);
    return generation;
  }

  async #openLive(name: string): Promise<MongoGeneration | undefined> {
    const at = performance.now();
    const row = await this.#models.findOne({ _id: { $eq: name } });
    if (row === null) return undefined;
    const seen = this.#seen.get(name)?.generation;
    const generation = seen?.number === row.live ? seen : await this.#open(row.live);
    this.#seen.set(name, { generation, at });
    return generation;
  }

  async #open(number: number): Promise<MongoGeneration> {
    const row = await this.#generations.findOne({ _id: { $eq: number } });
    if (row === null) throw new Error(`Generation ${number} of a read model is missing: the database was changed by somebody else`);
    return new MongoGeneration(this.#database, number, { name: row.model, version: row.version, indexes: JSON.parse(row.indexes) as string[][] }, this.crashPoint);
  }

  async #beginLive(model: StoredModel): Promise<void> {
    const generation = await this.#create(model);
    await generation.makeIndexes();
    try {
      await this.#models.insertOne({ _id: model.name, live: generation.number });
      this.#seen.set(model.name, { generation, at: performance.now() });
    } catch (error) {
      // Another process was first; its generation is the one.
      if (!isDuplicate(error)) throw error;
      await this.#drop(generation.number);
      await this.#openLive(model.name);
    }
  }

  async #create(model: StoredModel): Promise<MongoGeneration> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const counter = await this.#database.collection<CounterRow>('counters').findOneAndUpdate({ _id: { $eq: 'generations' } }, { $inc: { last: 1 } }, { upsert: true, returnDocument: 'after' });
        const number = counter!.last;
        await this.#generations.insertOne({ _id: number, model: model.name, version: model.version, indexes: JSON.stringify(model.indexes), checkpoint: 0 });
        return new MongoGeneration(this.#database, number, model, this.crashPoint);
      } catch (error) {
        // Several were the first to count at once, or to take a number: the next one is free.
        if (!isDuplicate(error) || attempt === createAttemptsMax) throw error;
      }
    }
  }

  /** What an earlier process left unfinished, and what was replaced long enough ago. */
  async #dropLeft(name: string): Promise<void> {
    const live = (await this.#models.findOne({ _id: { $eq: name } }))?.live;
    for await (const { _id, retiredAt } of this.#generations.find({ model: { $eq: name } })) {
      if (_id !== live && (retiredAt === undefined || Date.now() - retiredAt > retiredFor)) await this.#drop(_id);
    }
  }

  /** The row first: what then is left of the documents has no name any more and is never read. */
  async #drop(number: number): Promise<void> {
    await this.#generations.deleteOne({ _id: { $eq: number } });
    try {
      await this.#database.collection(collectionName(number)).drop();
    } catch (error) {
      if (!(error instanceof MongoServerError && /ns not found/.test(error.message))) throw error;
    }
  }

  async close(): Promise<void> {
    this.#seen.clear();
    await this.client.close();
  }
}

class MongoReadModel<Row extends object> implements Collection<Row> {
  constructor(private readonly generation: () => Promise<MongoGeneration>) {}

  async version(): Promise<number> { return (await this.generation()).model.version; }
  async checkpoint(): Promise<number> { return (await this.generation()).checkpoint(); }
  async apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> { return (await this.generation()).apply(batch); }
  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> { return await (await this.generation()).load(ids) as ReadonlyMap<string, Placed<Row>>; }
  async get(id: string): Promise<Row | undefined> { return await (await this.generation()).get(id) as Row | undefined; }
  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return new Map([...await this.load(ids)].flatMap(([id, { document }]): [string, Row][] => (document === null ? [] : [[id, document]])));
  }
  async page(request: PageRequest): Promise<Page<Row>> { return await (await this.generation()).page(request) as Page<Row>; }
  async count(where: Filter): Promise<number> { return (await this.generation()).count(where); }

  async digest(): Promise<string> {
    const digest = documentDigest();
    for await (const { id, document } of (await this.generation()).all()) digest.add(id, document);
    return digest.hex();
  }
}

/** Read models in MongoDB, shared by all servers of an installation. Connects at the first question. Throws `MongoUrlError`. */
export const openMongoReadStore = ({ url, database, crashPoint = () => {} }: MongoReadStoreOptions): ReadStore => new MongoReadStore(mongoClient(url), database, crashPoint);
