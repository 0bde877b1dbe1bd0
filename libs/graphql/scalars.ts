import {
  GraphQLError,
  GraphQLScalarType,
  Kind,
  valueFromASTUntyped,
  type ObjectValueNode,
  type ValueNode,
} from 'graphql';
import { wellFormedText } from '#identity/text.js';
import { isFen } from '#money/fen.js';
import { names } from '#policy/names.js';
import type { Label } from '#policy/words.js';
import { calendarDate, instant } from '#time/instant.js';

/** Says what would be accepted and never repeats what came: it may be personal, and it may be long. */
const refuse = (accepted: string): never => {
  throw new GraphQLError(accepted);
};

interface TextScalar {
  readonly name: string;
  readonly description: string;
  readonly specifiedByURL?: string;
  /** In both languages. */
  readonly accepted: string;
  /** The value as we keep it. Throws or answers `undefined` for text that is none. */
  readonly read: (text: string) => string | undefined;
}

const textScalar = ({
  name,
  description,
  specifiedByURL,
  accepted,
  read,
}: TextScalar): GraphQLScalarType<string, string> => {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string' || value.length > 512) return refuse(accepted);
    let known: string | undefined;
    try {
      known = read(value);
    } catch {
      return refuse(accepted);
    }
    return known ?? refuse(accepted);
  };
  return new GraphQLScalarType({
    name,
    description,
    ...(specifiedByURL === undefined ? {} : { specifiedByURL }),
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
    serialize: (value) => (typeof value === 'string' ? value : refuse(accepted)),
  });
};

/** Money. Not Int, which ends at 21 million yuan, and not Float, which rounds. */
export const FenScalar = textScalar({
  name: 'Fen',
  description:
    'Whole fen (1/100 yuan) as decimal text: "1234500" is 12,345.00 yuan. / 以“分”为单位的整数，十进制文本。',
  accepted:
    'Fen is whole fen as decimal text, at most 18 digits, such as "1234500". / Fen 须为以分为单位的整数文本，最多 18 位，例如 "1234500"。',
  read: (text) => (isFen(text) ? text : undefined),
});

export const InstantScalar = textScalar({
  name: 'Instant',
  description:
    'A moment with its offset, answered in UTC with milliseconds: "2026-03-02T01:06:00.000Z". / 带时区偏移的时刻，返回为 UTC。',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  accepted:
    'Instant is a moment with its offset, such as "2026-03-02T10:00:00+08:00"; the day must exist. / Instant 须为带时区偏移且真实存在的时刻，例如 "2026-03-02T10:00:00+08:00"。',
  read: instant,
});

export const CalendarDateScalar = textScalar({
  name: 'CalendarDate',
  description: 'A date that a person reads: "2026-03-02". / 日期。',
  accepted:
    'CalendarDate is a date that exists, such as "2026-03-02". / CalendarDate 须为真实存在的日期，例如 "2026-03-02"。',
  read: calendarDate,
});

const token = /^[A-Za-z0-9._~-]{1,128}$/;
export const PositionTokenScalar = textScalar({
  name: 'PositionToken',
  description:
    'A place in the journal, opaque: every mutation answers with one; a query given it as `atPosition` waits until it sees that place. / 日志位置标记；查询带上它即可读到自己的写入。',
  accepted: 'PositionToken is a token that this system gave out. / PositionToken 须为本系统返回过的标记。',
  read: (text) => (token.test(text) ? text : undefined),
});

const identifier = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;
/** For ids that are bare arguments: `ID` would take any text of any length. */
export const IdentifierScalar = textScalar({
  name: 'Identifier',
  description: '1 to 128 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit. / 标识符。',
  accepted:
    'Identifier is 1 to 128 of A-Z a-z 0-9 . _ : @ -, beginning with a letter or digit. / Identifier 须为 1 到 128 个字母、数字或 . _ : @ -，以字母或数字开头。',
  read: (text) => (identifier.test(text) ? text : undefined),
});

export const formLimits = { fieldsMax: 64, keyMax: 64, textMax: 2_000, totalMax: 32_768 } as const;
export type FormValue = string | number | boolean;
export type FormValues = Readonly<Record<string, FormValue>>;

const fieldName = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const formAccepted = `FormValues is an object of at most ${formLimits.fieldsMax} fields; each is a text of at most ${formLimits.textMax} characters, a finite number or a boolean. / FormValues 须为对象，最多 ${formLimits.fieldsMax} 个字段，值为文本（最长 ${formLimits.textMax} 字）、有限数字或布尔值。`;

