import { randomUUID } from 'node:crypto';
import { MongoServerError, type Collection as MongoCollection, type Db, type MongoClient } from 'mongodb';
import { documentDigest } from '#event-sourcing/projection/document.js';
import type {
  Batch,
  Collection,
  CrashPoint,
  Filter,
  Page,
  PageRequest,
  Placed,
  ReadStore,
  Rebuild,
  StoredModel,
} from '#event-sourcing/ports/read-store.js';
import { CausalOrder } from './causal-order.js';
import { mongoClient, mongoDatabase } from './connection.js';
import { collectionName, collectionNumber, MongoGeneration, type GenerationRow } from './generation-mongodb.js';

/**
 * Which generation of a read model is read: one document, so that a swap is one write. `building` is the one that may
 * take its place:
 * whoever begins a rebuild names its own there first, and an earlier one that was thought dead can then neither swap
 * nor be swapped in.
 */
interface ModelRow {
  readonly _id: string;
  readonly live: number;
  readonly building?: number;
}
interface CounterRow {
  readonly _id: string;
  readonly last: number;
}

/** Milliseconds for which a process may go on reading a generation that another one has replaced. */
const swapSeenWithin = 1_000;
/** Milliseconds for which a replaced generation stays, so that whoever still reads it finds it whole. */
const retiredFor = 30_000;
/** Milliseconds for which the indexes of a rebuilt generation may take; long after it a connection counts as lost. */
const indexingMax = 6 * 3_600_000;
const duplicateKey = 11_000;
const isDuplicate = (error: unknown): boolean => error instanceof MongoServerError && error.code === duplicateKey;
const countAttemptsMax = 50;

export interface MongoReadStoreOptions {
  readonly url: string;
  readonly database: string;
  readonly crashPoint?: CrashPoint;
}

/** Another process began to rebuild this read model later; its generation will be read, ours is given up. */
export class RebuildOvertakenError extends Error {
  override readonly name = 'RebuildOvertakenError';
  constructor(model: string) {
    super(`Another process began to rebuild read model ${model} after this one did`);
  }
}

interface Seen {
  readonly generation: MongoGeneration;
  readonly at: number;
}

class MongoReadStore implements ReadStore {
  readonly #seen = new Map<string, Seen>();
  readonly #database: Db;
  readonly #models: MongoCollection<ModelRow>;
  readonly #generations: MongoCollection<GenerationRow>;
  readonly #order: CausalOrder;

  constructor(
    private readonly client: MongoClient,
    private readonly options: MongoReadStoreOptions,
    private readonly crashPoint: CrashPoint,
  ) {
    this.#database = mongoDatabase(client, options.database);
    this.#order = new CausalOrder(client);
    this.#models = this.#database.collection<ModelRow>('models');
    this.#generations = this.#database.collection<GenerationRow>('generations');
  }

