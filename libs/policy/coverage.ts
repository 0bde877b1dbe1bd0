import type { Policy } from './policy.js';

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
  collect(document, '', (rule, path) =>
    enforced.set(rule, [...(enforced.get(rule) ?? []).filter((known) => known !== path), path]),
  );
  const unenforced = new Map((document.unenforced ?? []).map(({ rule, why }) => [rule, why]));
  const rules = new Set([...declaredRules(document), ...[...enforced.keys(), ...unenforced.keys()].toSorted()]);
  return new Map(
    [...rules].map((rule) => {
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

const collect = (value: unknown, path: string, found: (rule: string, path: string) => void): void => {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value)
      for (const label of labelsOf(item)) collect(item, label === '' ? path : `${path}.${label}`, found);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (path === '' && (key === 'unenforced' || key === 'rules')) continue;
    if (key === 'rule' && Array.isArray(inner)) for (const rule of inner as string[]) found(rule, path);
    else collect(inner, path === '' ? key : containers.has(key) ? path : `${path}.${key}`, found);
  }
};

/** Lists that only hold a clause's items: reasons name the item right after the clause, and so do we. */
const containers = new Set(['fields', 'attachments', 'steps', 'by']);

/** What a reader calls an item: its own name, or what it is for; one entry for each operation or class it names. */
const labelsOf = (item: unknown): readonly string[] => {
  if (typeof item !== 'object' || item === null) return [''];
  const named = item as Readonly<Record<string, unknown>>;
  for (const key of ['name', 'cause', 'kind', 'basis', 'may', 'after', 'class', 'from', 'on']) {
    const value = named[key];
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value as string[];
  }
  return [''];
};
