import { isTimeZone } from '#time/instant.js';
import type { Duration } from '#time/clock.js';
import { compileCondition, type Condition, type VariableType } from './condition.js';
import type { Field } from './clauses/form.js';
import { measure } from './clauses/protection.js';
import { noticeParties } from './clauses/notices.js';
import type { PolicyDocument } from './document.js';
import { knownRoles } from './roles.js';
import type { Path } from './reading.js';
import { appliesTo, type Label, type Length } from './words.js';

/**
 * What cannot be evaluated: names that nothing declares, conditions that are no conditions, choices that hang in the
 * air.
 */
export interface Unsound {
  readonly code: string;
  readonly path: Path;
  readonly message: Label;
}

export interface Checked {
  readonly problems: readonly Unsound[];
  readonly conditions: ReadonlyMap<string, Condition>;
}

/** Everything that the shape alone does not show. A document without problems can be evaluated without a surprise. */
export const checkReferences = (document: PolicyDocument): Checked => {
  const { conditions, problems } = conditionsOf(document);
  return {
    conditions,
    problems: [
      ...(isTimeZone(document.timeZone)
        ? []
        : [unsound('TimeZoneUnknown', ['timeZone'], '没有这个时区。', 'No such time zone.')]),
      ...classProblems(document),
      ...formProblems(document),
      ...keyProblems(document),
      ...intakeProblems(document),
      ...roleProblems(document),
      ...lengthProblems(document),
      ...endProblems(document),
      ...collisionProblems(document),
      ...twice(document),
      ...problems,
    ],
  };
};

export const unsound = (code: string, path: Path, zh: string, en: string): Unsound => ({
  code,
  path,
  message: { zh, en },
});

const fieldsIn = (document: PolicyDocument, name: string): readonly Field[] =>
  document.form.filter((part) => appliesTo(part, name)).flatMap(({ fields }) => fields);
export const filedClasses = (document: PolicyDocument): readonly string[] =>
  document.classes.filter(({ filed }) => filed).map(({ name }) => name);

const classProblems = (document: PolicyDocument): Unsound[] => {
  const known = new Set(document.classes.map(({ name }) => name));
  const check = (names: readonly string[] | undefined, path: Path): Unsound[] =>
    (names ?? [])
      .filter((name) => !known.has(name))
      .map((name) => unsound('ClassUnknown', path, `未定义的类别“${name}”。`, `The class "${name}" is not defined.`));
  const lists = {
    form: document.form,
    filingPermission: document.filingPermission,
    protection: document.protection,
    extension: document.extension,
    commission: document.commission,
  };
  return [
    ...Object.entries(lists).flatMap(([clause, items]) =>
      (items ?? []).flatMap((item, index) => check(item.class, [clause, index, 'class'])),
    ),
    ...document.review.steps.flatMap((item, index) => check(item.class, ['review', 'steps', index, 'class'])),
    ...(['channels', 'leadTimes', 'dailyWindows', 'latestAfter'] as const).flatMap((list) =>
      document.intake[list].flatMap((item, index) => check(item.class, ['intake', list, index, 'class'])),
    ),
    ...(['strongKeys', 'weakKeys'] as const).flatMap((list) =>
      (document.identity[list] ?? []).flatMap((item, index) => check(item.class, ['identity', list, index, 'class'])),
    ),
    ...(document.upgrades ?? []).flatMap(({ from, to }, index) => [
      ...check([from], ['upgrades', index, 'from']),
      ...check([to], ['upgrades', index, 'to']),
    ]),
    ...(filedClasses(document).length === 0
      ? [unsound('NoClassFiled', ['classes'], '没有任何类别可以报备。', 'No class can be filed.')]
      : []),
    ...document.classes.flatMap(({ name }, index) => {
      const clocks = document.protection.filter((item) => item.class.includes(name)).length;
      if (clocks === 0)
        return [
          unsound(
            'ClassWithoutProtection',
            ['classes', index],
            `类别“${name}”没有保护期。`,
            `The class "${name}" has no protection.`,
          ),
        ];
      return clocks === 1
        ? []
        : [
            unsound(
              'ProtectionTwice',
              ['protection'],
              `类别“${name}”的保护期写了两次。`,
              `The class "${name}" has two protections.`,
            ),
          ];
    }),
  ];
};

