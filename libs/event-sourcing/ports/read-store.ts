import type { Position } from '../vocabulary.js';

/** What a store must know of a read model to keep it. */
export interface StoredModel {
  readonly name: string;
  /** Documents of one version are never folded on by another. */
  readonly version: number;
  /**
   * Fields (dots for nested) that filters and orders may use, several together for a compound one. They hold scalars or
   * nothing.
   */
  readonly indexes: readonly (readonly string[])[];
}

/** One changed document of a batch. `document: null`: removed; a tombstone keeps its position. */
export interface Change<Row extends object> {
  readonly id: string;
  readonly document: Row | null;
}

/**
 * Events `from` up to, not including, `to`. `from` is the checkpoint it builds on, `to` the next one. Both the same:
 * more documents of the batch before.
 */
export interface Batch<Row extends object> {
  readonly from: Position;
  readonly to: Position;
  readonly changes: readonly Change<Row>[];
}

/** A document as the projector folds on: every event before `position` is in it. `document: null` is a tombstone. */
export interface Placed<Row extends object> {
  readonly document: Row | null;
  readonly position: Position;
}

/** `atLeast` and `below` meet only values of their own kind: text, number or boolean; never an absent one. */
export type Comparison =
  | { readonly equals: Scalar }
  | { readonly in: readonly Scalar[] }
  | { readonly atLeast?: Scalar; readonly below?: Scalar };
/** In order: nothing, numbers, text by code point, false, true. `null` stands for an absent field too. */
export type Scalar = string | number | bigint | boolean | null;
/** All must hold. A field that is `undefined` throws: a forgotten party must never mean "everybody's". */
export type Filter = Readonly<Record<string, Comparison>>;
export interface Order {
  readonly field: string;
  readonly direction: 'ascending' | 'descending';
}
export interface PageRequest {
  readonly where: Filter;
  /** Ties are broken by id in the direction of the last field, so that a cursor is stable. Empty: by id. */
  readonly order: readonly Order[];
  /** 1 to 100. */
  readonly first: number;
  /** Opaque; of this filter and order, or refused with `CursorError`. */
  readonly after?: string;
}
export interface Page<Row extends object> {
  readonly rows: readonly { readonly id: string; readonly document: Row; readonly cursor: string }[];
  readonly hasNext: boolean;
  /** Last event that these rows have seen; -1 before the first. */
  readonly position: Position;
}
/** The cursor was made by another filter, another order or somebody else. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
}
/** No declared index serves this filter and order; the message names the one to declare. */
export class IndexMissingError extends Error {
  override readonly name = 'IndexMissingError';
}

/**
 * Documents of one read model. Passable with single-document atomicity alone: each document carries the position of the
 * batch
 * that wrote it, a batch's documents are written before its checkpoint, and the projector skips what a document has in
 * it already.
 */
export interface Collection<Row extends object> {
  /** Version of the model that these documents were folded with. */
  version(): Promise<number>;
  /** Where the next batch must begin. */
  checkpoint(): Promise<Position>;
  /**
   * Applies when the checkpoint equals `from`. Otherwise changes nothing and says why: `already` ends at or before the
   * checkpoint, `overlap` begins before and ends after it, `gap` begins after it. A document that stands at `to` or
   * later is left alone.
   */
  apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'overlap' | 'gap'>;
  /** Documents and tombstones as the projector must fold on: also of a batch whose checkpoint was never written. */
  load(ids: readonly string[]): Promise<ReadonlyMap<string, Placed<Row>>>;
  get(id: string): Promise<Row | undefined>;
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  page(request: PageRequest): Promise<Page<Row>>;
  count(where: Filter): Promise<number>;
  /** SHA-256 over the canonical documents in id order, tombstones left out. */
  digest(): Promise<string>;
}

/** A generation that nobody reads yet. */
export interface Rebuild<Row extends object> {
  readonly collection: Collection<Row>;
  /** All but the last few events are in: makes the indexes, which would have slowed every batch. Batches may follow. */
  index(): Promise<void>;
  /**
   * From now on queries read this generation; the old one is dropped. All or nothing. Makes the indexes when `index`
   * was not asked.
   */
  swap(): Promise<void>;
  /** Drops it, unless it was swapped in already. */
  abandon(): Promise<void>;
}

export interface ReadStore {
  /**
   * The generation that queries read, made with its indexes when there is none. It follows swaps: keep it as long as
   * you like.
   * It may be of another version until the projector has rebuilt it. Throws when the same version comes with other
   * indexes.
   */
  live<Row extends object>(model: StoredModel): Promise<Collection<Row>>;
  /** A new, empty generation beside the live one. One that an earlier process left unfinished is dropped. */
  rebuild<Row extends object>(model: StoredModel): Promise<Rebuild<Row>>;
  close(): Promise<void>;
}

/** A named place where a test may kill the process or throw; does nothing in production. */
export type CrashPoint = (name: string) => void;
