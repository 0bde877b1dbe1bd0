import { checkDocumentId, documentDigest, encodeDocument } from '../projection/document.js';
import { indexedFields, indexedValue, planFilter, planPage } from '../projection/page-plan.js';
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
} from '../ports/read-store.js';
import type { Position } from '../vocabulary.js';

/** `live: false` is a tombstone. The checkpoint is a document like the others. */
interface Envelope<Row extends object> {
  readonly live: boolean;
  readonly position: Position;
  readonly row: Row | null;
}

export interface OneByOneOptions {
  readonly crashPoint?: CrashPoint;
  /** `checkpoint-first` is the mistake that tests must be able to see. */
  readonly order?: 'documents-first' | 'checkpoint-first';
}

const checkpointId = 'checkpoint';
const idOf = (id: string): string => `document:${id}`;
const inner = ({ name, version, indexes }: StoredModel): StoredModel => ({
  name,
  version,
  indexes: [['live'], ...indexes.map((index) => ['live', ...index.map((field) => `row.${field}`)])],
});

class OneByOneCollection<Row extends object> implements Collection<Row> {
  constructor(
    private readonly model: StoredModel,
    private readonly kept: Collection<Envelope<Row>>,
    private readonly options: OneByOneOptions,
  ) {}

  version(): Promise<number> {
    return this.kept.version();
  }
  async checkpoint(): Promise<Position> {
    return (await this.kept.get(checkpointId))?.position ?? 0;
  }

  async apply({ from, to, changes }: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    for (const { id, document } of changes) this.check(id, document);
    const outcome = outcomeAt(await this.checkpoint(), from, to);
    if (outcome !== 'applied') return outcome;
    const { crashPoint = () => {}, order = 'documents-first' } = this.options;
    if (order === 'checkpoint-first') await this.moveCheckpoint(from, to);
    for (const { id, document } of changes) {
      crashPoint('between-documents');
      await this.write(idOf(id), (old) =>
        old !== undefined && old.position >= to ? undefined : { live: document !== null, position: to, row: document },
      );
    }
    crashPoint('after-documents');
    return order === 'checkpoint-first' ? 'applied' : this.moveCheckpoint(from, to);
  }

  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> {
    const found = await this.kept.getMany(ids.map(idOf));
    return new Map(
      ids.flatMap((id): [string, Placed<Row>][] => {
        const envelope = found.get(idOf(id));
        return envelope === undefined ? [] : [[id, { document: envelope.row, position: envelope.position }]];
      }),
    );
  }

  async get(id: string): Promise<Row | undefined> {
    return (await this.kept.get(idOf(id)))?.row ?? undefined;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return new Map(
      [...(await this.load(ids))].flatMap(([id, { document }]): [string, Row][] =>
        document === null ? [] : [[id, document]],
      ),
    );
  }

  async page(request: PageRequest): Promise<Page<Row>> {
    const { after: _, ...first } = request;
    planPage(this.model, first);
    const page = await this.kept.page({
      ...request,
      where: this.where(request.where),
      order: request.order.map(({ field, direction }) => ({ field: `row.${field}`, direction })),
    });
    const rows = page.rows.map(({ id, document, cursor }) => ({
      id: id.slice(idOf('').length),
      document: document.row as Row,
      cursor,
    }));
    return { rows, hasNext: page.hasNext, position: (await this.checkpoint()) - 1 };
  }

  async count(where: Filter): Promise<number> {
    planFilter(this.model, where);
    return this.kept.count(this.where(where));
  }

  async digest(): Promise<string> {
    const digest = documentDigest();
    for (let after: { after?: string } | undefined = {}; after !== undefined;) {
      const page: Page<Row> = await this.page({ where: {}, order: [], first: 100, ...after });
      for (const { id, document } of page.rows) digest.add(id, document);
      after = page.hasNext ? { after: page.rows.at(-1)?.cursor as string } : undefined;
    }
    return digest.hex();
  }

  private where(filter: Filter): Filter {
    return {
      live: { equals: true },
      ...Object.fromEntries(Object.entries(filter).map(([field, comparison]) => [`row.${field}`, comparison])),
    };
  }

  /** What cannot be kept is refused before anything is written. */
  private check(id: string, document: Row | null): void {
    checkDocumentId(id);
    if (document === null) return;
    encodeDocument(document);
    for (const field of indexedFields(this.model)) indexedValue(this.model, document, field);
  }

  private async moveCheckpoint(from: Position, to: Position): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    let outcome: 'applied' | 'already' | 'overlap' | 'gap' = 'applied';
    await this.write(checkpointId, (old) => {
      outcome = outcomeAt(old?.position ?? 0, from, to);
      return outcome === 'applied' ? { live: false, position: to, row: null } : undefined;
    });
    return outcome;
  }

  /**
   * Compares and writes one document at once, as a conditional update does; asked again when somebody wrote in between.
   */
  private async write(id: string, next: (old: Envelope<Row> | undefined) => Envelope<Row> | undefined): Promise<void> {
    for (;;) {
      const turn = await this.kept.checkpoint();
      const document = next(await this.kept.get(id));
      if (
        document === undefined ||
        (await this.kept.apply({ from: turn, to: turn + 1, changes: [{ id, document }] })) === 'applied'
      )
        return;
    }
  }
}

const outcomeAt = (checkpoint: Position, from: Position, to: Position): 'applied' | 'already' | 'overlap' | 'gap' =>
  from === checkpoint ? 'applied' : from > checkpoint ? 'gap' : to <= checkpoint ? 'already' : 'overlap';

/**
 * A store that can write one document at a time and no more, like MongoDB without transactions: documents first, the
 * checkpoint last.
 * Built on another store, each of whose batches is one such write.
 */
export const oneByOneReadStore = (store: ReadStore, options: OneByOneOptions = {}): ReadStore => ({
  live: async <Row extends object>(model: StoredModel): Promise<Collection<Row>> => {
    const kept = await store.live<Envelope<Row>>(inner(model));
    return new OneByOneCollection<Row>(model, kept, options);
  },
  rebuild: async <Row extends object>(model: StoredModel): Promise<Rebuild<Row>> => {
    const rebuild = await store.rebuild<Envelope<Row>>(inner(model));
    return { ...rebuild, collection: new OneByOneCollection<Row>(model, rebuild.collection, options) };
  },
  close: () => store.close(),
});