/** Why a value is none that a form takes, in both languages; `undefined`: it is one. */
const valueProblem = (value: unknown): Label | undefined => {
  switch (typeof value) {
    case 'boolean':
      return undefined;
    case 'number':
      // 1e400 arrives as Infinity here and as null after JSON: neither is a number that anybody wrote down.
      return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
        ? undefined
        : { zh: '数字过大，无法准确记录', en: 'it is a number too large to be kept exactly' };
    case 'string': {
      // A line break of Windows is a line break; which fields may have one is for the policy to say.
      const text = value.replaceAll('\r\n', '\n');
      const formed = wellFormedText(text, { max: formLimits.textMax, min: 0, lines: true });
      if (formed.ok) return undefined;
      if (formed.why === 'tooLong')
        return { zh: `超过 ${formLimits.textMax} 字`, en: `it has more than ${formLimits.textMax} characters` };
      return text.charAt(formed.at) === '\t' ? { zh: '含有制表符（TAB）', en: 'it has a TAB' } : names[formed.why]!;
    }
    default:
      return value === null
        ? { zh: '为 null；没有的内容请省去', en: 'it is null; leave out what there is not' }
        : { zh: '不是文本、数字或布尔值', en: 'it is no text, number or boolean' };
  }
};

/** Names that objects have by birth, or that the validation pipe takes away without a word. */
const isStripped = (name: string): boolean => name in Object.prototype || name === 'prototype';

/** A field's name is a word of the policy, so it may be said; the value never is. */
const refuseField = (name: string, { zh, en }: Label): never =>
  refuse(`FormValues is not accepted at "${name}": ${en}. / FormValues 中的“${name}”不能受理：${zh}。`);

/** Answers a plain object with own, ordinary properties only. Throws GraphQLError. */
export const parseFormValues = (value: unknown): FormValues => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(formAccepted);
  const entries = Object.entries(value);
  if (entries.length > formLimits.fieldsMax) return refuse(formAccepted);
  let total = 0;
  const values: Record<string, FormValue> = {};
  for (const [index, [name, field]] of entries.entries()) {
    if (!fieldName.test(name) || isStripped(name)) return refuseField(String(index + 1), nameUnfit);
    const problem = valueProblem(field);
    if (problem !== undefined) return refuseField(name, problem);
    total += name.length + (typeof field === 'string' ? field.length : 8);
    values[name] = field as FormValue;
  }
  return total > formLimits.totalMax ? refuse(formAccepted) : values;
};
const nameUnfit: Label = {
  zh: '编号指第几项；字段名须以字母开头，至多 64 个字母、数字或 _ . -',
  en: 'counted from 1, it has no name of a field, which is up to 64 letters, digits or _ . -, beginning with a letter',
};

const literal = (node: ValueNode, variables?: Readonly<Record<string, unknown>> | null): unknown => {
  if (node.kind !== Kind.OBJECT || namesTwice(node)) return undefined;
  return valueFromASTUntyped(node, variables ?? undefined);
};
const namesTwice = ({ fields }: ObjectValueNode): boolean =>
  new Set(fields.map(({ name }) => name.value)).size !== fields.length;

/**
 * The filled-in form of a registration: which fields there are is the policy's choice, so the schema cannot name them.
 */
export const FormValuesScalar = new GraphQLScalarType<FormValues, unknown>({
  name: 'FormValues',
  description:
    'Field name → text, number or boolean; the policy says which fields a form has. / 表单：字段名 → 文本、数字或布尔值。',
  parseValue: parseFormValues,
  parseLiteral: (node, variables) => parseFormValues(literal(node, variables)),
  serialize: (value) => value,
});

/** Inputs and limits behind a ruling: facts that were derived, never personal values. Only ever answered. */
export const DerivedFactsScalar = new GraphQLScalarType<never, unknown>({
  name: 'DerivedFacts',
  description: 'Name → number, text, boolean, null or a list of them. / 推导出的事实。',
  parseValue: () => refuse('DerivedFacts is only answered, never sent. / DerivedFacts 仅用于返回。'),
  parseLiteral: () => refuse('DerivedFacts is only answered, never sent. / DerivedFacts 仅用于返回。'),
  serialize: (value) => value,
});
