import { parse } from 'yaml';
import { citingItems } from '#policy/coverage.js';
import type { Policy } from '#policy/policy.js';
import { pathText, type Path } from '#policy/reading.js';
import type { Scenario } from './document.js';
import { play } from './play.js';
import { policyFor, withReading } from './policies.js';
import { ScenarioError } from './problem.js';

/**
 * Whether an item of a document is what makes a rule true: a scenario that cites the rule passes, and fails once the
 * item is taken out or says something else. `by`: the scenario that notices; absent: nobody would.
 */
export interface Enforcement {
  readonly rule: string;
  readonly label: string;
  readonly path: string;
  readonly by?: string;
}

/** The declared rules that an item names and no scenario misses: they are mentioned, and nothing shows them enforced. */
export const onlyMentioned = async (
  policy: Policy,
  scenarios: readonly Scenario[],
  file: string,
): Promise<readonly string[]> => {
  const items = citingItems(policy.document);
  const mentioned: string[] = [];
  for (const rule of new Set(items.flatMap(({ rules }) => rules))) {
    const citing = scenarios.filter((scenario) => cites(scenario, rule));
    let by: string | undefined;
    for (const { path } of items.filter(({ rules }) => rules.includes(rule)))
      by ??= await noticedBy(path, citing, file);
    if (by === undefined) mentioned.push(rule);
  }
  return mentioned;
};

/** Plays the scenarios that cite a rule without the items that claim to enforce it, one after the other. */
export const enforcements = async (
  policy: Policy,
  scenarios: readonly Scenario[],
  file: string,
): Promise<readonly Enforcement[]> => {
  const found: Enforcement[] = [];
  for (const { label, path, rules } of citingItems(policy.document))
    for (const rule of rules) {
      const by = await noticedBy(
        path,
        scenarios.filter((scenario) => cites(scenario, rule)),
        file,
      );
      found.push({ rule, label, path: pathText(path), ...(by === undefined ? {} : { by }) });
    }
  return found;
};

const cites = (scenario: Scenario, rule: string): boolean =>
  new RegExp(`${rule.replaceAll('.', '\\.')}(?!\\d)`).test(JSON.stringify(scenario));

const noticedBy = async (path: Path, scenarios: readonly Scenario[], file: string): Promise<string | undefined> => {
  for (const scenario of scenarios) {
    const judged = withoutCitations(scenario);
    const text = policyFor(file, scenario.policy, scenario.line);
    for (const reading of mutationsOf(text, path)) {
      const changed = { ...judged, reading: { ...judged.reading, ...reading } };
      if (loads(text, changed) && (await play(changed, file)).length > 0) return scenario.title;
    }
  }
  return undefined;
};

/** That a reason names the rule shows that the rule is named: what counts is what was decided. */
const withoutCitations = (scenario: Scenario): Scenario => ({
  ...scenario,
  rounds: scenario.rounds.map((round) => ({
    ...round,
    checks: round.checks.map((check) => ({ ...check, cites: undefined })),
  })),
});

const loads = (text: string, { reading, line }: Scenario): boolean => {
  try {
    withReading(text, reading, line);
    return true;
  } catch (error) {
    if (error instanceof ScenarioError) return false;
    throw error;
  }
};

/** Words of which a document chooses one: a mutant says another of the same list. */
const choices: readonly (readonly unknown[])[] = [
  ['refuse', 'case', 'queue'],
  ['overturn', 'case', 'refuse'],
  ['refuse', 'renew'],
  ['allowed', 'refused'],
  ['registered', 'approved', 'visit', 'followUp', 'deposit'],
  ['inclusive', 'exclusive'],
  ['corresponding', 'inclusive'],
  ['event', 'end'],
  ['event', 'start'],
  ['end', 'decision'],
  ['abandon', 'expire'],
  ['terminate', 'void'],
  ['filerAndCustomer', 'customer'],
  ['approve', 'reject', 'none'],
  ['occurredAt', 'receivedAt', 'recordedAt'],
  ['email', 'wechat'],
  ['holder', 'party'],
  [true, false],
];
/** What is only read by people, or names the item itself. */
const silent = new Set(['rule', 'label', 'title', 'zh', 'en', 'name', 'cause', 'kind', 'class', 'basis']);

/** What a document must say as well as soon as something opens a case. */
const arbitrated = {
  'collision.case': { arbiters: 'arbiter', outcomes: ['assign'] },
  suspension: { unit: 'days', partialDay: 'unused' },
};

/**
 * The item taken out; for one that the document cannot do without, each of its values changed: numbers are one more,
 * words another of their list, lists one entry shorter.
 */
const mutationsOf = (text: string, path: Path): readonly Readonly<Record<string, unknown>>[] => {
  const item = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], parse(text));
  return [{ [pathText(path)]: null }, ...changesIn(item, path)];
};

const changesIn = (value: unknown, path: Path): readonly Readonly<Record<string, unknown>>[] => {
  if (silent.has(String(path.at(-1)))) return [];
  if (path.at(-1) === 'weights') return [{ [pathText(path)]: { closer: 1 } }];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => {
      const here = [...path, Array.isArray(value) ? Number(key) : key];
      const shorter = silent.has(key) ? [] : [{ [pathText(here)]: null }];
      return [...shorter, ...changesIn(inner, here)];
    });
  if (typeof value === 'number') return [{ [pathText(path)]: value + 1 }];
  return choices
    .filter((list) => list.includes(value))
    .flatMap((list) =>
      list
        .filter((other) => other !== value)
        .map((other) => ({ ...(other === 'case' ? arbitrated : {}), [pathText(path)]: other })),
    );
};
