import type { Database, Statement } from 'better-sqlite3';
import { checkDocumentId, decodeDocument, encodeDocument } from '#event-sourcing/projection/document.js';
import { indexedFields, indexedValue, planFilter, planPage } from '#event-sourcing/projection/page-plan.js';
import type {
  Batch,
  CrashPoint,
  Filter,
  Page,
  PageRequest,
  Placed,
  StoredModel,
} from '#event-sourcing/ports/read-store.js';
import { conditions, pageQuery, toStored } from './page-sql.js';

interface DocumentRow {
  readonly id: string;
  readonly position: number;
  readonly body: string | null;
}

/** Different questions whose prepared statements are kept. */
const statementsMax = 200;

/**
 * One generation of one read model: a table with a row per document and a column per indexed field. Without rowid, so
 * that the
 * table is the index by id and every other index ends with the id: a page is a walk along one of them.
 */
export class SqliteGeneration {
  readonly table: string;
  private readonly fields: readonly string[];
  private readonly indexesMade = new Set<number>();
  private readonly statements = new Map<string, Statement<unknown[]>>();
  private readonly select: Statement<[string], DocumentRow>;
  private readonly upsert: Statement<unknown[]>;
  private readonly selectCheckpoint: Statement<[], number>;
  private readonly updateCheckpoint: Statement<[number]>;
  private readonly loadAtOnce: (ids: readonly string[]) => ReadonlyMap<string, Placed<object>>;
  private readonly applyAtOnce: (batch: Batch<object>) => 'applied' | 'already' | 'overlap' | 'gap';

  constructor(
    private readonly database: Database,
    readonly number: number,
    readonly model: StoredModel,
    private readonly crashPoint: CrashPoint,
  ) {
    this.table = `documents_${number}`;
    this.fields = indexedFields(model);
    this.makeTable();
    const columns = ['id', 'position', 'body', ...this.fields.map(this.column)];
    this.select = database.prepare(`SELECT id, position, body FROM ${this.table} WHERE id = ?`);
    this.upsert =
      database.prepare(`INSERT INTO ${this.table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT (id) DO UPDATE SET ${columns
        .slice(1)
        .map((column) => `${column} = excluded.${column}`)
        .join(', ')} WHERE position < excluded.position`);
    this.selectCheckpoint = database
      .prepare<[], number>(`SELECT checkpoint FROM generations WHERE generation = ${number}`)
      .pluck();
    this.updateCheckpoint = database.prepare(`UPDATE generations SET checkpoint = ? WHERE generation = ${number}`);
    // One transaction: to take and give back SQLite's lock for each document costs several times what reading it does.
    this.loadAtOnce = database.transaction((ids: readonly string[]) => this.read(ids));
    this.applyAtOnce = database.transaction((batch: Batch<object>) => this.write(batch)).immediate;
  }

  checkpoint(): number {
    const checkpoint = this.selectCheckpoint.get();
    if (checkpoint === undefined) throw new Error(`This generation of read model ${this.model.name} was dropped`);
    return checkpoint;
  }

  /** Documents and checkpoint in one transaction. */
  apply(batch: Batch<object>): 'applied' | 'already' | 'overlap' | 'gap' {
    return this.applyAtOnce(batch);
  }

  load(ids: readonly string[]): ReadonlyMap<string, Placed<object>> {
    return this.loadAtOnce(ids);
  }

  private read(ids: readonly string[]): ReadonlyMap<string, Placed<object>> {
    const found = new Map<string, Placed<object>>();
    for (const id of ids) {
      const row = this.select.get(id);
      if (row !== undefined)
        found.set(id, { document: row.body === null ? null : decodeDocument(row.body), position: row.position });
    }
    return found;
  }

  get(id: string): object | undefined {
    const body = this.select.get(id)?.body;
    return typeof body === 'string' ? decodeDocument(body) : undefined;
  }

