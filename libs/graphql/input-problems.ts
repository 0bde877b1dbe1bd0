import { getMetadataStorage, type ValidationError } from 'class-validator';
import type { FieldProblem } from './errors.js';

type Limits = readonly unknown[];
interface Wording {
  readonly zh: (limits: Limits) => string;
  readonly en: (limits: Limits) => string;
  readonly accepted?: (limits: Limits) => FieldProblem['accepted'];
}

const fixed = (zh: string, en: string): Wording => ({ zh: () => zh, en: () => en });

/** What to say for each constraint: what would be accepted, in both languages. */
const wordings: Readonly<Record<string, Wording>> = {
  maxLength: {
    zh: ([max]) => `最多 ${String(max)} 个字符。`,
    en: ([max]) => `At most ${String(max)} characters.`,
    accepted: ([max]) => ({ lengthMax: Number(max) }),
  },
  minLength: {
    zh: ([min]) => `至少 ${String(min)} 个字符。`,
    en: ([min]) => `At least ${String(min)} characters.`,
    accepted: ([min]) => ({ lengthMin: Number(min) }),
  },
  isLength: {
    zh: ([min, max]) => `须为 ${String(min)} 到 ${String(max)} 个字符。`,
    en: ([min, max]) => `${String(min)} to ${String(max)} characters.`,
    accepted: ([min, max]) => ({ lengthMin: Number(min), lengthMax: Number(max) }),
  },
  max: {
    zh: ([max]) => `不得大于 ${String(max)}。`,
    en: ([max]) => `At most ${String(max)}.`,
    accepted: ([max]) => ({ max: Number(max) }),
  },
  min: {
    zh: ([min]) => `不得小于 ${String(min)}。`,
    en: ([min]) => `At least ${String(min)}.`,
    accepted: ([min]) => ({ min: Number(min) }),
  },
  arrayMaxSize: {
    zh: ([max]) => `最多 ${String(max)} 项。`,
    en: ([max]) => `At most ${String(max)} items.`,
    accepted: ([max]) => ({ itemsMax: Number(max) }),
  },
  arrayMinSize: {
    zh: ([min]) => `至少 ${String(min)} 项。`,
    en: ([min]) => `At least ${String(min)} items.`,
    accepted: ([min]) => ({ itemsMin: Number(min) }),
  },
  arrayUnique: fixed('各项不得重复。', 'No item may stand twice.'),
  isIn: {
    zh: ([values]) => `只能是：${listed(values)}。`,
    en: ([values]) => `One of: ${listed(values)}.`,
    accepted: ([values]) => ({ oneOf: options(values) }),
  },
  matches: {
    zh: () => '格式不符。',
    en: () => 'Not in the form that is asked for.',
    accepted: ([pattern]) => ({ pattern: pattern instanceof RegExp ? pattern.source : String(pattern) }),
  },
  plainText: {
    zh: ([max]) => `须为可见文字，最多 ${String(max)} 个字符；不得含控制符、隐藏字符、方向控制符或残缺字符。`,
    en: ([max]) =>
      `Visible text of at most ${String(max)} characters: no control, hidden or direction characters, no broken ones.`,
    accepted: ([max]) => ({ lengthMax: Number(max) }),
  },
  identifier: {
    zh: ([max]) => `须为 1 到 ${String(max)} 个字母、数字或 . _ : @ -，以字母或数字开头。`,
    en: ([max]) => `1 to ${String(max)} of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit.`,
    accepted: ([max]) => ({ lengthMax: Number(max), pattern: '^[A-Za-z0-9][A-Za-z0-9._:@-]*$' }),
  },
  isString: fixed('须为文本。', 'Must be text.'),
  isInt: fixed('须为整数。', 'Must be a whole number.'),
  isNumber: fixed('须为数字。', 'Must be a number.'),
  isBoolean: fixed('须为 true 或 false。', 'Must be true or false.'),
  isArray: fixed('须为列表。', 'Must be a list.'),
  isNotEmpty: fixed('不得为空。', 'Must not be empty.'),
  isDefined: fixed('必填。', 'Is required.'),
  whitelistValidation: fixed('没有这个字段。', 'There is no such field.'),
  nestedValidation: fixed('须为对象。', 'Must be an object.'),
};
const otherwise = fixed('不符合要求。', 'Is not accepted.');

const options = (values: unknown): readonly (string | number)[] =>
  (Array.isArray(values) ? values : Object.values((values ?? {}) as object)).slice(0, 50) as (string | number)[];
const listed = (values: unknown): string => options(values).join(', ');

/** One entry for each broken rule, with its path (`rows.3.phone`) and never the value. */
export const inputProblems = (errors: readonly ValidationError[], above = ''): readonly FieldProblem[] =>
  errors.flatMap((error) => {
    const path = above === '' ? error.property : `${above}.${error.property}`;
    const own = Object.keys(error.constraints ?? {}).map((name) =>
      problem(path.slice(0, 200), name, limitsOf(error, name)),
    );
    return [...own, ...inputProblems(error.children ?? [], path)];
  });

const problem = (path: string, name: string, limits: Limits): FieldProblem => {
  const wording = wordings[name] ?? otherwise;
  const accepted = wording.accepted?.(limits);
  return {
    path,
    message: { zh: wording.zh(limits), en: wording.en(limits) },
    ...(accepted === undefined ? {} : { accepted }),
  };
};

/** The numbers in the decorator, which a ValidationError does not carry. */
const limitsOf = ({ target, property }: ValidationError, name: string): Limits => {
  if (target === undefined) return [];
  return (
    getMetadataStorage()
      .getTargetValidationMetadatas(target.constructor, '', false, false)
      .find((metadata) => metadata.propertyName === property && (metadata.name ?? metadata.type) === name)
      ?.constraints ?? []
  );
};