  async live<Row extends object>(model: StoredModel): Promise<Collection<Row>> {
    if (!this.#seen.has(model.name)) {
      await this.#ensureLive(model);
      await this.#dropRetired(model.name);
    }
    const { model: stored } = await this.#current(model.name);
    if (stored.version === model.version && JSON.stringify(stored.indexes) !== JSON.stringify(model.indexes)) {
      throw new Error(
        `The indexes of read model ${model.name} changed: raise its version, so that it is rebuilt with them`,
      );
    }
    return new MongoReadModel<Row>(() => this.#current(model.name));
  }

  async rebuild<Row extends object>(model: StoredModel): Promise<Rebuild<Row>> {
    const { name } = model;
    await this.#ensureLive(model);
    const left = await this.#collectionNumbers();
    // From here on no earlier rebuild can swap. Then the row, then what others left: so that none of ours is among it.
    const generation = await this.#create(model, (building) =>
      this.#order.write((held) => this.#models.updateOne({ _id: { $eq: name } }, { $set: { building } }, held)),
    );
    const { number } = generation;
    generation.isIndexed = false;
    await this.#dropLeft(name, number, left);
    return {
      collection: new MongoReadModel<Row>(async () => generation),
      index: () => this.#makeIndexes(generation),
      swap: () => this.#swap(generation),
      abandon: async () => {
        if ((await this.#row(name))?.live !== number) await this.#drop(number);
      },
    };
  }

  async #swap(generation: MongoGeneration): Promise<void> {
    const {
      model: { name },
      number,
    } = generation;
    if (!generation.isIndexed) await this.#makeIndexes(generation);
    const before = await this.#row(name);
    this.crashPoint('in-swap');
    const { matchedCount } = await this.#order.write((held) =>
      this.#models.updateOne(
        { _id: { $eq: name }, building: { $eq: number } },
        { $set: { live: number }, $unset: { building: '' } },
        held,
      ),
    );
    // No match also when the driver repeated a write that had been done.
    if (matchedCount === 0 && (await this.#row(name))?.live !== number) throw new RebuildOvertakenError(name);
    this.#remember(name, { generation, at: performance.now() });
    // Should this be lost, the next rebuild finds a generation that nobody reads, and drops it.
    if (before !== null && before.live !== number)
      await this.#generations.updateOne({ _id: { $eq: before.live } }, { $set: { retiredAt: Date.now() } });
  }

  /** On a connection of their own: with many documents they take longer than any other answer may. */
  async #makeIndexes(generation: MongoGeneration): Promise<void> {
    const patient = mongoClient(this.options.url, undefined, { socketTimeoutMS: indexingMax, maxPoolSize: 1 });
    try {
      await generation.makeIndexes(mongoDatabase(patient, this.options.database));
    } finally {
      await patient.close();
    }
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
    const row = await this.#row(name);
    if (row === null) return undefined;
    const seen = this.#seen.get(name)?.generation;
    return this.#remember(name, { generation: seen?.number === row.live ? seen : await this.#open(row.live), at });
  }

