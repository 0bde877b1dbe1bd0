import { knownOperationsNeeded } from './needed-operations.js';
import { declaredRules, ruleCoverage } from './coverage.js';
import type { PolicyDocument } from './document.js';
import { pathText, type Path } from './reading.js';
import type { Label } from './words.js';

/**
 * What a policy owner should look at in a document that loads. An error leaves a rule of the paper unanswered; a
 * warning is probably a slip.
 */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly path: string;
  /** The same path in steps, to find the line. */
  readonly steps: Path;
  readonly message: Label;
}

/**
 * Lints a document: rules nobody accounts for, clauses that can never fire, choices that are left out. Pure; the order
 * is the document's.
 */
export const checkPolicy = (document: PolicyDocument): readonly Finding[] => [
  ...ruleFindings(document),
  ...operationFindings(document),
  ...neverFires(document),
  ...missingChoices(document),
  ...mismatchedRoles(document),
];

const finding = (severity: Finding['severity'], code: string, path: Path, zh: string, en: string): Finding => ({
  code,
  severity,
  path: pathText(path),
  steps: path,
  message: { zh, en },
});
const warning = finding.bind(undefined, 'warning');
const error = finding.bind(undefined, 'error');

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

const operationFindings = (document: PolicyDocument): Finding[] => {
  const permitted = new Set(document.permissions.flatMap(({ may }) => may));
  return knownOperationsNeeded(document)
    .filter(({ operation }) => !permitted.has(operation))
    .map(({ operation, path, zh, en }) =>
      warning('NobodyMay', path, `${zh}，但没有人可以 ${operation}。`, `${en}, but nobody may ${operation}.`),
    );
};

const never = (path: Path, zh: string, en: string): Finding => warning('NeverFires', path, zh, en);
const neverFires = (document: PolicyDocument): Finding[] => {
  const { collision, intake } = document;
  const opens = (['secondClaim', 'pendingSecondClaim', 'lateArrival'] as const).filter(
    (situation) => collision[situation].outcome === 'case',
  );
  const reached = new Set((document.upgrades ?? []).map(({ to }) => to));
  const permitted = new Set(document.permissions.flatMap(({ may }) => may));
  return [
    ...(intake.ranks === 'recordedAt' && collision.lateArrival.outcome !== 'refuse'
      ? [
          never(
            ['collision', 'lateArrival'],
            '按入账时间排序，不会有迟到的较早报备。',
            'Claims are ranked as they are recorded: none can arrive late.',
          ),
        ]
      : []),
    ...(opens.length === 0 && document.objections === undefined && collision.case !== undefined
      ? [never(['collision', 'case'], '没有任何情形会立案。', 'No situation opens a case.')]
      : []),
    ...(opens.length === 0 && document.objections === undefined && document.suspension !== undefined
      ? [
          never(
            ['suspension'],
            '没有任何情形会立案，保护期不会中止。',
            'No situation opens a case, so no clock stands still.',
          ),
        ]
      : []),
    ...document.classes.flatMap(({ name, filed }, index) =>
      filed || reached.has(name)
        ? []
        : [
            never(
              ['classes', index],
              `类别“${name}”不能报备，也没有升级通向它。`,
              `The class "${name}" is neither filed nor reached by an upgrade.`,
            ),
          ],
    ),
    ...(permitted.has('exempt') && intake.exemption === 'refused'
      ? [
          never(
            ['permissions'],
            '可以豁免，但 intake.exemption 为 refused。',
            'Somebody may exempt, but intake.exemption is refused.',
          ),
        ]
      : []),
    ...(permitted.has('requestExtension') && document.extension === undefined
      ? [
          never(
            ['permissions'],
            '可以申请延期，但没有 extension。',
            'Somebody may ask for an extension, but there is no extension clause.',
          ),
        ]
      : []),
    ...(permitted.has('agreeSplit') && document.attribution.agreedSplits === 'refused'
      ? [
          never(
            ['permissions'],
            '可以约定分成，但 attribution.agreedSplits 为 refused。',
            'Somebody may agree a split, but attribution.agreedSplits is refused.',
          ),
        ]
      : []),
    ...(permitted.has('grantPermission') && !(document.filingPermission ?? []).some(({ required }) => required)
      ? [
          never(
            ['permissions'],
            '可以给予许可，但报备不需要许可。',
            'Somebody may grant permission, but no filing needs one.',
          ),
        ]
      : []),
    ...document.protection.flatMap(({ starts, class: names }, index) => {
      // A class that an upgrade leads to begins with that upgrade, whatever starts it otherwise.
      const filedHere = document.classes.some(({ name, filed }) => filed && names.includes(name));
      const needsRecording =
        starts === 'visit'
          ? 'recordVisit'
          : starts === 'followUp'
            ? 'recordFollowUp'
            : starts === 'deposit'
              ? 'recordDeposit'
              : undefined;
      return filedHere && needsRecording !== undefined && !permitted.has(needsRecording)
        ? [
            never(
              ['protection', index],
              `保护期从 ${starts} 起算，但没有人可以记录它。`,
              `Protection starts at ${starts}, which nobody may record.`,
            ),
          ]
        : [];
    }),
  ];
};

