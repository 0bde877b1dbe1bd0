import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { breathe } from '#event-sourcing/breathe.js';
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
import { belongTo, FileUnusableError, makeFolder, openDatabase } from '../folder/folder.js';
import { SqliteGeneration } from './generation-sqlite.js';

/** The file of the read models: derived from the log, so that it may be deleted while the server is down. */
export const readFile = 'read.db';

/** Form of the file; another form is folded anew rather than converted. */
const fileForm = 1;

/** The file cannot be used. Nothing is lost: it holds nothing that cannot be folded from the log. */
export class ReadStoreUnusableError extends Error {
  override readonly name = 'ReadStoreUnusableError';
  constructor(path: string, zh: string, en: string, options?: ErrorOptions) {
    super(
      `${path} ${zh}；其中的内容都能由日志重建：停止服务，删除 ${readFile}、${readFile}-wal 和 ${readFile}-shm，再启动即可。 / ${path} ${en}. All it holds is folded from the log: stop the server, delete ${readFile}, ${readFile}-wal and ${readFile}-shm, and start it again.`,
      options,
    );
  }
}

/** The same error with the cure of this file, where it is damaged. */
export const readModelsUnusable = (error: unknown, file: string): unknown => {
  const cause = error instanceof FileUnusableError ? error.cause : error;
  const { code } = cause as { code?: string };
  return code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true
    ? new ReadStoreUnusableError(file, '已损坏', 'is damaged', { cause })
    : error;
};

/** Documents read between two turns of the event loop. */
const digestStep = 1_000;
/** Times a digest begins again because a batch came in between, before it holds up the process to get one. */
const digestAttemptsMax = 3;
/** Rows of a dropped generation deleted between two turns of the event loop. */
const dropStep = 2_000;

const schema = `
  CREATE TABLE IF NOT EXISTS generations (
    generation INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, version INTEGER NOT NULL, indexes TEXT NOT NULL,
    live INTEGER NOT NULL, checkpoint INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS belongs (journal TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS live_generation ON generations (model) WHERE live = 1;`;

const prepareDatabase = (database: Database.Database): void => {
  const form = database.pragma('user_version', { simple: true });
  if (form !== 0 && form !== fileForm)
    throw new ReadStoreUnusableError(
      database.name,
      `是另一种格式（${String(form)}）`,
      `has another form (${String(form)})`,
    );
  database.pragma('page_size = 8192'); // A row without rowid longer than a quarter page goes to overflow pages.
  database.pragma('journal_mode = WAL');
  // Everything here can be folded from the log again, so no commit waits for the disk. A power cut may take back the
  // last batches:
  // documents and checkpoint together, for they are one transaction, and the projector goes on from there.
  database.pragma('synchronous = NORMAL');
  database.pragma('journal_size_limit = 67108864');
  database.pragma('cache_size = -65536');
  database.pragma('trusted_schema = OFF');
  database.exec(schema);
  database.pragma(`user_version = ${fileForm}`);
};

class SqliteCollection<Row extends object> implements Collection<Row> {
  constructor(private readonly generation: () => SqliteGeneration) {}

  async version(): Promise<number> {
    return this.generation().model.version;
  }
  async checkpoint(): Promise<number> {
    return this.generation().checkpoint();
  }
  async apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    return this.generation().apply(batch);
  }
  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> {
    return this.generation().load(ids) as ReadonlyMap<string, Placed<Row>>;
  }
  async get(id: string): Promise<Row | undefined> {
    return this.generation().get(id) as Row | undefined;
  }
  async page(request: PageRequest): Promise<Page<Row>> {
    return this.generation().page(request) as Page<Row>;
  }
  async count(where: Filter): Promise<number> {
    return this.generation().count(where);
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = new Map<string, Row>();
    for (const [id, { document }] of await this.load(ids)) if (document !== null) found.set(id, document);
    return found;
  }

  /** In steps, so that requests get their turn; begun again when a batch came in between. */
  async digest(): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const generation = this.generation();
      const checkpoint = generation.checkpoint();
      const digest = documentDigest();
      for (
        let rows = generation.after('', digestStep);
        rows.length > 0;
        rows = generation.after(rows.at(-1)?.id ?? '', digestStep)
      ) {
        for (const { id, document } of rows) digest.add(id, document);
        if (attempt < digestAttemptsMax) await breathe();
        if (this.generation() !== generation) break;
      }
      if (this.generation() === generation && generation.checkpoint() === checkpoint) return digest.hex();
    }
  }
}

class SqliteReadStore implements ReadStore {
  private readonly liveGenerations = new Map<string, SqliteGeneration>();
  private readonly dropping = new Set<Promise<void>>();
  private closing = false;

  constructor(
    private readonly database: Database.Database,
    private readonly crashPoint: CrashPoint,
  ) {
    // What an earlier process left unfinished, or had no time to drop.
    const left = database.prepare<[], number>('SELECT generation FROM generations WHERE live = 0').pluck().all();
    database
      .transaction(() => {
        for (const generation of left) this.forget(generation);
      })
      .immediate();
  }

