import { compareBson, fixedIn, meets, sorted, updated, type Doc } from './values.js';

interface Index {
  readonly name: string;
  readonly key: Readonly<Record<string, number>>;
  readonly unique: boolean;
}
export interface Collection {
  readonly docs: Map<string, Doc>;
  readonly indexes: Map<string, Index>;
}
export interface WriteError {
  readonly index: number;
  readonly code: number;
  readonly errmsg: string;
}

/** A command that the server refuses, with MongoDB's own number. */
export class CommandFailed extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly labels: readonly string[] = [],
  ) {
    super(message);
  }
}

const keyOf = (id: unknown): string =>
  typeof id === 'string' ? `s${id}` : typeof id === 'number' || typeof id === 'bigint' ? `n${id}` : JSON.stringify(id);
let made = 0;

/** The ids that a filter names, so that nothing else need be looked at. */
const idsIn = (condition: unknown): readonly unknown[] | undefined => {
  if (typeof condition === 'string' || typeof condition === 'number') return [condition];
  if (typeof condition !== 'object' || condition === null) return undefined;
  if ('$eq' in condition) return [condition.$eq];
  return '$in' in condition ? [...new Set(condition.$in as unknown[])] : undefined;
};

/**
 * What a server keeps: databases of collections, each with its indexes. One command at a time, so each is atomic here.
 */
export class Collections {
  readonly #all = new Map<string, Collection>();
  #cursors = new Map<bigint, { readonly namespace: string; readonly docs: readonly Doc[]; at: number }>();
  #cursorIds = 1n;