/** What a regime must say before it can be worked with: sanctions, ends, what silence means. */
const missingChoices = (document: PolicyDocument): Finding[] => {
  const steps = document.review.steps;
  return [
    ...((document.offences ?? []).length === 0
      ? [warning('SanctionMissing', ['offences'], '没有写明任何违规及其处理。', 'No offence and no sanction is named.')]
      : []),
    ...((document.ends ?? []).length === 0
      ? [
          warning(
            'CauseMissing',
            ['ends'],
            '没有写明任何提前终止的原因，虚假报备也不能终止。',
            'No cause ends a protection early, not even a false filing.',
          ),
        ]
      : []),
    ...(document.rules === undefined
      ? [
          warning(
            'RulesUndeclared',
            ['rules'],
            '没有声明原文有多少条规则，无法检查是否遗漏。',
            "The number of the paper's rules is not declared: what is left out cannot be found.",
          ),
        ]
      : []),
    ...steps.flatMap(({ name, within }, index) =>
      within === undefined
        ? [
            warning(
              'DeadlineMissing',
              ['review', 'steps', index],
              `审核步骤“${name}”没有期限，可能永远等待。`,
              `The step "${name}" has no deadline and may wait for ever.`,
            ),
          ]
        : [],
    ),
    ...(steps.length > 0 &&
    document.collision.pendingSecondClaim.outcome === 'refuse' &&
    !document.visibility.availability.tells.includes('pending')
      ? [
          warning(
            'AnswerMisleads',
            ['visibility', 'availability'],
            '待审中的报备会挡住别人，但查询时不告知。',
            'A waiting claim refuses others, but an ask does not tell of it.',
          ),
        ]
      : []),
    ...(document.attribution.by.some(({ basis }) => basis === 'unregistered')
      ? []
      : [
          warning(
            'UnregisteredUnclear',
            ['attribution', 'by'],
            '没有写明未报备成交的业绩归属。',
            'Nothing says who is credited for a deal without a registration.',
          ),
        ]),
    ...(document.collision.case !== undefined && !document.attribution.by.some(({ basis }) => basis === 'verdict')
      ? [
          warning(
            'VerdictUnclear',
            ['attribution', 'by'],
            '会有裁决，但没有写明裁决后的业绩归属。',
            'There are verdicts, but nothing says who is credited after one.',
          ),
        ]
      : []),
  ];
};

/** Roles that a clause names but that `permissions` keeps from the operation: they would be asked and then refused. */
const mismatchedRoles = (document: PolicyDocument): Finding[] => {
  const may = (operation: string): ReadonlySet<string> | 'anybody' => {
    const items = document.permissions.filter((item) => (item.may as readonly string[]).includes(operation));
    return items.some(({ roles }) => roles === undefined)
      ? 'anybody'
      : new Set(items.flatMap(({ roles }) => roles ?? []));
  };
  const check = (operation: string, roles: readonly string[] | undefined, path: Path): Finding[] => {
    const permitted = may(operation);
    return permitted === 'anybody'
      ? []
      : (roles ?? [])
          .filter((role) => !permitted.has(role))
          .map((role) =>
            warning(
              'RoleCannotAct',
              path,
              `“${role}”在此有权，却不可以 ${operation}。`,
              `"${role}" is named here but may not ${operation}.`,
            ),
          );
  };
  return [
    ...document.review.steps.flatMap(({ roles, escalatesTo }, index) =>
      check('approve', [...roles, ...(escalatesTo ?? [])], ['review', 'steps', index]),
    ),
    ...check('arbitrate', document.collision.case?.arbiters, ['collision', 'case', 'arbiters']),
    ...(document.ends ?? []).flatMap(({ foundBy }, index) =>
      check('terminate', foundBy?.roles, ['ends', index, 'foundBy']),
    ),
    ...(document.offences ?? []).flatMap(({ foundBy }, index) =>
      check('findOffence', foundBy?.roles, ['offences', index, 'foundBy']),
    ),
  ];
};