  async live<Row extends object>(model: StoredModel): Promise<Collection<Row>> {
    const { name, version, indexes } = model;
    let generation = this.liveGenerations.get(name) ?? this.openLive(name);
    generation ??= this.create(model, true);
    if (generation.model.version === version && JSON.stringify(generation.model.indexes) !== JSON.stringify(indexes)) {
      throw new Error(`The indexes of read model ${name} changed: raise its version, so that it is rebuilt with them`);
    }
    this.liveGenerations.set(name, generation);
    return new SqliteCollection<Row>(() => this.current(name));
  }

  async rebuild<Row extends object>(model: StoredModel): Promise<Rebuild<Row>> {
    const generation = this.create(model, false);
    return {
      collection: new SqliteCollection<Row>(() => generation),
      index: async () => {
        // One after the other: each holds up the process for as long as its rows take to sort.
        while (generation.makeNextIndex()) await breathe();
      },
      swap: async () => {
        this.swap(generation);
      },
      abandon: async () => {
        if (this.liveGenerations.get(model.name) !== generation) this.dropLater(generation.number);
      },
    };
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.dropping);
    this.liveGenerations.clear();
    this.database.close();
  }

  private current(name: string): SqliteGeneration {
    const generation = this.liveGenerations.get(name);
    if (generation === undefined) throw new Error(`The store of read model ${name} is closed`);
    return generation;
  }

  private openLive(name: string): SqliteGeneration | undefined {
    const found = this.database
      .prepare<[string], { generation: number; version: number; indexes: string }>(
        'SELECT generation, version, indexes FROM generations WHERE model = ? AND live = 1',
      )
      .get(name);
    return (
      found &&
      new SqliteGeneration(
        this.database,
        found.generation,
        { name, version: found.version, indexes: JSON.parse(found.indexes) as string[][] },
        this.crashPoint,
      )
    );
  }

  private create(model: StoredModel, isLive: boolean): SqliteGeneration {
    return this.database
      .transaction(() => {
        const { lastInsertRowid } = this.database
          .prepare('INSERT INTO generations (model, version, indexes, live, checkpoint) VALUES (?, ?, ?, ?, 0)')
          .run(model.name, model.version, JSON.stringify(model.indexes), isLive ? 1 : 0);
        const generation = new SqliteGeneration(this.database, Number(lastInsertRowid), model, this.crashPoint);
        while (isLive && generation.makeNextIndex());
        return generation;
      })
      .immediate();
  }

  private swap(generation: SqliteGeneration): void {
    const { name } = generation.model;
    const old = this.liveGenerations.get(name) ?? this.openLive(name);
    this.database
      .transaction(() => {
        while (generation.makeNextIndex());
        this.database.prepare('UPDATE generations SET live = 0 WHERE model = ? AND live = 1').run(name);
        this.crashPoint('in-swap');
        this.database.prepare('UPDATE generations SET live = 1 WHERE generation = ?').run(generation.number);
      })
      .immediate();
    this.liveGenerations.set(name, generation);
    if (old !== undefined) this.dropLater(old.number);
  }

  /** In steps: giving back the pages of a large table at once would hold up every request. */
  private dropLater(generation: number): void {
    const drop = async (): Promise<void> => {
      const some = this.database.prepare(
        `DELETE FROM documents_${generation} WHERE id IN (SELECT id FROM documents_${generation} LIMIT ${dropStep})`,
      );
      while (!this.closing && some.run().changes > 0) await breathe();
      // Closed in the middle: the next start drops the rest.
      if (!this.closing) this.database.transaction(() => this.forget(generation)).immediate();
    };
    // A full disk, say, stops it here; the next start drops the rest.
    const dropped = drop()
      .catch(() => {})
      .finally(() => this.dropping.delete(dropped));
    this.dropping.add(dropped);
  }

  private forget(generation: number): void {
    this.database.exec(`DROP TABLE IF EXISTS documents_${generation}`);
    this.database.prepare('DELETE FROM generations WHERE generation = ?').run(generation);
  }
}

/**
 * Opens or makes `read.db` in `folder`; throws ReadStoreUnusableError. One process at a time: the folder's lock is held
 * by the event log.
 */
export const openSqliteReadStore = async ({
  folder,
  journalId,
  crashPoint = () => {},
}: {
  readonly folder: string;
  /** Of the log that is folded here. */
  readonly journalId?: string;
  readonly crashPoint?: CrashPoint;
}): Promise<ReadStore> => {
  makeFolder(folder);
  const file = join(folder, readFile);
  let store: SqliteReadStore | undefined;
  try {
    openDatabase(file, (database) => {
      prepareDatabase(database);
      if (journalId !== undefined) belongTo(database, journalId);
      store = new SqliteReadStore(database, crashPoint);
    });
    return store!;
  } catch (error) {
    throw readModelsUnusable(error, file);
  }
};
