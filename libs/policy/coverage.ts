import type { Clause } from './clause.js';
import { clauses } from './clauses.js';
import type { PolicyDocument } from './document.js';
import type { Policy } from './policy.js';
import type { Path } from './reading.js';
import { givenTo } from './references.js';

/** Where a rule of the paper is enforced, or why it is not. */
export type Coverage =
  | { readonly enforcedBy: readonly string[]; readonly unenforced?: string }
  | { readonly enforcedBy: readonly []; readonly unenforced: string };

/**
 * Each rule that the document names, in the paper's order, with the paths of the items that enforce it
 * (`protection.walkIn`) or the reason why nothing does.
 * A declared rule (`rules: {prefix, count}`) that is neither has an empty list and no reason.
 */
export const ruleCoverage = ({
  document,
}: Pick<Policy, 'document'>): ReadonlyMap<string, Coverage | { readonly enforcedBy: readonly [] }> => {
  const enforced = new Map<string, string[]>();
  for (const { label, rules } of citingItems(document))
    for (const rule of rules)
      enforced.set(rule, [...(enforced.get(rule) ?? []).filter((known) => known !== label), label]);
  const unenforced = new Map((document.unenforced ?? []).map(({ rule, why }) => [rule, why]));
  const ids = new Set([...declaredRules(document), ...[...enforced.keys(), ...unenforced.keys()].toSorted()]);
  return new Map(
    [...ids].map((rule) => {
      const why = unenforced.get(rule);
      return [
        rule,
        { enforcedBy: enforced.get(rule) ?? [], ...(why === undefined ? {} : { unenforced: why }) } as Coverage,
      ];
    }),
  );
};

/** `R04.01` to `R04.20` for `{ prefix: R04, count: 20 }`. */
export const declaredRules = ({
  rules,
}: {
  readonly rules?: { readonly prefix: string; readonly count: number } | undefined;
}): readonly string[] =>
  rules === undefined
    ? []
    : Array.from({ length: rules.count }, (_, index) => `${rules.prefix}.${String(index + 1).padStart(2, '0')}`);

/** An item of a clause that names rules: what a reader calls it, and where it stands. */
export interface CitingItem {
  readonly label: string;
  readonly path: Path;
  readonly rules: readonly string[];
}

/** Every item that enforces something, in the document's order. An item for two classes has two labels. */
export const citingItems = (document: PolicyDocument): readonly CitingItem[] => [
  ...itemsIn(document.authority, ['authority'], 'authority', { by: [] }),
  ...clauses.flatMap((clause: Clause) =>
    itemsIn(givenTo(clause, document), [clause.name], clause.name, clause.items ?? { by: [] }),
  ),
];

const itemsIn = (value: unknown, path: Path, label: string, items: NonNullable<Clause['items']>): CitingItem[] => {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) =>
      labelsOf(item, items.by).flatMap((name) =>
        itemsIn(item, [...path, index], name === '' ? label : `${label}.${name}`, items),
      ),
    );
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'rule' && Array.isArray(inner)) return [{ label, path, rules: inner as readonly string[] }];
    return itemsIn(inner, [...path, key], items.through?.includes(key) === true ? label : `${label}.${key}`, items);
  });
};

/** What a reader calls an item: its own name, or what it is for; one entry for each operation or class it names. */
export const labelsOf = (item: unknown, by: readonly string[]): readonly string[] => {
  const named = typeof item === 'object' && item !== null ? (item as Readonly<Record<string, unknown>>) : {};
  const found = by.map((key) => named[key]).find((value) => value !== undefined);
  return found === undefined ? [''] : Array.isArray(found) ? (found as readonly string[]) : [String(found)];
};