  page(request: PageRequest): Page<object> {
    const plan = planPage(this.model, request);
    const { sql, values } = pageQuery(plan, this.indexed(plan.index), this.column);
    const found = this.prepared(sql).all(...values) as Pick<DocumentRow, 'id' | 'body'>[];
    const rows = found.slice(0, plan.first).map(({ id, body }) => {
      const document = decodeDocument<object>(body as string);
      return {
        id,
        document,
        cursor: plan.cursorOf(
          plan.order.map(({ field }) => indexedValue(this.model, document, field)),
          id,
        ),
      };
    });
    return { rows, hasNext: found.length > rows.length, position: this.checkpoint() - 1 };
  }

  count(filter: Filter): number {
    const { where, index = this.model.indexes[0] } = planFilter(this.model, filter);
    const { sql, values } = conditions(where, index, this.column);
    return this.prepared(`SELECT count(*) AS rows FROM ${this.indexed(index)} WHERE ${sql}`)
      .pluck()
      .get(...values) as number;
  }

  /** Live documents behind `id` in id order, at most `max`. */
  after(id: string, max: number): readonly { readonly id: string; readonly document: object }[] {
    const found = this.prepared(
      `SELECT id, body FROM ${this.table} WHERE id > ? AND body IS NOT NULL ORDER BY id LIMIT ?`,
    ).all(id, max) as Pick<DocumentRow, 'id' | 'body'>[];
    return found.map(({ id, body }) => ({ id, document: decodeDocument(body as string) }));
  }

  private readonly column = (field: string): string => `f${this.fields.indexOf(field)}`;

  /** False when there is none left to make. */
  makeNextIndex(): boolean {
    const place = this.model.indexes.findIndex((index, at) => index.length > 0 && !this.indexesMade.has(at));
    if (place === -1) return false;
    this.database.exec(
      `CREATE INDEX ${this.indexName(place)} ON ${this.table} (${this.model.indexes[place]!.map(this.column).join(', ')})`,
    );
    this.indexesMade.add(place);
    return true;
  }

  private makeTable(): void {
    this.database.exec(
      `CREATE TABLE IF NOT EXISTS ${this.table} (id TEXT NOT NULL PRIMARY KEY, position INTEGER NOT NULL, body TEXT${this.fields.map((field) => `, ${this.column(field)} ANY`).join('')}) STRICT, WITHOUT ROWID`,
    );
    const made = new Set(
      this.database
        .prepare<[string], string>(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ?`)
        .pluck()
        .all(this.table),
    );
    for (const place of this.model.indexes.keys()) if (made.has(this.indexName(place))) this.indexesMade.add(place);
  }

  private indexName(place: number): string {
    return `${this.table}_${place}`;
  }

  /** The index is named rather than guessed: there are no statistics, and a wrong guess reads a whole table. */
  private indexed(index: readonly string[] | undefined): string {
    const place = index === undefined ? -1 : this.model.indexes.indexOf(index);
    return this.indexesMade.has(place) ? `${this.table} INDEXED BY ${this.indexName(place)}` : this.table;
  }

  private write({ from, to, changes }: Batch<object>): 'applied' | 'already' | 'overlap' | 'gap' {
    const checkpoint = this.checkpoint();
    if (from !== checkpoint) return from > checkpoint ? 'gap' : to <= checkpoint ? 'already' : 'overlap';
    for (const { id, document } of changes) {
      checkDocumentId(id);
      if (document === null) this.upsert.run(id, to, null, ...this.fields.map(() => null));
      else
        this.upsert.run(
          id,
          to,
          encodeDocument(document),
          ...this.fields.map((field) => toStored(indexedValue(this.model, document, field))),
        );
    }
    this.crashPoint('after-documents');
    this.updateCheckpoint.run(to);
    return 'applied';
  }

  private prepared(sql: string): Statement<unknown[]> {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    if (this.statements.size >= statementsMax) this.statements.clear();
    const statement = this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
