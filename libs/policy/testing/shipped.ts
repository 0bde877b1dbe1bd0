import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy, type Policy } from '../policy.js';

/** Documents are data: they stay in the source tree, wherever the code was compiled to. */
const folder = join(import.meta.dirname, '..').replace(/([/\\])dist[/\\](?=libs[/\\]policy$)/, '$1');

/** The regimes that we ship, by their ids: each is a folder of `documents`. */
export const shippedPolicies: readonly string[] = readdirSync(join(folder, 'documents'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();

export const shippedText = (id: string): string =>
  readFileSync(join(folder, 'documents', id, `${id}.policy.yaml`), 'utf8');
export const shippedPolicy = (id: string): Policy => loaded(shippedText(id));
/** The rules of one paper, in its order: `documents/rules.tsv` lists those of all. */
export const paperRules = (prefix: string): readonly { readonly rule: string; readonly type: string }[] =>
  readFileSync(join(folder, 'documents', 'rules.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(`${prefix}.`))
    .map((line) => line.split('\t'))
    .map(([rule, type]) => ({ rule: rule!, type: type! }));
/**
 * A regime of no company, which uses every clause that the shipped ones leave out: cases, suspension, splits, bans,
 * ladders, commission.
 */
export const inventedText = (): string => readFileSync(join(folder, 'testing', 'invented.policy.yaml'), 'utf8');
/** Another of no company: every way of claiming beside each other. */
export const claimsText = (): string => readFileSync(join(folder, 'testing', 'claims.policy.yaml'), 'utf8');
export const inventedPolicy = (): Policy => loaded(inventedText());

export const loaded = (text: string): Policy => {
  const result = loadPolicy(text);
  if (!result.ok)
    throw new Error(
      result.problems
        .map(({ code, path, line, column, message }) => `${code} at ${path} (${line}:${column}): ${message.en}`)
        .join('\n'),
    );
  return result.policy;
};
