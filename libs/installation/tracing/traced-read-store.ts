import type {
  Batch,
  Collection,
  Filter,
  Page,
  PageRequest,
  Placed,
  ReadStore,
  Rebuild,
  StoredModel,
} from '#event-sourcing/ports/read-store.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { inSpan } from './span.js';

/**
 * A read store with a span around every batch that the projector writes into a live read model. Rebuilds are long and
 * told by their progress.
 */
export const tracedReadStore = (store: ReadStore): ReadStore => ({
  live: async <Row extends object>(model: StoredModel): Promise<Collection<Row>> =>
    new TracedCollection(model.name, await store.live<Row>(model)),
  rebuild: <Row extends object>(model: StoredModel): Promise<Rebuild<Row>> => store.rebuild<Row>(model),
  close: () => store.close(),
});

class TracedCollection<Row extends object> implements Collection<Row> {
  constructor(
    private readonly model: string,
    private readonly documents: Collection<Row>,
  ) {}

  apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    // A batch that only moves the checkpoint is no work that anybody would look for.
    if (batch.changes.length === 0) return this.documents.apply(batch);
    return inSpan(
      'projection batch',
      {
        'baobei.model': this.model,
        'baobei.from': batch.from,
        'baobei.to': batch.to,
        'baobei.documents': batch.changes.length,
      },
      async (span) => {
        const outcome = await this.documents.apply(batch);
        span.setAttribute('baobei.outcome', outcome);
        return outcome;
      },
    );
  }

  // ---- Everything else is the collection's own.

  version(): Promise<number> {
    return this.documents.version();
  }
  checkpoint(): Promise<Position> {
    return this.documents.checkpoint();
  }
  load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> {
    return this.documents.load(ids);
  }
  get(id: string): Promise<Row | undefined> {
    return this.documents.get(id);
  }
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    return this.documents.getMany(ids);
  }
  page(request: PageRequest): Promise<Page<Row>> {
    return this.documents.page(request);
  }
  count(where: Filter): Promise<number> {
    return this.documents.count(where);
  }
  digest(): Promise<string> {
    return this.documents.digest();
  }
}
