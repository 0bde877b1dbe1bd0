import { z } from 'zod';
import { creditCode } from '#identity/credit-code.js';
import { normaliseCompanyName } from '#identity/company-name.js';
import { normalisePersonName } from '#identity/person-name.js';
import { normalisePhone } from '#identity/phone.js';
import { wellFormedText } from '#identity/text.js';
import { code, type DerivedFact, type Fen } from '#event-sourcing/vocabulary.js';
import { compareFen, isFen, MoneyError, parseYuan, yuanText } from '#money/fen.js';
import { isCalendarDate, parseInstant } from '#time/instant.js';
import { unsound, type Unsound } from './clause.js';
import { partyConditionSchema } from './naming.js';
import type { Policy } from './policy.js';
import type { Path } from './reading.js';
import { cited, codes, labelSchema, nameSchema } from './words.js';

/** Types whose values always say something about a person or firm: they are sealed, whatever the policy says. */
export const personalTypes = ['text', 'personName', 'companyName', 'phone', 'creditCode', 'address'] as const;
export const fieldTypes = [...personalTypes, 'number', 'date', 'instant', 'money', 'choice', 'flag'] as const;
export type FieldType = (typeof fieldTypes)[number];

export const fieldSchema = z.strictObject({
  name: nameSchema,
  type: z.enum(fieldTypes),
  label: labelSchema,
  required: z.boolean().default(false),
  requiredWhen: partyConditionSchema('A CEL condition over the form and whoever fills it in.').optional(),
  min: z
    .union([z.number(), z.string()])
    .optional()
    .describe('Least number, earliest date, least yuan, fewest characters.'),
  max: z
    .union([z.number(), z.string()])
    .optional()
    .describe('Greatest number, latest date, most yuan, most characters.'),
  choices: z
    .array(z.strictObject({ value: nameSchema, label: labelSchema }))
    .min(1)
    .max(100)
    .optional(),
  personal: z
    .boolean()
    .optional()
    .describe('Whether the value is sealed. Text-like types always are; the others are clear unless said.'),
  partial: z
    .boolean()
    .default(false)
    .describe(
      'A phone may be masked, a name may be a surname with a title: such a value finds candidates and decides nothing.',
    ),
  ...cited,
});
export type Field = z.output<typeof fieldSchema>;

export type FieldValue = string | number | boolean;
export const isPersonal = (field: Field): boolean =>
  field.personal ?? (personalTypes as readonly string[]).includes(field.type);

