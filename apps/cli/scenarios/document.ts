import { z } from 'zod';
import { readSource, type Path } from '#policy/reading.js';
import type { Label } from '#policy/words.js';
import { expectationSchema, type Expectation } from './expectation.js';
import { customersSchema } from './customers.js';
import { partiesSchema, type Parties } from './parties.js';
import { verbNames, verbs, type common } from './verbs.js';
import { nameSchema } from './words.js';

/** What is wrong with a scenario file, or with one scenario in it, where. */
export interface ScenarioProblem {
  readonly line: number;
  readonly message: Label;
}
/** Something somebody does, at a line of its file. */
export type Step = z.output<z.ZodObject<typeof common>> & { readonly does: string; readonly line: number };
export type Check = Expectation & { readonly line: number };
/** One act and what must be true afterwards. */
export interface Round {
  readonly when: Step;
  readonly checks: readonly Check[];
}
export interface Scenario {
  readonly title: string;
  readonly line: number;
  /** The document's id, or a path relative to the scenario file. Absent: the one beside it. */
  readonly policy?: string | undefined;
  /** Other readings: a path in the policy document and the value that stands there instead. */
  readonly reading: Readonly<Record<string, unknown>>;
  readonly program: string;
  readonly parties: Parties;
  readonly customers: z.output<typeof customersSchema>;
  readonly calendar: z.output<typeof calendarSchema>;
  readonly given: readonly Step[];
  readonly rounds: readonly Round[];
}
export type ScenarioFile =
  | { readonly ok: true; readonly scenarios: readonly Scenario[] }
  | {
      readonly ok: false;
      readonly problems: readonly ScenarioProblem[];
      /** Those that have no slip of their own can be played; how many have one. */
      readonly scenarios: readonly Scenario[];
      readonly broken: number;
    };

const dates = z
  .array(z.string().regex(/^\d{4}-\d{2}-\d{2}$/))
  .max(366)
  .default([]);
/** Working days of a year, instead of the ones we know. */
const calendarSchema = z
  .record(z.string().regex(/^\d{4}$/), z.strictObject({ holidays: dates, makeUpDays: dates }))
  .default({});
const settings = {
  policy: z.string().min(1).max(200).optional(),
  reading: z.record(z.string().min(1), z.unknown()).default({}),
  program: nameSchema.optional(),
  parties: partiesSchema.default({}),
  customers: customersSchema.default({}),
  calendar: calendarSchema,
};
const stepsMax = 200;
const raw = z.record(z.string(), z.unknown());
const expectations = z.union([
  z
    .array(z.union([z.string(), raw]))
    .min(1)
    .max(stepsMax),
  z.string(),
  raw,
]);
const roundSchema = z.strictObject({ when: raw, then: expectations });
const scenarioSchema = z.strictObject({
  scenario: z.string().trim().min(1).max(300),
  ...settings,
  given: z.array(raw).max(stepsMax).default([]),
  when: raw.optional(),
  then: expectations,
  and: z.array(roundSchema).max(stepsMax).default([]),
});
const everywhereSchema = z.strictObject({ everywhere: z.strictObject(settings) });
type Everywhere = z.output<typeof everywhereSchema>['everywhere'];

interface Locator {
  readonly lineOf: (path: Path) => number;
  readonly problems: ScenarioProblem[];
}

/** Reads a scenario file. Never throws: every problem is answered with its line. */
export const readScenarios = (text: string): ScenarioFile => {
  const source = readSource(text);
  if (!source.ok) return unreadable(source.problems.map(({ line, message }) => ({ line: line ?? 1, message })));
  const locator: Locator = { lineOf: (path) => source.locate(path).line ?? 1, problems: [] };
  if (!Array.isArray(source.value))
    return unreadable([
      {
        line: 1,
        message: {
          zh: '场景文件是一个列表，每一项以“- scenario:”开头。',
          en: 'A scenario file is a list; each item begins with "- scenario:".',
        },
      },
    ]);
  const everywhere = source.value
    .flatMap((item, index) =>
      isRecord(item) && 'everywhere' in item ? [parsed(everywhereSchema, item, [index], locator)?.everywhere] : [],
    )
    .find((found) => found !== undefined);
  // What stands for the whole file is part of each of its scenarios.
  if (locator.problems.length > 0) return unreadable(locator.problems);
  const titles = new Set<string>();
  const scenarios = source.value.flatMap((item, index) => {
    if (isRecord(item) && 'everywhere' in item) return [];
    const before = locator.problems.length;
    const scenario = readScenario(item, index, everywhere, locator);
    if (scenario !== undefined) sameTitleTwice(scenario, titles, locator);
    return [locator.problems.length === before ? scenario : undefined];
  });
  const played = scenarios.filter((scenario) => scenario !== undefined);
  return locator.problems.length === 0
    ? { ok: true, scenarios: played }
    : { ok: false, problems: locator.problems, scenarios: played, broken: scenarios.length - played.length };
};

