import {
  checkDocumentId,
  compareText,
  decodeDocument,
  documentDigest,
  encodeDocument,
} from '#event-sourcing/projection/document.js';
import {
  compareScalars,
  indexedFields,
  indexedValue,
  matches,
  planFilter,
  planPage,
  type PagePlan,
} from '#event-sourcing/projection/page-plan.js';
import type {
  Batch,
  Change,
  Collection,
  CrashPoint,
  Filter,
  Page,
  PageRequest,
  Placed,
  ReadStore,
  Rebuild,
  Scalar,
  StoredModel,
} from '#event-sourcing/ports/read-store.js';

/** Kept as text: nobody who reads a document can change the one that is kept. */
interface Kept {
  readonly body: string | null;
  readonly position: number;
  readonly fields: ReadonlyMap<string, Scalar>;
}
interface Generation {
  readonly model: StoredModel;
  readonly rows: Map<string, Kept>;
  checkpoint: number;
}

const emptyGeneration = (model: StoredModel): Generation => ({ model, rows: new Map(), checkpoint: 0 });

const keep = (model: StoredModel, { id, document }: Change<object>, position: number): Kept => {
  checkDocumentId(id);
  if (document === null) return { body: null, position, fields: new Map() };
  return {
    body: encodeDocument(document),
    position,
    fields: new Map(indexedFields(model).map((field) => [field, indexedValue(model, document, field)])),
  };
};

const fieldOf = (kept: Kept, field: string): Scalar => kept.fields.get(field) ?? null;

const liveRows = (generation: Generation, where: PagePlan['where']): [string, Kept][] =>
  [...generation.rows].filter(
    ([, kept]) => kept.body !== null && where.every(([field, comparison]) => matches(comparison, fieldOf(kept, field))),
  );

/** Negative when `a` comes first in the plan's order. */
const compareRows = (
  plan: PagePlan,
  a: { values: readonly Scalar[]; id: string },
  b: { values: readonly Scalar[]; id: string },
): number => {
  for (const [place, { direction }] of plan.order.entries()) {
    const difference = compareScalars(a.values[place] ?? null, b.values[place] ?? null);
    if (difference !== 0) return direction === 'ascending' ? difference : -difference;
  }
  return plan.order.at(-1)?.direction === 'descending' ? compareText(b.id, a.id) : compareText(a.id, b.id);
};

class MemoryCollection<Row extends object> implements Collection<Row> {
  constructor(
    private readonly generation: () => Generation,
    private readonly crashPoint: CrashPoint,
  ) {}

  async version(): Promise<number> {
    return this.generation().model.version;
  }
  async checkpoint(): Promise<number> {
    return this.generation().checkpoint;
  }

  async apply({ from, to, changes }: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'> {
    const generation = this.generation();
    if (from !== generation.checkpoint)
      return from > generation.checkpoint ? 'gap' : to <= generation.checkpoint ? 'already' : 'overlap';
    // Made apart and then put in place at once: a document that cannot be kept must not leave half a batch behind.
    const kept = changes.map((change) => [change.id, keep(generation.model, change, to)] as const);
    this.crashPoint('after-documents');
    for (const [id, one] of kept) if ((generation.rows.get(id)?.position ?? -1) < to) generation.rows.set(id, one);
    generation.checkpoint = to;
    return 'applied';
  }

  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>> {
    const found = new Map<string, Placed<Row>>();
    for (const id of ids) {
      const kept = this.generation().rows.get(id);
      if (kept !== undefined)
        found.set(id, {
          document: kept.body === null ? null : decodeDocument<Row>(kept.body),
          position: kept.position,
        });
    }
    return found;
  }

  async get(id: string): Promise<Row | undefined> {
    const body = this.generation().rows.get(id)?.body;
    return typeof body === 'string' ? decodeDocument<Row>(body) : undefined;
  }

  async getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>> {
    const found = new Map<string, Row>();
    for (const [id, { document }] of await this.load(ids)) if (document !== null) found.set(id, document);
    return found;
  }

  async page(request: PageRequest): Promise<Page<Row>> {
    const generation = this.generation();
    const plan = planPage(generation.model, request);
    const placed = liveRows(generation, plan.where).map(([id, kept]) => ({
      id,
      kept,
      values: plan.order.map(({ field }) => fieldOf(kept, field)),
    }));
    const { after } = plan;
    const behind = (after === undefined ? placed : placed.filter((row) => compareRows(plan, row, after) > 0)).toSorted(
      (a, b) => compareRows(plan, a, b),
    );
    const rows = behind
      .slice(0, plan.first)
      .map(({ id, kept, values }) => ({
        id,
        document: decodeDocument<Row>(kept.body as string),
        cursor: plan.cursorOf(values, id),
      }));
    return { rows, hasNext: behind.length > rows.length, position: generation.checkpoint - 1 };
  }

  async count(where: Filter): Promise<number> {
    const generation = this.generation();
    return liveRows(generation, planFilter(generation.model, where).where).length;
  }

  async digest(): Promise<string> {
    const digest = documentDigest();
    for (const [id, { body }] of liveRows(this.generation(), []).toSorted(([a], [b]) => compareText(a, b)))
      digest.add(id, decodeDocument(body as string));
    return digest.hex();
  }
}

/** Read models in this process's memory, gone with it. Holds to the same contract as the stores on disk. */
export const memoryReadStore = ({ crashPoint = () => {} }: { readonly crashPoint?: CrashPoint } = {}): ReadStore => {
  const live = new Map<string, Generation>();
  const current = (name: string): Generation => {
    const generation = live.get(name);
    if (generation === undefined) throw new Error(`Read model ${name} was never opened, or its store is closed`);
    return generation;
  };
  return {
    live: async <Row extends object>(model: StoredModel): Promise<Collection<Row>> => {
      const generation = live.get(model.name);
      if (generation === undefined) live.set(model.name, emptyGeneration(model));
      else if (
        generation.model.version === model.version &&
        JSON.stringify(generation.model.indexes) !== JSON.stringify(model.indexes)
      ) {
        throw new Error(
          `The indexes of read model ${model.name} changed: raise its version, so that it is rebuilt with them`,
        );
      }
      return new MemoryCollection<Row>(() => current(model.name), crashPoint);
    },
    rebuild: async <Row extends object>(model: StoredModel): Promise<Rebuild<Row>> => {
      const generation = emptyGeneration(model);
      return {
        collection: new MemoryCollection<Row>(() => generation, crashPoint),
        index: async () => {},
        swap: async () => {
          live.set(model.name, generation);
        },
        abandon: async () => {
          if (live.get(model.name) !== generation) generation.rows.clear();
        },
      };
    },
    close: async () => {
      live.clear();
    },
  };
};