/** What is wrong with the fields of a form's parts, each by itself and against those of the same name. */
export const fieldProblems = (parts: readonly (readonly Field[])[], at: Path = ['form']): Unsound[] => {
  const types = new Map<string, string>();
  return parts.flatMap((fields, part) =>
    fields.flatMap((field, index): Unsound[] => {
      const path: Path = [...at, part, 'fields', index];
      const before = types.get(field.name);
      types.set(field.name, field.type);
      const textLike = (personalTypes as readonly string[]).includes(field.type);
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

export type Read =
  | { readonly value: FieldValue }
  | {
      readonly reason: 'FieldInvalid' | 'FieldOutOfRange';
      readonly problem: string;
      readonly accepted?: Readonly<Record<string, DerivedFact>>;
    };
const invalid = (problem: string, accepted?: Readonly<Record<string, DerivedFact>>): Read => ({
  reason: 'FieldInvalid',
  problem,
  ...(accepted === undefined ? {} : { accepted }),
});

const textLengthMax = 500;

/** What is said where a value is missing or cannot be read. A text that has no form of its own has no example. */
const looksLike: Partial<Record<Field['type'], Readonly<Record<string, DerivedFact>>>> = {
  phone: { example: code('13800138000') },
  creditCode: { example: code('91350100M000100Y43') },
  date: { example: code('2026-03-02') },
  instant: { example: code('2026-03-02T10:00:00+08:00') },
  number: { example: 12 },
  money: { example: code('2000.00'), unit: code('yuan') },
  flag: { choices: [true, false] },
};
export const acceptedIn = (field: Field): Readonly<Record<string, DerivedFact>> =>
  field.type === 'choice'
    ? { choices: codes(field.choices?.map(({ value }) => value) ?? []) }
    : (looksLike[field.type] ?? {});

/**
 * A value in its canonical spelling (E.164 phone, canonical instant), or what is wrong with it. This is the one place
 * where the form's yuan become the whole fen that are kept. `attested`: a desk has seen the licence, so an old credit
 * code may break its check digit.
 */
export const readField = (field: Field, given: FieldValue, zone: string, attested = false): Read => {
  switch (field.type) {
    case 'flag':
      return typeof given === 'boolean' ? { value: given } : invalid('notAFlag');
    case 'number':
      return readNumber(field, given);
    case 'money':
      return readMoney(field, given);
    default:
      return typeof given === 'string' ? readText(field, given, zone, attested) : invalid('notText');
  }
};

const readNumber = (field: Field, given: FieldValue): Read => {
  if (typeof given !== 'number' || !Number.isFinite(given)) return invalid('notANumber');
  const [min, max] = [numberOf(field.min), numberOf(field.max)];
  return (min !== undefined && given < min) || (max !== undefined && given > max)
    ? { reason: 'FieldOutOfRange', problem: 'outOfRange', accepted: bounds(min, max) }
    : { value: Object.is(given, -0) ? 0 : given };
};

const readMoney = (field: Field, given: FieldValue): Read => {
  const amount = typeof given === 'boolean' ? undefined : yuanOf(String(given));
  if (amount === undefined) return invalid('notYuan');
  const [min, max] = [fenOf(field.min), fenOf(field.max)];
  return (min !== undefined && compareFen(amount, min) < 0) || (max !== undefined && compareFen(amount, max) > 0)
    ? {
        reason: 'FieldOutOfRange',
        problem: 'outOfRange',
        accepted: {
          ...bounds(
            field.min === undefined ? undefined : code(String(field.min)),
            field.max === undefined ? undefined : code(String(field.max)),
          ),
          unit: code('yuan'),
        },
      }
    : { value: amount };
};
const yuanOf = (text: string): Fen | undefined => {
  try {
    return parseYuan(text);
  } catch (error) {
    if (error instanceof MoneyError) return undefined;
    throw error;
  }
};

const typesOf = new WeakMap<Policy, ReadonlyMap<string, FieldType>>();
/** The type of each field that the policy's forms have; one of a name has one type. Asked for every row of a page. */
export const fieldTypesOf = (policy: Policy): ReadonlyMap<string, FieldType> => {
  const known = typesOf.get(policy);
  if (known !== undefined) return known;
  const types = new Map(
    policy.document.form.flatMap(({ fields }) => fields.map(({ name, type }) => [name, type] as const)),
  );
  typesOf.set(policy, types);
  return types;
};

/** A kept value as the form asks for it and people write it: money in yuan. Read again, it is the kept value. */
export const writtenValue = (type: FieldType | undefined, kept: FieldValue): FieldValue =>
  type === 'money' && typeof kept === 'string' && isFen(kept) ? yuanText(kept) : kept;

const readText = (field: Field, given: string, zone: string, attested: boolean): Read => {
  const text = given.replaceAll(/\r\n?/g, '\n').trim();
  const max = field.type === 'text' ? (numberOf(field.max) ?? textLengthMax) : textLengthMax;
  const formed = wellFormedText(text, { max, lines: field.type === 'text' });
  if (!formed.ok && formed.why === 'control' && /[\r\n]/.test(text.charAt(formed.at))) return invalid('lineBreak');
  if (!formed.ok) return invalid(formed.why, formed.why === 'tooLong' ? { max } : undefined);
  switch (field.type) {
    case 'phone':
      return readPhone(field, text);
    case 'personName':
      return readName(field, text);
    case 'companyName': {
      const company = normaliseCompanyName(text);
      return company.ok ? { value: text } : invalid(company.why);
    }
    case 'creditCode': {
      const credit = creditCode(text);
      return credit.ok || (attested && 'code' in credit) ? { value: credit.code } : invalid(credit.why);
    }
    case 'choice':
      return field.choices?.some(({ value }) => value === text) === true ? { value: text } : invalid('notAChoice');
    case 'date':
      return isCalendarDate(text) ? ordered(field, text) : invalid('notADate');
    case 'instant':
      return readInstant(field, text, zone);
    default:
      return [...text].length < (numberOf(field.min) ?? 0)
        ? { reason: 'FieldOutOfRange', problem: 'tooShort', accepted: bounds(numberOf(field.min), undefined) }
        : { value: text };
  }
};

const readPhone = (field: Field, text: string): Read => {
  const phone = normalisePhone(text);
  if (phone.ok) return { value: phone.canonical };
  return phone.why === 'masked' && field.partial ? { value: text } : invalid(phone.why);
};
const readName = (field: Field, text: string): Read => {
  const name = normalisePersonName(text);
  return name.ok || (field.partial && (name.why === 'surnameAndTitle' || name.why === 'nickname'))
    ? { value: text }
    : invalid(name.why);
};
const readInstant = (field: Field, text: string, zone: string): Read => {
  try {
    return ordered(field, parseInstant(text, zone));
  } catch {
    return invalid('notAnInstant');
  }
};
/** Dates and instants are written so that text order is time order. */
const ordered = (field: Field, value: string): Read =>
  (typeof field.min === 'string' && value < field.min) || (typeof field.max === 'string' && value > field.max)
    ? {
        reason: 'FieldOutOfRange',
        problem: 'outOfRange',
        accepted: bounds(
          field.min === undefined ? undefined : code(String(field.min)),
          field.max === undefined ? undefined : code(String(field.max)),
        ),
      }
    : { value };

const numberOf = (bound: number | string | undefined): number | undefined =>
  typeof bound === 'number' ? bound : undefined;
/** Bounds of money are written in yuan, like all money in a policy. */
const fenOf = (bound: number | string | undefined): Fen | undefined =>
  bound === undefined ? undefined : parseYuan(String(bound));
const bounds = (min: DerivedFact | undefined, max: DerivedFact | undefined): Readonly<Record<string, DerivedFact>> => ({
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
