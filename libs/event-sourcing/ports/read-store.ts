import type { Position } from '../vocabulary.js';

/** One changed document of a batch. `document: null`: removed; a tombstone keeps its position. */
export interface Change<Row extends object> { readonly id: string; readonly document: Row | null }

/** `from` is the checkpoint it builds on, `to` the next one. */
export interface Batch<Row extends object> { readonly from: Position; readonly to: Position; readonly changes: readonly Change<Row>[] }

export type Comparison = { readonly equals: Scalar } | { readonly in: readonly Scalar[] } | { readonly atLeast?: Scalar; readonly below?: Scalar };
export type Scalar = string | number | bigint | boolean | null;
/** All must hold. A field that is `undefined` throws: a forgotten party must never mean "everybody's". */
export type Filter = Readonly<Record<string, Comparison>>;
export interface PageRequest {
  readonly where: Filter;
  /** Ties are broken by id, so that a cursor is stable. */
  readonly order: readonly { readonly field: string; readonly direction: 'ascending' | 'descending' }[];
  /** 1 to 100. */
  readonly first: number;
  /** Opaque; of this filter and order, or refused with `CursorError`. */
  readonly after?: string;
}
export interface Page<Row extends object> {
  readonly rows: readonly { readonly id: string; readonly document: Row; readonly cursor: string }[];
  readonly hasNext: boolean;
  readonly position: Position;
}
export class CursorError extends Error { override readonly name = 'CursorError'; }

/** Documents of one read model in one generation. Passable with single-document atomicity alone: the batch guard lives in each document. */
export interface Collection<Row extends object> {
  /** Where the next batch must begin. */
  checkpoint(): Promise<Position>;
  /** Applies when the checkpoint equals `from`; repeated or overlapping deliveries change nothing. */
  apply(batch: Batch<Row>): Promise<'applied' | 'already' | 'gap'>;
  /** Documents as the projector must fold on: also of a batch whose checkpoint was never written. */
  load(ids: readonly string[], at: Position): Promise<ReadonlyMap<string, Row>>;
  get(id: string): Promise<Row | undefined>;
  getMany(ids: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  page(request: PageRequest): Promise<Page<Row>>;
  count(where: Filter): Promise<number>;
  /** SHA-256 over the canonical documents in id order, tombstones left out. */
  digest(): Promise<string>;
}

export interface ReadStore {
  /** The generation that queries read; made with its indexes when it does not exist. */
  live<Row extends object>(model: { readonly name: string; readonly version: number; readonly indexes: readonly (readonly string[])[] }): Promise<Collection<Row>>;
  /** A new generation beside the live one. */
  rebuild<Row extends object>(model: { readonly name: string; readonly version: number; readonly indexes: readonly (readonly string[])[] }): Promise<{ readonly collection: Collection<Row>; swap(): Promise<void>; abandon(): Promise<void> }>;
  close(): Promise<void>;
}
