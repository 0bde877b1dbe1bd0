import { z } from 'zod';
import { creditCode } from '#identity/credit-code.js';
import { normaliseCompanyName } from '#identity/company-name.js';
import { normalisePersonName } from '#identity/person-name.js';
import { normalisePhone } from '#identity/phone.js';
import { wellFormedText } from '#identity/text.js';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type DerivedFact, type Fen } from '#event-sourcing/vocabulary.js';
import { compareFen, isFen, parseYuan } from '#money/fen.js';
import { isCalendarDate, parseInstant } from '#time/instant.js';
import { allowed, reasonOf, refused, type Evaluation, type Verdict } from '../evaluation.js';
import { appliesTo, cited, classFilter, codes, labelSchema, nameSchema } from '../words.js';
import { strongKeysOf, weakKeysOf, type MatchKey } from './identity.js';

/** Types whose values always say something about a person or firm: they are sealed, whatever the policy says. */
export const personalTypes = ['text', 'personName', 'companyName', 'phone', 'creditCode', 'address'] as const;
export const fieldTypes = [...personalTypes, 'number', 'date', 'instant', 'money', 'choice', 'flag'] as const;
export type FieldType = (typeof fieldTypes)[number];

const fieldSchema = z.strictObject({
  name: nameSchema,
  type: z.enum(fieldTypes),
  label: labelSchema,
  required: z.boolean().default(false),
  requiredWhen: z.string().min(1).optional().describe('A CEL condition over the form.'),
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

export const formSchema = z
  .array(
    z.strictObject({
      ...classFilter,
      fields: z.array(fieldSchema).max(100).default([]),
      attachments: z
        .array(z.strictObject({ kind: nameSchema, label: labelSchema, required: z.boolean().default(true), ...cited }))
        .max(20)
        .default([]),
      ...cited,
    }),
  )
  .min(1)
  .max(40);

export type FieldValue = string | number | boolean;
export interface JudgedForm {
  readonly verdict: Verdict;
  /** Every value that could be read, in its canonical spelling: E.164 phone, canonical instant, whole fen. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** What says nothing about a person: may stand unsealed in an event. */
  readonly clearValues: Readonly<Record<string, DerivedFact>>;
  readonly personalValues: Readonly<Record<string, FieldValue>>;
  readonly strongKeys: readonly MatchKey[];
  readonly weakKeys: readonly MatchKey[];
  /** Names of required fields and kinds of required attachments that are not there. */
  readonly missing: readonly string[];
}

export const fieldsOf = (e: Evaluation, name: string): readonly Field[] =>
  e.policy.document.form.filter((part) => appliesTo(part, name)).flatMap(({ fields }) => fields);
export const isPersonal = (field: Field): boolean =>
  field.personal ?? (personalTypes as readonly string[]).includes(field.type);

/**
 * Reads and judges a whole form: all problems at once, not the first. An empty text is an empty field.
 * Rejections: FieldUnknown, FieldInvalid, FieldOutOfRange, FieldMissing, AttachmentMissing, NoStrongKey. None repeats a
 * value.
 */
export const judgeForm = (
  e: Evaluation,
  given: {
    readonly class: string;
    readonly values: Readonly<Record<string, FieldValue>>;
    readonly attachments: readonly string[];
  },
): JudgedForm => {
  const fields = fieldsOf(e, given.class);
  const rejections: Rejection[] = [];
  const values: Record<string, FieldValue> = {};
  for (const name of Object.keys(given.values)) {
    if (!fields.some((field) => field.name === name))
      rejections.push({
        reason: 'FieldUnknown',
        field: name,
        because: [reasonOf(e, 'form', undefined)],
        accepted: { fields: codes(fields.map((field) => field.name)) },
      });
  }
  for (const field of fields) {
    const value = Object.hasOwn(given.values, field.name) ? given.values[field.name] : undefined;
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) continue;
    const read = readField(e, field, value);
    if ('value' in read) values[field.name] = read.value;
    else
      rejections.push({
        reason: read.reason,
        field: field.name,
        because: [reasonOf(e, `form.${field.name}`, field, { problem: code(read.problem) })],
        accepted: read.accepted ?? acceptedIn(field),
      });
  }
  const missing = [
    ...missingFields(e, fields, given.values, values),
    ...missingAttachments(e, given.class, given.attachments),
  ];
  rejections.push(...missing.map(({ rejection }) => rejection));
  const strongKeys = strongKeysOf(e, given.class, values);
  // A missing or unreadable field has its own rejection; this one is for forms that are complete and still name nobody.
  if (strongKeys.length === 0 && rejections.length === 0)
    rejections.push({
      reason: 'NoStrongKey',
      because: [reasonOf(e, 'identity', e.policy.document.identity)],
      accepted: {
        fields: codes([
          ...new Set(e.policy.document.identity.strongKeys.flatMap(({ parts }) => parts.map(({ field }) => field))),
        ]),
      },
    });
  const [first, ...more] = rejections;
  const personalNames = new Set(fields.filter(isPersonal).map(({ name }) => name));
  return {
    verdict: first === undefined ? allowed(completeness(e, given.class, fields)) : refused(first, ...more),
    values,
    clearValues: Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => !personalNames.has(name))
        .map(([name, value]) => [name, typeof value === 'string' ? code(value) : value]),
    ),
    personalValues: Object.fromEntries(Object.entries(values).filter(([name]) => personalNames.has(name))),
    strongKeys,
    // What could not be read whole (a masked phone) may still find candidates.
    weakKeys: weakKeysOf(e, given.class, { ...given.values, ...values }),
    missing: missing.map(({ name }) => name),
  };
};

