import {
  MongoBulkWriteError,
  type AnyBulkWriteOperation,
  type Collection,
  type Db,
  type Filter as MongoFilter,
} from 'mongodb';
import { checkDocumentId, decodeDocument, encodeDocument } from '#event-sourcing/projection/document.js';
import {
  indexedFields,
  indexedValue,
  planFilter,
  planPage,
  type PagePlan,
} from '#event-sourcing/projection/page-plan.js';
import type {
  Batch,
  Change,
  CrashPoint,
  Filter,
  Page,
  PageRequest,
  Placed,
  StoredModel,
} from '#event-sourcing/ports/read-store.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import type { CausalOrder, Held } from './causal-order.js';
import { keyBounds, sortKey } from './sort-key.js';

/** `body` is text, as in every store; null in a tombstone. Beside it a key for each indexed field, `f0`, `f1` … */
interface Kept {
  readonly _id: string;
  readonly position: Position;
  readonly live: boolean;
  readonly body: string | null;
  readonly [key: `f${number}`]: string;
}
/**
 * How far a generation is; `maker` is a name of whoever made it, `retiredAt` once another took its place, in
 * milliseconds since 1970.
 */
export interface GenerationRow {
  readonly _id: number;
  readonly model: string;
  readonly version: number;
  readonly indexes: string;
  readonly checkpoint: Position;
  readonly maker: string;
  readonly retiredAt?: number;
}

/** Documents of one request; the driver splits it further where the server wants. */
const writesMax = 500;
const idsMax = 1_000;
/** Text and sort keys of one document. MongoDB takes 16 MiB with all that stands around them. */
const documentBytesMax = 15 * 1024 * 1024;
const duplicateKey = 11_000;

export const collectionName = (generation: number): string => `documents_${generation}`;
export const collectionNumber = (name: string): number | undefined =>
  /^documents_\d+$/.test(name) ? Number(name.slice('documents_'.length)) : undefined;
const indexName = (place: number): string => `i${place}`;

/**
 * One generation of one read model: a collection of documents, and a row that says how far it is. Nothing needs more
 * than one document at a time.
 */
export class MongoGeneration {
  readonly #fields: readonly string[];
  readonly #kept: Collection<Kept>;
  readonly #rows: Collection<GenerationRow>;
  /** Named in questions only when it is sure to be there. */
  isIndexed = true;

  constructor(
    database: Db,
    readonly number: number,
    readonly model: StoredModel,
    private readonly order: CausalOrder,
    private readonly crashPoint: CrashPoint,
  ) {
    this.#fields = indexedFields(model);
    this.#kept = database.collection<Kept>(collectionName(number));
    this.#rows = database.collection<GenerationRow>('generations');
  }

  /** Always asked of the database: after a failover it may have gone back. */
  checkpoint(): Promise<Position> {
    return this.order.read((held) => this.#checkpoint(held));
  }

  async #checkpoint(held: Held): Promise<Position> {
    const row = await this.#rows.findOne({ _id: { $eq: this.number } }, { projection: { checkpoint: 1 }, ...held });
    if (row === null) throw new Error(`This generation of read model ${this.model.name} was dropped`);
    return row.checkpoint;
  }

  /** The documents first, each guarded by its own position, the checkpoint last. */
  async apply({ from, to, changes }: Batch<object>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    const writes = changes.map((change) => this.#write(change, to));
    // A batch without documents, as most models have, is the one conditional write below.
    const outcome = writes.length === 0 ? 'applied' : outcomeAt(await this.checkpoint(), from, to);
    if (outcome !== 'applied') return outcome;
    for (let at = 0; at < writes.length; at += writesMax) {
      this.crashPoint('between-documents');
      await this.order.write((held) => this.#writeSome(writes.slice(at, at + writesMax), held));
    }
    this.crashPoint('after-documents');
    const { matchedCount } = await this.order.write((held) =>
      this.#rows.updateOne(
        { _id: { $eq: this.number }, checkpoint: { $eq: from } },
        { $set: { checkpoint: to } },
        held,
      ),
    );
    return matchedCount === 1 ? 'applied' : outcomeAt(await this.checkpoint(), from, to);
  }

  /** Throws TypeError for what cannot be kept, before anything is written. */
  #write({ id, document }: Change<object>, position: Position): AnyBulkWriteOperation<Kept> {
    checkDocumentId(id);
    const body = document === null ? null : encodeDocument(document);
    const keys: Record<string, string> =
      document === null
        ? {}
        : Object.fromEntries(
            this.#fields.map((field, place) => [`f${place}`, sortKey(indexedValue(this.model, document, field))]),
          );
    const bytes = [body ?? '', ...Object.values(keys)].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    if (bytes > documentBytesMax)
      throw new TypeError(
        `Document ${id} of read model ${this.model.name} has ${bytes} bytes with its sort keys, more than ${documentBytesMax}`,
      );
    return {
      updateOne: {
        filter: { _id: { $eq: id }, position: { $lt: position } },
        update: { $set: { position, live: document !== null, body, ...keys } },
        upsert: true,
      },
    };
  }