const formProblems = (document: PolicyDocument): Unsound[] => {
  const types = new Map<string, string>();
  const shape = document.form.flatMap(({ fields }, part) =>
    fields.flatMap((field, index): Unsound[] => {
      const path: Path = ['form', part, 'fields', index];
      const before = types.get(field.name);
      types.set(field.name, field.type);
      const textLike = !['number', 'date', 'instant', 'money', 'choice', 'flag'].includes(field.type);
      return [
        ...(before !== undefined && before !== field.type
          ? [
              unsound(
                'FieldTypeDiffers',
                [...path, 'type'],
                `字段“${field.name}”有两种类型。`,
                `The field "${field.name}" has two types.`,
              ),
            ]
          : []),
        ...(textLike && field.personal === false
          ? [
              unsound(
                'TextIsPersonal',
                [...path, 'personal'],
                '文字类字段一律按个人信息加密。',
                'Text-like fields are always personal.',
              ),
            ]
          : []),
        ...(field.partial && field.type !== 'phone' && field.type !== 'personName'
          ? [
              unsound(
                'PartialMeansNothing',
                [...path, 'partial'],
                'partial 只用于电话和姓名。',
                'Only phones and names can be partial.',
              ),
            ]
          : []),
        ...((field.type === 'choice') === (field.choices !== undefined)
          ? []
          : [
              unsound(
                'ChoicesMissing',
                path,
                'choice 类型须有 choices，其他类型不能有。',
                'A choice has choices, and nothing else has.',
              ),
            ]),
        ...boundProblems(field, path),
      ];
    }),
  );
  const perClass = document.classes.flatMap(({ name }) =>
    duplicates(fieldsIn(document, name).map((field) => field.name)).map((field) =>
      unsound(
        'FieldTwice',
        ['form'],
        `类别“${name}”的表单中字段“${field}”写了两次。`,
        `The form of "${name}" has the field "${field}" twice.`,
      ),
    ),
  );
  return [...shape, ...perClass];
};

const boundProblems = (field: Field, path: Path): Unsound[] =>
  (['min', 'max'] as const).flatMap((bound) => {
    const value = field[bound];
    if (value === undefined) return [];
    const fits =
      field.type === 'number'
        ? typeof value === 'number'
        : field.type === 'text'
          ? typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2_000
          : field.type === 'money'
            ? /^\d{1,12}(?:\.\d{2})?$/.test(String(value))
            : field.type === 'date'
              ? typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
              : field.type === 'instant'
                ? typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)
                : false;
    return fits
      ? []
      : [
          unsound(
            'BoundMeaningless',
            [...path, bound],
            `${bound} 与字段类型 ${field.type} 不符。`,
            `${bound} does not fit the type ${field.type}.`,
          ),
        ];
  });

const keyProblems = (document: PolicyDocument): Unsound[] => {
  const known = new Set(document.form.flatMap(({ fields }) => fields.map(({ name }) => name)));
  const unknown = (['strongKeys', 'weakKeys'] as const).flatMap((list) =>
    (document.identity[list] ?? []).flatMap(({ parts }, index) =>
      parts.flatMap(({ field }, part) =>
        known.has(field)
          ? []
          : [
              unsound(
                'FieldUnknown',
                ['identity', list, index, 'parts', part, 'field'],
                `没有字段“${field}”。`,
                `No form has the field "${field}".`,
              ),
            ],
      ),
    ),
  );
  const unidentified = filedClasses(document)
    .filter((name) => {
      const fields = new Set(fieldsIn(document, name).map((field) => field.name));
      return !document.identity.strongKeys.some(
        (key) => appliesTo(key, name) && key.parts.every(({ field }) => fields.has(field)),
      );
    })
    .map((name) =>
      unsound(
        'ClassWithoutKey',
        ['identity', 'strongKeys'],
        `类别“${name}”的表单凑不成任何强键，客户无法识别。`,
        `The form of "${name}" gives no strong key: its subject cannot be told.`,
      ),
    );
  return [...unknown, ...unidentified];
};

