import { error, neverFires, warning, type Clause, type Finding } from './clause.js';
import { clauses } from './clauses.js';
import { declaredRules, ruleCoverage } from './coverage.js';
import type { PolicyDocument } from './document.js';
import { wordProblems } from './known-words.js';
import type { PolicyProblem } from './reading.js';
import { readSource } from './reading.js';
import { loadPolicy } from './policy.js';
import { givenTo } from './references.js';

export type { Finding } from './clause.js';

/**
 * Lints a document: rules nobody accounts for, operations nobody may do or that come to nothing, and what each clause
 * has to say of itself: what can never fire, what is left out. Pure.
 */
export const checkPolicy = (document: PolicyDocument): readonly Finding[] => [
  ...undeclared(document),
  ...wordProblems(
    'CalendarForeign',
    document.calendar === undefined ? [] : [document.calendar],
    calendars,
    ['calendar'],
    {
      zh: '随附的工作日历（须由本单位自行公布）',
      en: 'calendar that comes with the product (your organisation must publish it)',
    },
  ),
  ...ruleFindings(document),
  ...operationFindings(document),
  ...clauses.flatMap((clause: Clause) => clause.lints?.(givenTo(clause, document), document) ?? []),
];

/** What is wrong with a text, or what its owner should look at, and where it stands. */
export interface Found extends Omit<PolicyProblem, 'line' | 'column'>, Partial<Pick<PolicyProblem, 'line' | 'column'>> {
  readonly severity: Finding['severity'];
}
/** Everything of a text. One that does not load is not linted. */
export const checkText = (text: string): readonly Found[] => {
  const loaded = loadPolicy(text);
  if (!loaded.ok) return loaded.problems.map((problem) => ({ severity: 'error', ...problem }));
  const source = readSource(text);
  return checkPolicy(loaded.policy.document).map(({ steps, ...finding }) => ({
    ...(source.ok ? source.locate(steps) : {}),
    ...finding,
  }));
};

/** Working calendars whose days come with the product. */
const calendars = ['china'];

const undeclared = ({ rules }: PolicyDocument): Finding[] =>
  rules !== undefined
    ? []
    : [
        warning(
          'RulesUndeclared',
          ['rules'],
          '没有声明原文有多少条规则，无法检查是否遗漏。',
          "The number of the paper's rules is not declared: what is left out cannot be found.",
        ),
      ];

const ruleFindings = (document: PolicyDocument): Finding[] => {
  const coverage = ruleCoverage({ document });
  const declared = new Set(declaredRules(document));
  return [...coverage].flatMap(([rule, entry]): Finding[] => {
    const why = 'unenforced' in entry ? entry.unenforced : undefined;
    if (entry.enforcedBy.length === 0 && why === undefined)
      return [
        error(
          'RuleUnaccounted',
          ['rules'],
          `${rule} 既没有条款执行，也没有列入 unenforced。`,
          `${rule} is enforced by no item and not listed under unenforced.`,
        ),
      ];
    if (entry.enforcedBy.length > 0 && why !== undefined)
      return [
        warning(
          'RuleBothWays',
          ['unenforced'],
          `${rule} 既有条款执行（${entry.enforcedBy.join('、')}），又列入 unenforced。`,
          `${rule} is enforced by ${entry.enforcedBy.join(', ')} and also listed under unenforced.`,
        ),
      ];
    return declared.size > 0 && !declared.has(rule)
      ? [warning('RuleForeign', ['rules'], `${rule} 不在声明的规则之内。`, `${rule} is not among the declared rules.`)]
      : [];
  });
};

/** Clauses and permissions must meet: what a clause lives by somebody may do, and what somebody may do has a clause. */
const operationFindings = (document: PolicyDocument): Finding[] => {
  const permitted = new Set<string>(document.permissions.flatMap(({ may }) => may));
  return clauses.flatMap((clause: Clause) => {
    const given = givenTo(clause, document);
    const needed = given === undefined ? [] : (clause.needs?.(given, document) ?? []);
    const idle = clause.idle?.(given, document) ?? [];
    return [
      ...needed
        .filter(({ operation }) => !permitted.has(operation))
        .map(({ operation, path, zh, en }) =>
          warning('NobodyMay', path, `${zh}，但没有人可以 ${operation}。`, `${en}, but nobody may ${operation}.`),
        ),
      ...idle
        .filter(({ operation }) => permitted.has(operation))
        .map(({ zh, en }) => neverFires(['permissions'], zh, en)),
    ];
  });
};
