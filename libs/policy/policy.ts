import { createHash } from 'node:crypto';
import { z } from 'zod';
import { recentlyUsed } from '#event-sourcing/recently-used.js';
import { code, type Code } from '#event-sourcing/vocabulary.js';
import type { ZoneId } from '#time/instant.js';
import { compileClauses, type CompiledClauses } from './clauses.js';
import type { Conditions } from './condition.js';
import { documentSchema, type PolicyDocument } from './document.js';
import { meaningsOf, type Meanings } from './meanings.js';
import type { TitleKind } from './naming.js';
import { pathText, problemsMax, readSource, type Path, type PolicyProblem } from './reading.js';
import { checkReferences, declaredIn, workingDaysIn } from './references.js';
import { between, type Label } from './words.js';

export type { PolicyProblem } from './reading.js';

/** One version of a regime, ready to be evaluated. Two texts that differ in one byte are two policies. */
export interface Policy {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the exact text, 64 hex digits; 12 of them stand in the reference. */
  readonly digest: string;
  /** `id@version#digest`: what every ruling cites. */
  readonly reference: Code;
  readonly title: Label;
  readonly timeZone: ZoneId;
  readonly document: PolicyDocument;
  /** Which meaning of each clause holds; a clause that is not here has its first. */
  readonly meanings: Meanings;
  /** What the clauses look up at every command, worked out once. */
  readonly compiled: CompiledClauses;
  /** Whether any of its clauses counts working days: then its decisions rest on the years of its calendar. */
  readonly countsWorkingDays: boolean;
  /** Parsed and type-checked once. */
  readonly conditions: Conditions;
  /** The policy's own words for its classes, fields, causes, steps…: by name, in the document's order. */
  readonly titles: ReadonlyMap<string, readonly Title[]>;
}

export interface Title {
  readonly kind: TitleKind | undefined;
  readonly title: Label;
}

export type LoadedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly [PolicyProblem, ...PolicyProblem[]] };

/**
 * Reads a policy document. Never throws: what cannot be evaluated is answered with every problem found, each with line
 * and column, at most 50. `published`: the meanings that stand in the event which published it; none for a text that
 * nobody has published yet.
 */
export const loadPolicy = (text: string, published?: readonly Code[]): LoadedPolicy => {
  const digest = createHash('sha256').update(text, 'utf8').digest('hex');
  const key = [digest, ...(published ?? ['unpublished'])].join(' ');
  const known = recently.get(key);
  if (known !== undefined) return known;
  const loaded = readPolicy(text, digest, published);
  if (loaded.ok) recently.set(key, loaded);
  return loaded;
};
/** Reading is pure: one text under the same meanings is one policy. */
const recently = recentlyUsed<string, LoadedPolicy>(64);

const readPolicy = (text: string, digest: string, published: readonly Code[] | undefined): LoadedPolicy => {
  const source = readSource(text);
  if (!source.ok) return source;
  const problem = (issue: { readonly code: string; readonly path: Path; readonly message: Label }): PolicyProblem => ({
    code: issue.code,
    path: pathText(issue.path),
    ...source.locate(issue.path),
    message: issue.message,
  });
  const parsed = documentSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success)
    return failed(parsed.error.issues.slice(0, problemsMax).map((issue) => problem(shapeProblem(issue))));
  const checked = checkReferences(parsed.data);
  if (checked.problems.length > 0) return failed(checked.problems.slice(0, problemsMax).map(problem));
  const { policy: id, version, title, timeZone } = parsed.data;
  return {
    ok: true,
    policy: {
      id,
      version,
      digest,
      reference: code(`${id}@${version}#${digest.slice(0, 12)}`),
      title,
      timeZone,
      document: parsed.data,
      conditions: checked.conditions,
      countsWorkingDays: workingDaysIn(parsed.data, []).length > 0,
      meanings: meaningsOf(parsed.data, published),
      compiled: compileClauses(parsed.data),
      titles: titlesIn(parsed.data),
    },
  };
};

const titlesIn = (document: PolicyDocument): ReadonlyMap<string, readonly Title[]> => {
  const titles = new Map<string, Title[]>();
  for (const { kind, name, title } of declaredIn(document))
    if (title !== undefined) titles.set(name, [...(titles.get(name) ?? []), { kind, title }]);
  return titles;
};

const failed = ([first, ...more]: readonly PolicyProblem[]): LoadedPolicy => {
  if (first === undefined) throw new Error('a refused document has a problem');
  return { ok: false, problems: [first, ...more] };
};

const inChinese = z.locales.zhCN().localeError;

const shapeProblem = (
  given: z.core.$ZodIssue,
): { readonly code: string; readonly path: Path; readonly message: Label } => {
  const issue = innermost(given);
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key.slice(0, 40)}"`).join(', ');
    return {
      code: 'KeyUnknown',
      path: [...path, issue.keys[0] ?? ''],
      message: { zh: `未知的键：${keys}。`, en: `Unknown key: ${keys}.` },
    };
  }
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return {
      code: 'Missing',
      path,
      message: { zh: `缺少 ${path.at(-1) ?? ''}。`, en: `${path.at(-1) ?? 'This'} is missing.` },
    };
  const [zh, en] = issue.message.split(between);
  // What we did not write ourselves is the schema library's own sentence, which it has in both languages.
  return {
    code: 'ShapeWrong',
    path,
    message: { zh: en === undefined ? chinese(issue) : (zh ?? ''), en: en ?? issue.message },
  };
};

const chinese = (issue: z.core.$ZodIssue): string => {
  const said = inChinese(issue as z.core.$ZodRawIssue);
  return (typeof said === 'string' ? said : said?.message) ?? '内容不符合要求。';
};

/**
 * Where one of something or a list of it may stand, the mistake is the one of the branch that was followed furthest.
 */
const innermost = (issue: z.core.$ZodIssue): z.core.$ZodIssue => {
  if (issue.code !== 'invalid_union' || issue.message.includes(between)) return issue;
  const [furthest] = issue.errors
    .flatMap(([first]) => (first === undefined ? [] : [first]))
    .toSorted((a, b) => b.path.length - a.path.length);
  return furthest === undefined ? issue : innermost({ ...furthest, path: [...issue.path, ...furthest.path] });
};
