import type { Recorded } from '../event.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { Batch, Change, Collection } from '../ports/read-store.js';
import { removed, type Fold, type ReadModel } from './read-model.js';
import type { Position } from '../vocabulary.js';

export type Decode = (stored: StoredEvent) => Recorded;

/**
 * A read model cannot go on at this event: its own code threw, or the event is one that this build does not understand.
 */
export class ProjectionError extends Error {
  override readonly name = 'ProjectionError';
  constructor(
    readonly model: string,
    readonly at: StoredEvent,
    cause: unknown,
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `读模型 ${model} 停在位置 ${at.position} 之前（${at.stream} 的 ${at.type}）。 / Read model ${model} stopped in front of position ${at.position} (${at.type} in ${at.stream}). ${why}`,
      { cause },
    );
  }
}

/** A slice of the log, each event decoded once however many models listen to it, and not at all when none does. */
export class DecodedSlice {
  private readonly decoded: (Recorded | undefined)[] = [];
  constructor(
    readonly from: Position,
    readonly next: Position,
    readonly events: readonly StoredEvent[],
    private readonly decode: Decode,
    /** Event types this build knows; without it every event is decoded, so that `decode` finds the unknown ones. */
    private readonly knows: ((type: string) => boolean) | undefined,
  ) {}

  /**
   * The event for a model that listens to it, undefined for one that does not. Throws when this build does not
   * understand it.
   */
  at(index: number, listens: boolean): Recorded | undefined {
    const stored = this.events[index] as StoredEvent;
    if (this.knows !== undefined && !listens) {
      if (!this.knows(stored.type))
        throw new Error(`this version of the program does not know the event type ${stored.type}; run the newer one`);
      return undefined;
    }
    const recorded = (this.decoded[index] ??= this.decode(stored));
    return listens ? recorded : undefined;
  }

  /** The slice without the event at `position`, the rest of its command and all that follows. */
  before(position: Position): DecodedSlice {
    const cut = this.events.find((event) => event.position === position);
    const end = cut === undefined ? this.from : Math.max(this.from, position - (cut.step - 1));
    return new DecodedSlice(
      this.from,
      end,
      this.events.filter((event) => event.position < end),
      this.decode,
      this.knows,
    );
  }
}

interface Working<Row> {
  row: Row | undefined;
  readonly position: Position;
  changed: boolean;
}
type Touch<Row extends object> = readonly [
  recorded: Recorded,
  handler: Fold<Row>,
  ids: readonly string[],
  stored: StoredEvent,
];

/**
 * One batch of one read model, folded in memory: each document is loaded once and written once, however many events
 * touch it.
 * A document that already has an event in it (a crash between documents and checkpoint) skips that event.
 */
export class BatchFold<Row extends object> {
  private readonly working = new Map<string, Working<Row>>();
  private from: Position;
  private to: Position;

  constructor(
    private readonly model: ReadModel<Row>,
    private readonly collection: Collection<Row>,
    from: Position,
  ) {
    this.from = from;
    this.to = from;
  }

  /** Where the next slice begins. */
  get position(): Position {
    return this.to;
  }
  /** Documents held in memory. */
  get size(): number {
    return this.working.size;
  }

  /** Throws ProjectionError; the fold is then of no more use. */
  async add(slice: DecodedSlice): Promise<void> {
    const touches = this.touches(slice);
    await this.loadMissing(touches);
    for (const [recorded, handler, ids, stored] of touches) {
      try {
        for (const id of ids) this.foldInto(id, recorded, handler);
      } catch (cause) {
        throw new ProjectionError(this.model.name, stored, cause);
      }
    }
    this.to = slice.next;
  }

  /**
   * Lets go of all documents, or of the `max` that have been held longest: what is to be written for the events since
   * the last batch.
   */
  batch(max = Infinity): Batch<Row> {
    const changes: Change<Row>[] = [];
    let left = max;
    for (const [id, { row, changed }] of this.working) {
      if (left === 0) break;
      left -= 1;
      if (changed) changes.push({ id, document: row ?? null });
      this.working.delete(id);
    }
    const batch = { from: this.from, to: this.to, changes };
    this.from = this.to;
    return batch;
  }

  private touches(slice: DecodedSlice): readonly Touch<Row>[] {
    const touches: Touch<Row>[] = [];
    for (const [index, stored] of slice.events.entries()) {
      if (stored.position < this.to) continue;
      const handler = Object.hasOwn(this.model.on, stored.type) ? this.model.on[stored.type] : undefined;
      try {
        const recorded = slice.at(index, handler !== undefined);
        if (recorded === undefined || handler === undefined) continue;
        const ids = handler.ids(recorded);
        touches.push([recorded, handler, ids.length > 1 ? [...new Set(ids)] : ids, stored]);
      } catch (cause) {
        throw new ProjectionError(this.model.name, stored, cause);
      }
    }
    return touches;
  }

  private async loadMissing(touches: readonly Touch<Row>[]): Promise<void> {
    const missing = new Set<string>();
    for (const [, , ids] of touches) for (const id of ids) if (!this.working.has(id)) missing.add(id);
    if (missing.size === 0) return;
    const found = await this.collection.load([...missing]);
    for (const id of missing) {
      const placed = found.get(id);
      this.working.set(id, { row: placed?.document ?? undefined, position: placed?.position ?? 0, changed: false });
    }
  }

  private foldInto(id: string, recorded: Recorded, handler: Fold<Row>): void {
    const working = this.working.get(id) as Working<Row>;
    if (recorded.position < working.position) return;
    const result = handler.fold(working.row, recorded, id);
    if (result === working.row) return;
    if (result === undefined) throw new TypeError(`the fold of document ${id} answered nothing; say removed to end it`);
    working.row = result === removed ? undefined : result;
    // Also when it came and went inside this batch: the tombstone keeps a slower writer from bringing it back.
    working.changed = true;
  }
}