const unreadable = (problems: readonly ScenarioProblem[]): ScenarioFile => ({
  ok: false,
  problems,
  scenarios: [],
  broken: 1,
});

const sameTitleTwice = ({ title, line }: Scenario, titles: Set<string>, { problems }: Locator): void => {
  if (titles.has(title))
    problems.push({ line, message: { zh: `场景“${title}”写了两次。`, en: `The scenario "${title}" stands twice.` } });
  titles.add(title);
};

const readScenario = (
  item: unknown,
  index: number,
  everywhere: Everywhere | undefined,
  locator: Locator,
): Scenario | undefined => {
  const read = parsed(scenarioSchema, item, [index], locator);
  if (read === undefined) return undefined;
  const given = read.given.map((step, at) => readStep(step, [index, 'given', at], locator));
  const first =
    read.when === undefined
      ? [{ when: atRest(locator.lineOf([index, 'then'])), checks: readChecks(read.then, [index, 'then'], locator) }]
      : [readRound({ when: read.when, then: read.then }, [index], locator)];
  const rounds = [...first, ...read.and.map((round, at) => readRound(round, [index, 'and', at], locator))];
  if (given.includes(undefined) || rounds.includes(undefined)) return undefined;
  return {
    title: read.scenario,
    line: locator.lineOf([index]),
    policy: read.policy ?? everywhere?.policy,
    program: read.program ?? everywhere?.program ?? 'program',
    reading: { ...everywhere?.reading, ...read.reading },
    parties: { ...everywhere?.parties, ...read.parties },
    customers: { ...everywhere?.customers, ...read.customers },
    calendar: { ...everywhere?.calendar, ...read.calendar },
    given: given as readonly Step[],
    rounds: rounds as readonly Round[],
  };
};

/** A scenario without a `when` looks at what its givens left. */
const atRest = (line: number): Step => ({ does: 'wait', line });

const readRound = (
  round: { readonly when: unknown; readonly then: unknown },
  path: Path,
  locator: Locator,
): Round | undefined => {
  const when = readStep(round.when, [...path, 'when'], locator);
  const checks = readChecks(round.then, [...path, 'then'], locator);
  return when === undefined ? undefined : { when, checks };
};

const readStep = (step: unknown, path: Path, locator: Locator): Step | undefined => {
  const does = isRecord(step) ? (step['does'] ?? 'wait') : undefined;
  const line = locator.lineOf(path);
  if (typeof does !== 'string' || !Object.hasOwn(verbs, does)) {
    locator.problems.push({
      line,
      message: {
        zh: `没有这个动作：${String(does)}。可用：${verbNames.join('、')}。`,
        en: `There is no such act: ${String(does)}. There are: ${verbNames.join(', ')}.`,
      },
    });
    return undefined;
  }
  const read = parsed(verbs[does]!.schema as z.ZodType<Step>, { ...(step as object), does }, path, locator);
  return read === undefined ? undefined : { ...read, line };
};

const readChecks = (given: unknown, path: Path, locator: Locator): readonly Check[] => {
  const items = Array.isArray(given) ? given : [given];
  return items.flatMap((item, index): Check[] => {
    const at = Array.isArray(given) ? [...path, index] : path;
    const read = parsed(expectationSchema, typeof item === 'string' ? worded(item) : item, at, locator);
    return read === undefined ? [] : [{ ...read, line: locator.lineOf(at) }];
  });
};
/** `- accepted` is short for `- { accepted: true }`. */
const worded = (word: string): Readonly<Record<string, unknown>> => ({ [word]: true });

const parsed = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: Path,
  { lineOf, problems }: Locator,
): z.output<S> | undefined => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  for (const issue of read.error.issues.slice(0, 10)) {
    const at = [...path, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : undefined;
    const name = String(issue.path.at(-1) ?? '');
    problems.push({
      line: lineOf(
        unknown === undefined ? at : [...at, issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : ''],
      ),
      message:
        unknown === undefined
          ? { zh: `${name}：${issue.message}`, en: `${name}: ${issue.message}` }
          : { zh: `未知的词：${unknown}。`, en: `Unknown word: ${unknown}.` },
    });
  }
  return undefined;
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