  /** What was asked for earlier is not heard after what is known since: a swap of our own, say. */
  #remember(name: string, found: Seen): MongoGeneration {
    const known = this.#seen.get(name);
    if (known !== undefined && known.at > found.at) return known.generation;
    this.#seen.set(name, found);
    return found.generation;
  }

  #row(name: string): Promise<ModelRow | null> {
    return this.#order.read((held) => this.#models.findOne({ _id: { $eq: name } }, held));
  }

  async #open(number: number): Promise<MongoGeneration> {
    const row = await this.#order.read((held) => this.#generations.findOne({ _id: { $eq: number } }, held));
    if (row === null)
      throw new Error(`Generation ${number} of a read model is missing: the database was changed by somebody else`);
    return new MongoGeneration(
      this.#database,
      number,
      { name: row.model, version: row.version, indexes: JSON.parse(row.indexes) as string[][] },
      this.#order,
      this.crashPoint,
    );
  }

  async #ensureLive(model: StoredModel): Promise<void> {
    if ((await this.#openLive(model.name)) !== undefined) return;
    const generation = await this.#create(model);
    await generation.makeIndexes(this.#database);
    try {
      await this.#order.write((held) => this.#models.insertOne({ _id: model.name, live: generation.number }, held));
      this.#remember(model.name, { generation, at: performance.now() });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      // Another process was first, and its generation is the one; unless it was we ourselves, and the driver asked
      // twice.
      const opened = await this.#openLive(model.name);
      if (opened?.number !== generation.number) await this.#drop(generation.number);
    }
  }

  /** Counts on; a number that was taken and not used stays unused. */
  async #nextNumber(): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const counter = await this.#database
          .collection<CounterRow>('counters')
          .findOneAndUpdate(
            { _id: { $eq: 'generations' } },
            { $inc: { last: 1 } },
            { upsert: true, returnDocument: 'after' },
          );
        return counter!.last;
      } catch (error) {
        // Several were the first to count at once.
        if (!isDuplicate(error) || attempt === countAttemptsMax) throw error;
      }
    }
  }

  /**
   * The row before any document of it: a collection without a row is nobody's. A number that somebody has is never
   * shared, whatever the counter
   * says: it may have been put back to an earlier time.
   */
  async #create(
    model: StoredModel,
    announce: (number: number) => Promise<unknown> = async () => undefined,
  ): Promise<MongoGeneration> {
    for (;;) {
      const [number, maker] = [await this.#nextNumber(), randomUUID()];
      await announce(number);
      const row = {
        _id: number,
        model: model.name,
        version: model.version,
        indexes: JSON.stringify(model.indexes),
        checkpoint: 0,
        maker,
      };
      await this.#order.write((held) =>
        this.#generations.updateOne({ _id: { $eq: number } }, { $setOnInsert: row }, { upsert: true, ...held }),
      );
      const kept = await this.#order.read((held) => this.#generations.findOne({ _id: { $eq: number } }, held));
      if (kept?.maker === maker)
        return new MongoGeneration(this.#database, number, model, this.#order, this.crashPoint);
    }
  }

  /**
   * Not one that is being built: another process may be at it. By the clocks of the servers, which may differ by some
   * seconds.
   */
  async #dropRetired(name: string): Promise<void> {
    const rows = await this.#order.read((held) =>
      this.#generations.find({ model: { $eq: name }, retiredAt: { $lt: Date.now() - retiredFor } }, held).toArray(),
    );
    for (const { _id } of rows) await this.#drop(_id);
  }

  /** What an earlier process left unfinished, what was replaced long enough ago, and collections whose row is gone. */
  async #dropLeft(name: string, building: number, collections: readonly number[]): Promise<void> {
    const live = (await this.#row(name))?.live;
    const rows = await this.#order.read((held) => this.#generations.find({}, held).toArray());
    const left = rows
      .filter(
        ({ _id, model, retiredAt }) =>
          model === name &&
          _id !== live &&
          _id !== building &&
          (retiredAt === undefined || Date.now() - retiredAt > retiredFor),
      )
      .map(({ _id }) => _id);
    const known = new Set(rows.map(({ _id }) => _id));
    for (const number of [...left, ...collections.filter((one) => !known.has(one))]) await this.#drop(number);
  }

  async #collectionNumbers(): Promise<readonly number[]> {
    const found = await this.#database.listCollections({}, { nameOnly: true }).toArray();
    return found.flatMap(({ name }) => collectionNumber(name) ?? []);
  }

  /** The row first: what then is left of the documents is never read, and the next rebuild drops it. */
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

  async version(): Promise<number> {
    return (await this.generation()).model.version;
  }
  async checkpoint(): Promise<number> {
    return (await this.generation()).checkpoint();
  }
  async apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    return (await this.generation()).apply(batch);
  }
  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> {
    return (await (await this.generation()).load(ids)) as ReadonlyMap<string, Placed<Row>>;
  }
  async get(id: string): Promise<Row | undefined> {
    return (await (await this.generation()).get(id)) as Row | undefined;
  }
  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return new Map(
      [...(await this.load(ids))].flatMap(([id, { document }]): [string, Row][] =>
        document === null ? [] : [[id, document]],
      ),
    );
  }
  async page(request: PageRequest): Promise<Page<Row>> {
    return (await (await this.generation()).page(request)) as Page<Row>;
  }
  async count(where: Filter): Promise<number> {
    return (await this.generation()).count(where);
  }

  async digest(): Promise<string> {
    const digest = documentDigest();
    await (
      await this.generation()
    ).each((id, document) => {
      digest.add(id, document);
    });
    return digest.hex();
  }
}

/**
 * Read models in MongoDB, shared by all servers of an installation. Connects at the first question. Throws
 * `MongoUrlError`.
 */
export const openMongoReadStore = (options: MongoReadStoreOptions): ReadStore =>
  new MongoReadStore(mongoClient(options.url), options, options.crashPoint ?? (() => {}));