  of(namespace: string): Collection {
    const found = this.#all.get(namespace) ?? {
      docs: new Map<string, Doc>(),
      indexes: new Map([['_id_', { name: '_id_', key: { _id: 1 }, unique: true }]]),
    };
    this.#all.set(namespace, found);
    return found;
  }
  /** As it stands now; documents are never changed in place. A cursor that is begun on the copy goes on here. */
  copy(): Collections {
    const copied = new Collections();
    for (const [namespace, { docs, indexes }] of this.#all)
      copied.#all.set(namespace, { docs: new Map(docs), indexes: new Map(indexes) });
    copied.#cursors = this.#cursors;
    copied.#cursorIds = this.#cursorIds + (1n << 32n);
    return copied;
  }
  forgetCursors(): void {
    this.#cursors.clear();
  }
  names(database: string): readonly string[] {
    return [...this.#all.keys()]
      .filter((name) => name.startsWith(`${database}.`))
      .map((name) => name.slice(database.length + 1));
  }
  drop(namespace: string): boolean {
    return this.#all.delete(namespace);
  }

  insert(
    namespace: string,
    docs: readonly Doc[],
    ordered: boolean,
  ): { readonly n: number; readonly errors: readonly WriteError[] } {
    const errors: WriteError[] = [];
    let n = 0;
    for (const [index, doc] of docs.entries()) {
      const error = this.#put(namespace, { _id: doc['_id'] ?? `made-${(made += 1)}`, ...doc }, undefined);
      if (error === undefined) {
        n += 1;
        continue;
      }
      errors.push({ index, ...error });
      if (ordered) break;
    }
    return { n, errors };
  }

  /** Nothing when it is stored; `replaces` is the document that stood there. */
  #put(namespace: string, doc: Doc, replaces: Doc | undefined): Omit<WriteError, 'index'> | undefined {
    const { docs, indexes } = this.of(namespace);
    const key = keyOf(doc['_id']);
    const duplicate = (name: string): Omit<WriteError, 'index'> => ({
      code: 11000,
      errmsg: `E11000 duplicate key error collection: ${namespace} index: ${name}`,
    });
    if (replaces === undefined && docs.has(key)) return duplicate('_id_');
    for (const index of indexes.values()) {
      if (!index.unique || index.name === '_id_') continue;
      for (const [other, kept] of docs)
        if (other !== key && Object.keys(index.key).every((field) => compareBson(kept[field], doc[field]) === 0))
          return duplicate(index.name);
    }
    docs.set(key, doc);
    return undefined;
  }

  update(
    namespace: string,
    {
      q,
      u,
      upsert = false,
      multi = false,
    }: { readonly q: Doc; readonly u: Doc; readonly upsert?: boolean; readonly multi?: boolean },
  ): {
    readonly n: number;
    readonly nModified: number;
    readonly upserted?: unknown;
    readonly error?: Omit<WriteError, 'index'>;
  } {
    const found = this.find(namespace, q).slice(0, multi ? undefined : 1);
    if (found.length === 0 && upsert) {
      const doc = updated({ _id: `made-${(made += 1)}`, ...fixedIn(q) }, u, true);
      const error = this.#put(namespace, doc, undefined);
      return error === undefined ? { n: 1, nModified: 0, upserted: doc['_id'] } : { n: 0, nModified: 0, error };
    }
    let nModified = 0;
    for (const doc of found) {
      const next = updated(doc, u, false);
      if (compareBson(doc, next) === 0) continue;
      const error = this.#put(namespace, next, doc);
      if (error !== undefined) return { n: found.length, nModified, error };
      nModified += 1;
    }
    return { n: found.length, nModified };
  }

  delete(namespace: string, q: Doc, limit: number): number {
    const { docs } = this.of(namespace);
    const found = this.find(namespace, q).slice(0, limit === 0 ? undefined : limit);
    for (const doc of found) docs.delete(keyOf(doc['_id']));
    return found.length;
  }

  find(
    namespace: string,
    filter: Doc,
    {
      sort,
      limit = 0,
      skip = 0,
      hint,
    }: {
      readonly sort?: Readonly<Record<string, number>>;
      readonly limit?: number;
      readonly skip?: number;
      readonly hint?: unknown;
    } = {},
  ): readonly Doc[] {
    const { docs, indexes } = this.of(namespace);
    if (typeof hint === 'string' && !indexes.has(hint))
      throw new CommandFailed(2, 'error processing query: planner returned error: bad hint');
    const ids = idsIn(filter['_id']);
    const candidates =
      ids === undefined ? [...docs.values()] : ids.map((id) => docs.get(keyOf(id))).filter((doc) => doc !== undefined);
    const matching = candidates.filter((doc) => meets(doc, filter));
    const ordered = sort === undefined ? matching : sorted(matching, sort);
    return ordered.slice(skip, limit === 0 ? undefined : skip + Math.abs(limit));
  }

  createIndexes(
    namespace: string,
    wanted: readonly {
      readonly name: string;
      readonly key: Readonly<Record<string, number>>;
      readonly unique?: boolean;
    }[],
  ): void {
    const { indexes } = this.of(namespace);
    for (const { name, key, unique = false } of wanted) {
      const there = indexes.get(name);
      if (there !== undefined && JSON.stringify(there.key) !== JSON.stringify(key))
        throw new CommandFailed(86, `An existing index has the same name as the requested index: ${name}`);
      indexes.set(name, { name, key, unique });
    }
  }

  /** The first batch, and a cursor for the rest; 0 when there is none. */
  cursor(
    namespace: string,
    docs: readonly Doc[],
    batchSize: number,
  ): { readonly id: bigint; readonly batch: readonly Doc[] } {
    const batch = docs.slice(0, batchSize);
    if (batch.length === docs.length) return { id: 0n, batch };
    const id = this.#cursorIds++;
    this.#cursors.set(id, { namespace, docs, at: batch.length });
    return { id, batch };
  }

  more(
    id: bigint,
    batchSize: number,
  ): { readonly id: bigint; readonly namespace: string; readonly batch: readonly Doc[] } {
    const cursor = this.#cursors.get(id);
    if (cursor === undefined) throw new CommandFailed(43, `cursor id ${id} not found`);
    const batch = cursor.docs.slice(cursor.at, cursor.at + batchSize);
    cursor.at += batch.length;
    const isDone = cursor.at >= cursor.docs.length;
    if (isDone) this.#cursors.delete(id);
    return { id: isDone ? 0n : id, namespace: cursor.namespace, batch };
  }
  kill(ids: readonly bigint[]): void {
    for (const id of ids) this.#cursors.delete(id);
  }
}
