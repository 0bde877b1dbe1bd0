import { code, type Code } from '#event-sourcing/vocabulary.js';

/** The tables of a policy at one moment; a table that nobody has published has no row. */
export interface TablesAtHand {
  readonly version: (table: string) => number | undefined;
  readonly lists: (table: string, value: string) => boolean;
  /** The row's first amount, in fen; undefined: there is none. */
  readonly price: (table: string, value: string) => bigint | undefined;
  /** The row's first whole number; undefined: there is none. */
  readonly figure: (table: string, value: string) => bigint | undefined;
  /** The row's first word or date beside its key; '': there is none. */
  readonly entry: (table: string, value: string) => string;
}

export const noTables: TablesAtHand = {
  version: () => undefined,
  lists: () => false,
  price: () => undefined,
  figure: () => undefined,
  entry: () => '',
};

/** The versions of the tables that a condition looks into, as a reason cites them: `keyCustomers@4`. */
export const tablesCited = (source: string, { version }: TablesAtHand): readonly Code[] | undefined => {
  const names = new Set(
    [...source.matchAll(/\b(?:listed|price|figure|entry)\s*\(\s*["'](\w+)["']/g)].map(([, name]) => name!),
  );
  return names.size === 0 ? undefined : [...names].map((name) => code(`${name}@${version(name) ?? 0}`));
};