const intakeProblems = (document: PolicyDocument): Unsound[] => {
  const dated = (name: string, field: string): boolean =>
    fieldsIn(document, name).some((each) => each.name === field && (each.type === 'date' || each.type === 'instant'));
  const check = (
    list: 'leadTimes' | 'latestAfter',
    field: string,
    classes: readonly string[] | undefined,
    index: number,
    key: string,
  ): Unsound[] =>
    (classes ?? filedClasses(document))
      .filter((name) => !dated(name, field))
      .map((name) =>
        unsound(
          'FieldNotDated',
          ['intake', list, index, key],
          `类别“${name}”的表单没有日期或时刻字段“${field}”。`,
          `The form of "${name}" has no date or instant "${field}".`,
        ),
      );
  return [
    ...document.intake.leadTimes.flatMap((item, index) => check('leadTimes', item.before, item.class, index, 'before')),
    ...document.intake.latestAfter.flatMap((item, index) =>
      check('latestAfter', item.after, item.class, index, 'after'),
    ),
    ...filedClasses(document)
      .filter((name) => !document.intake.channels.some((item) => appliesTo(item, name)))
      .map((name) =>
        unsound(
          'ClassWithoutChannel',
          ['intake', 'channels'],
          `类别“${name}”没有报备渠道。`,
          `The class "${name}" has no channel.`,
        ),
      ),
  ];
};

const roleProblems = (document: PolicyDocument): Unsound[] => {
  const known = new Set<string>([...knownRoles, ...(document.roles ?? [])]);
  const check = (roles: readonly string[] | undefined, path: Path): Unsound[] =>
    (roles ?? [])
      .filter((role) => !known.has(role))
      .map((role) =>
        unsound(
          'RoleUnknown',
          path,
          `未定义的角色“${role}”：请列入 roles。`,
          `The role "${role}" is not defined: list it under roles.`,
        ),
      );
  return [
    ...document.permissions.flatMap(({ roles }, index) => check(roles, ['permissions', index, 'roles'])),
    ...document.review.steps.flatMap(({ roles, escalatesTo }, index) => [
      ...check(roles, ['review', 'steps', index, 'roles']),
      ...check(escalatesTo, ['review', 'steps', index, 'escalatesTo']),
    ]),
    ...(document.ends ?? []).flatMap(({ foundBy }, index) =>
      check(foundBy?.roles, ['ends', index, 'foundBy', 'roles']),
    ),
    ...(document.offences ?? []).flatMap(({ foundBy }, index) =>
      check(foundBy?.roles, ['offences', index, 'foundBy', 'roles']),
    ),
    ...(document.filingPermission ?? []).flatMap(({ formIssuedTo }, index) =>
      check(formIssuedTo === undefined ? [] : [formIssuedTo], ['filingPermission', index, 'formIssuedTo']),
    ),
    ...(document.notices ?? []).flatMap(({ to }, index) =>
      check(
        to.filter((name) => !(noticeParties as readonly string[]).includes(name)),
        ['notices', index, 'to'],
      ),
    ),
    ...check(document.collision.case?.arbiters, ['collision', 'case', 'arbiters']),
  ];
};

const isLength = (length: Length): length is Duration => !('from' in length);
const lengthProblems = (document: PolicyDocument): Unsound[] => {
  const ranges = [
    ...document.protection.map(({ lasts }, index) => ({ lasts, path: ['protection', index, 'lasts'] })),
    ...(document.extension ?? []).map(({ lasts }, index) => ({ lasts, path: ['extension', index, 'lasts'] })),
  ].flatMap(({ lasts, path }): Unsound[] => {
    if (isLength(lasts)) return [];
    const [from, to, otherwise] = [measure(lasts.from), measure(lasts.to), measure(lasts.otherwise)];
    const same = [to, otherwise].every(({ unit, counting }) => unit === from.unit && counting === from.counting);
    return same && from.count <= otherwise.count && otherwise.count <= to.count
      ? []
      : [
          unsound(
            'RangeUnordered',
            path,
            'from ≤ otherwise ≤ to，且单位和计法相同。',
            'from ≤ otherwise ≤ to, all of one unit and counting.',
          ),
        ];
  });
  const working = document.calendar === undefined ? workingDaysIn(document, []) : [];
  return [
    ...ranges,
    ...working
      .slice(0, 5)
      .map((path) => unsound('CalendarMissing', path, '使用工作日须写明 calendar。', 'Working days need a calendar.')),
  ];
};

/** Where the document counts working days. */
const workingDaysIn = (value: unknown, path: Path): Path[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return key === 'workingDays' || (key === 'rollToWorkingDay' && inner === true)
      ? [here]
      : workingDaysIn(inner, here);
  });
};

const endProblems = (document: PolicyDocument): Unsound[] => {
  const causes = new Set((document.ends ?? []).map(({ cause }) => cause));
  return (document.bans ?? []).flatMap(({ after }, index) =>
    after
      .filter((cause) => !causes.has(cause))
      .map((cause) =>
        unsound(
          'CauseUnknown',
          ['bans', index, 'after'],
          `ends 中没有终止原因“${cause}”。`,
          `No cause "${cause}" under ends.`,
        ),
      ),
  );
};