  async #writeSome(writes: AnyBulkWriteOperation<Kept>[], held: Held): Promise<void> {
    try {
      await this.#kept.bulkWrite(writes, { ordered: false, ...held });
    } catch (error) {
      // The filter found nothing to change and the insert found the id taken: a document that stands there already, or
      // later. It is left alone.
      // A lost connection comes as the same class, without any such error: then nobody knows which documents were
      // written.
      const refused = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
      const isOnlyThat =
        refused.length > 0 &&
        refused.every(({ code }) => code === duplicateKey) &&
        (error as MongoBulkWriteError).result.getWriteConcernError() === undefined;
      if (!isOnlyThat) throw error;
    }
  }

  load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<object>>> {
    return this.order.read((held) => this.#load(ids, held));
  }

  async #load(ids: readonly string[], held: Held): Promise<ReadonlyMap<string, Placed<object>>> {
    const found = new Map<string, Placed<object>>();
    for (let at = 0; at < ids.length; at += idsMax) {
      for await (const { _id, position, body } of this.#kept.find({ _id: { $in: ids.slice(at, at + idsMax) } }, held))
        found.set(_id, { document: body === null ? null : decodeDocument(body), position });
    }
    return found;
  }

  async get(id: string): Promise<object | undefined> {
    const kept = await this.order.read((held) => this.#kept.findOne({ _id: { $eq: id } }, held));
    return typeof kept?.body === 'string' ? decodeDocument(kept.body) : undefined;
  }

  async page(request: PageRequest): Promise<Page<object>> {
    const plan = planPage(this.model, request);
    // Before the rows: what is written in between is newer than we say, never older.
    const position = (await this.checkpoint()) - 1;
    const { filter, sort } = this.#walk(plan);
    const found = await this.order.read((held) =>
      this.#kept
        .find(filter, {
          sort,
          limit: plan.first + 1,
          singleBatch: true,
          batchSize: plan.first + 1,
          ...this.#hint(plan.index),
          ...held,
        })
        .toArray(),
    );
    const rows = found.slice(0, plan.first).map(({ _id, body }) => {
      const document = decodeDocument<object>(body!);
      return {
        id: _id,
        document,
        cursor: plan.cursorOf(
          plan.order.map(({ field }) => indexedValue(this.model, document, field)),
          _id,
        ),
      };
    });
    return { rows, hasNext: found.length > rows.length, position };
  }

  async count(filter: Filter): Promise<number> {
    const { where, index } = planFilter(this.model, filter);
    return this.order.read((held) =>
      this.#kept.countDocuments(this.#where(where), { ...this.#hint(index ?? this.model.indexes[0]), ...held }),
    );
  }

  /** Live documents in the order of their ids. */
  each(visit: (id: string, document: object) => void): Promise<void> {
    return this.order.read(async (held) => {
      for await (const { _id, body } of this.#kept.find({ live: { $eq: true } }, { sort: { _id: 1 }, ...held }))
        visit(_id, decodeDocument(body!));
    });
  }

  #key(field: string): `f${number}` {
    return `f${this.#fields.indexOf(field)}`;
  }
  #hint(index: readonly string[] | undefined): { readonly hint?: string } {
    const place = index === undefined ? -1 : this.model.indexes.indexOf(index);
    return place === -1 || !this.isIndexed ? {} : { hint: indexName(place) };
  }

  #where(where: PagePlan['where']): MongoFilter<Kept> {
    return Object.assign(
      { live: { $eq: true } },
      ...where.map(([field, comparison]) => ({ [this.#key(field)]: keyBounds(comparison) })),
    ) as MongoFilter<Kept>;
  }

  /** A walk along the index from behind the cursor on. */
  #walk(plan: PagePlan): { readonly filter: MongoFilter<Kept>; readonly sort: Record<string, 1 | -1> } {
    const { after } = plan;
    const fixed = new Set(plan.where.filter(([, comparison]) => 'equals' in comparison).map(([field]) => field));
    const steps = plan.order
      .map(({ field, direction }, place) => ({
        key: this.#key(field) as string,
        field,
        descending: direction === 'descending',
        value: after && sortKey(after.values[place] ?? null),
      }))
      .filter(({ field }) => !fixed.has(field));
    steps.push({ key: '_id', field: '', descending: plan.order.at(-1)?.direction === 'descending', value: after?.id });
    const where = this.#where(plan.where);
    const behind = steps.map(({ key, descending, value }, place) =>
      Object.fromEntries([
        ...steps.slice(0, place).map((step) => [step.key, { $eq: step.value }]),
        [key, { [descending ? '$lt' : '$gt']: value }],
      ]),
    );
    // Said by the list of alternatives too, but this is what the walk begins at, however the server plans those.
    const begins = { [steps[0]!.key]: { [steps[0]!.descending ? '$lte' : '$gte']: steps[0]!.value } };
    return {
      filter: (after === undefined ? where : { $and: [where, begins, { $or: behind }] }) as MongoFilter<Kept>,
      sort: Object.fromEntries(steps.map(({ key, descending }) => [key, descending ? -1 : 1])),
    };
  }

  /**
   * Made before anybody is served; the id at the end breaks ties inside the index. `database`: over a connection that
   * waits as long as many documents take.
   */
  async makeIndexes(database: Db): Promise<void> {
    const wanted = this.model.indexes.map((index, place) => ({
      name: indexName(place),
      key: Object.fromEntries([['live', 1], ...index.map((field) => [this.#key(field), 1]), ['_id', 1]]),
    }));
    if (wanted.length > 0) await database.collection(collectionName(this.number)).createIndexes(wanted);
    this.isIndexed = true;
  }
}

export const outcomeAt = (
  checkpoint: Position,
  from: Position,
  to: Position,
): 'applied' | 'already' | 'overlap' | 'gap' =>
  from === checkpoint ? 'applied' : from > checkpoint ? 'gap' : to <= checkpoint ? 'already' : 'overlap';
