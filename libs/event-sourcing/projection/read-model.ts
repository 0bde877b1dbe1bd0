import type { AnyEvent, Box, Recorded } from '../event.js';

/**
 * Values a document may hold; each comes back with its own type. `Fen` and `Instant` are branded text, money that is
 * counted is bigint.
 */
export type DocumentValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Date
  | Box
  | readonly DocumentValue[]
  | { readonly [field: string]: DocumentValue };

/** Result of folding one event into one document: the new document, or `removed`. */
export const removed: unique symbol = Symbol('removed');

/**
 * A read model: documents folded from the log. Pure; a document depends only on its own events, so any batch split
 * gives the same.
 * Raising `version` rebuilds it beside the old one.
 */
export interface ReadModel<Row extends object> {
  readonly name: string;
  readonly version: number;
  /** Event types it listens to: the keys of `on`. */
  readonly on: Readonly<Record<string, Fold<Row>>>;
  /** Fields (dots for nested) that filters and sorts may use, one index each; several together for a compound one. */
  readonly indexes: readonly (readonly string[])[];
}
/** Written as methods, so that models of different rows stand in one list. */
export interface Fold<Row extends object> {
  /** Ids of the documents this event touches. */
  ids(recorded: Recorded): readonly string[];
  /**
   * New document from the old one; the same object back means "not changed", `removed` ends it. Never changes the one
   * it is given.
   */
  fold(row: Row | undefined, recorded: Recorded, id: string): Row | undefined | typeof removed;
}

type Handler<Row extends object, E extends AnyEvent> =
  FoldOf<Row, E> | { readonly ids: (recorded: Recorded<E>) => readonly string[]; readonly fold: FoldOf<Row, E> };

/**
 * One handler per event type, typed by the feature's events, and the names of those it ignores: a new event does not
 * compile until every model has answered. `ids` defaults to the model's own.
 */
export const readModel =
  <Row extends object, E extends AnyEvent>() =>
  <const Ignored extends E['type'] = never>(declaration: {
    readonly name: string;
    readonly version: number;
    readonly indexes: readonly (readonly string[])[];
    /** Ids of the documents an event touches, unless its handler says otherwise. */
    readonly ids: (recorded: Recorded<E>) => readonly string[];
    readonly ignores?: readonly Ignored[];
    readonly on: { readonly [T in Exclude<E['type'], Ignored>]: Handler<Row, Extract<E, { readonly type: T }>> };
  }): ReadModel<Row> => ({
    name: declaration.name,
    version: declaration.version,
    indexes: declaration.indexes,
    on: Object.fromEntries(
      Object.entries<unknown>(declaration.on).map(([type, handler]) => {
        const given = handler as Handler<Row, AnyEvent>;
        const one =
          typeof given === 'function'
            ? { ids: declaration.ids as (recorded: Recorded) => readonly string[], fold: given }
            : given;
        return [type, one as Fold<Row>];
      }),
    ),
  });
export type FoldOf<Row extends object, E extends AnyEvent> = (
  row: Row | undefined,
  recorded: Recorded<E>,
  id: string,
) => Row | undefined | typeof removed;