const collisionProblems = (document: PolicyDocument): Unsound[] => {
  const { collision, suspension } = document;
  const opens = (['secondClaim', 'pendingSecondClaim', 'lateArrival'] as const).filter(
    (situation) => collision[situation].outcome === 'case',
  );
  const objections = document.objections !== undefined;
  const stopsClock = objections || collision.secondClaim.outcome === 'case' || collision.lateArrival.outcome === 'case';
  const silentSteps = document.review.steps.flatMap(({ onTimeout, within, escalatesTo }, index): Unsound[] => [
    ...(onTimeout !== 'none' && within === undefined
      ? [
          unsound(
            'TimeoutWithoutDeadline',
            ['review', 'steps', index],
            '有 onTimeout 就须有 within。',
            'onTimeout needs within.',
          ),
        ]
      : []),
    ...((onTimeout === 'escalate') === (escalatesTo !== undefined)
      ? []
      : [
          unsound(
            'EscalationUnclear',
            ['review', 'steps', index],
            'onTimeout: escalate 与 escalatesTo 须同时出现。',
            'onTimeout: escalate and escalatesTo belong together.',
          ),
        ]),
  ]);
  return [
    ...((opens.length > 0 || objections) && collision.case === undefined
      ? [
          unsound(
            'CaseMissing',
            ['collision'],
            `${[...opens, ...(objections ? ['objections'] : [])].join('、')} 会立案，须写明 case（由谁裁决、有哪些结果）。`,
            `${[...opens, ...(objections ? ['objections'] : [])].join(', ')} open a case: say under case who arbitrates and what may come out.`,
          ),
        ]
      : []),
    ...(stopsClock && suspension === undefined
      ? [
          unsound(
            'SuspensionMissing',
            ['collision'],
            '立案会影响受保护的报备，须写明 suspension（保护期如何中止）。',
            'A case stops a running clock: say under suspension how.',
          ),
        ]
      : []),
    ...silentSteps,
  ];
};

const twice = (document: PolicyDocument): Unsound[] => {
  const names: readonly (readonly [Path, readonly string[]])[] = [
    [['classes'], document.classes.map(({ name }) => name)],
    [['ends'], (document.ends ?? []).map(({ cause }) => cause)],
    [['offences'], (document.offences ?? []).map(({ name }) => name)],
    [['review', 'steps'], document.review.steps.map(({ name }) => name)],
    [['identity', 'strongKeys'], document.identity.strongKeys.map(({ kind }) => kind)],
    [['attribution', 'by'], document.attribution.by.map(({ basis }) => basis)],
    [['upgrades'], (document.upgrades ?? []).map(({ from, on }) => `${from} on ${on}`)],
    [['bans'], (document.bans ?? []).flatMap(({ after }) => after)],
  ];
  return names.flatMap(([path, given]) =>
    duplicates(given).map((name) => unsound('NameTwice', path, `“${name}”写了两次。`, `"${name}" stands twice.`)),
  );
};
const duplicates = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

const conditionsOf = (
  document: PolicyDocument,
): { readonly conditions: Map<string, Condition>; readonly problems: readonly Unsound[] } => {
  const variables = new Map(
    document.form.flatMap(({ fields }) =>
      fields.map(({ name, type }): [string, VariableType] => [
        name,
        type === 'number' || type === 'money' || type === 'flag' ? type : 'string',
      ]),
    ),
  );
  const sources = [
    ...document.form.flatMap(({ fields }, part) =>
      fields.map(({ requiredWhen }, index) => ({
        source: requiredWhen,
        path: ['form', part, 'fields', index, 'requiredWhen'],
      })),
    ),
    ...document.review.steps.map(({ when }, index) => ({ source: when, path: ['review', 'steps', index, 'when'] })),
  ];
  const conditions = new Map<string, Condition>();
  const problems = sources.flatMap(({ source, path }): Unsound[] => {
    if (source === undefined || conditions.has(source)) return [];
    const compiled = compileCondition(source, variables);
    if (!compiled.ok)
      return [{ code: 'ConditionInvalid', path, message: { zh: compiled.problem.zh, en: compiled.problem.en } }];
    conditions.set(source, compiled.condition);
    return [];
  });
  return { conditions, problems };
};