const completeness = (e: Evaluation, name: string, fields: readonly Field[]) => {
  const parts = e.policy.document.form.filter((part) => appliesTo(part, name));
  const rule = [
    ...new Set([
      ...parts.flatMap((part) => part.rule ?? []),
      ...fields.flatMap((field) => field.rule ?? []),
      ...parts.flatMap(({ attachments }) => attachments.flatMap((each) => each.rule ?? [])),
    ]),
  ];
  return reasonOf(e, 'form', { rule }, { class: code(name), complete: true });
};

interface Missing {
  readonly name: string;
  readonly rejection: Rejection;
}

const missingFields = (
  e: Evaluation,
  fields: readonly Field[],
  given: Readonly<Record<string, FieldValue>>,
  values: Readonly<Record<string, FieldValue>>,
): Missing[] =>
  fields.flatMap((field) => {
    // A field that was filled in wrongly is wrong, not missing.
    const filled =
      Object.hasOwn(given, field.name) &&
      !(typeof given[field.name] === 'string' && (given[field.name] as string).trim() === '');
    if (filled || !isRequired(e, field, values)) return [];
    return [
      {
        name: field.name,
        rejection: {
          reason: 'FieldMissing',
          field: field.name,
          because: [reasonOf(e, `form.${field.name}`, field, { required: true })],
          accepted: acceptedIn(field),
        },
      },
    ];
  });
const isRequired = (e: Evaluation, field: Field, values: Readonly<Record<string, FieldValue>>): boolean =>
  field.required ||
  (field.requiredWhen !== undefined && e.policy.conditions.get(field.requiredWhen)?.(values) === true);

const missingAttachments = (e: Evaluation, name: string, attached: readonly string[]): Missing[] =>
  e.policy.document.form
    .filter((part) => appliesTo(part, name))
    .flatMap(({ attachments }) => attachments)
    .filter(({ kind, required }) => required && !attached.includes(kind))
    .map((attachment) => ({
      name: attachment.kind,
      rejection: {
        reason: 'AttachmentMissing',
        field: attachment.kind,
        because: [reasonOf(e, `form.${attachment.kind}`, attachment, { required: true })],
        accepted: { attachment: code(attachment.kind) },
      },
    }));

type Read =
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
  money: { unit: code('fen') },
  flag: { choices: [true, false] },
};
const acceptedIn = (field: Field): Readonly<Record<string, DerivedFact>> =>
  field.type === 'choice'
    ? { choices: codes(field.choices?.map(({ value }) => value) ?? []) }
    : (looksLike[field.type] ?? {});

const readField = (e: Evaluation, field: Field, given: FieldValue): Read => {
  switch (field.type) {
    case 'flag':
      return typeof given === 'boolean' ? { value: given } : invalid('notAFlag');
    case 'number':
      return readNumber(field, given);
    case 'money':
      return readMoney(field, given);
    default:
      return typeof given === 'string' ? readText(e, field, given) : invalid('notText');
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
  if (typeof given !== 'string' || !isFen(given)) return invalid('notFen');
  const [min, max] = [fenOf(field.min), fenOf(field.max)];
  return (min !== undefined && compareFen(given, min) < 0) || (max !== undefined && compareFen(given, max) > 0)
    ? { reason: 'FieldOutOfRange', problem: 'outOfRange', accepted: bounds(min, max) }
    : { value: given };
};

const readText = (e: Evaluation, field: Field, given: string): Read => {
  const text = given.trim();
  const max = field.type === 'text' ? (numberOf(field.max) ?? textLengthMax) : textLengthMax;
  const formed = wellFormedText(text, { max, lines: field.type === 'text' });
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
      return credit.ok ? { value: credit.code } : invalid(credit.why);
    }
    case 'choice':
      return field.choices?.some(({ value }) => value === text) === true ? { value: text } : invalid('notAChoice');
    case 'date':
      return isCalendarDate(text) ? ordered(field, text) : invalid('notADate');
    case 'instant':
      return readInstant(e, field, text);
    default:
      return [...text].length < (numberOf(field.min) ?? 0)
        ? { reason: 'FieldOutOfRange', problem: 'tooShort', accepted: bounds(numberOf(field.min), undefined) }
        : { value: text };
  }
};

const readPhone = (field: Field, text: string): Read => {
  const phone = normalisePhone(text);
  if (phone.ok) return { value: phone.e164 + (phone.extension === undefined ? '' : `;ext=${phone.extension}`) };
  return phone.why === 'masked' && field.partial ? { value: text } : invalid(phone.why);
};
const readName = (field: Field, text: string): Read => {
  const name = normalisePersonName(text);
  return name.ok || (field.partial && name.why === 'surnameAndTitle') ? { value: text } : invalid(name.why);
};
const readInstant = (e: Evaluation, field: Field, text: string): Read => {
  try {
    return ordered(field, parseInstant(text, e.policy.timeZone));
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
