import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type DerivedFact } from '#event-sourcing/vocabulary.js';
import type { Declared } from './clause.js';
import { reasonOf, type Evaluation } from './evaluation.js';
import { acceptedIn, fieldSchema, isPersonal, readField, type Field, type FieldValue } from './field.js';
import type { ConditionFacts } from './facts.js';
import { partyConditionSchema } from './naming.js';
import type { Path } from './reading.js';
import { tablesCited } from './tables-at-hand.js';
import { cited, codes, labelSchema, nameSchema } from './words.js';

/** Rows of one table at most, and so what one form can hold. */
const rowsMax = 50;

/**
 * What somebody fills in and attaches. `rows` are tables: a value of one is named `fleet.2.quantity`, the table, the
 * row from 1 on, the column.
 */
export const filledIn = {
  fields: z.array(fieldSchema).max(100).default([]),
  rows: z
    .array(
      z.strictObject({
        name: nameSchema,
        label: labelSchema,
        min: z.int().min(0).max(rowsMax).default(0).describe('As many rows at least.'),
        max: z.int().min(1).max(rowsMax).default(rowsMax),
        fields: z.array(fieldSchema).min(1).max(20),
        ...cited,
      }),
    )
    .max(10)
    .default([]),
  attachments: z
    .array(
      z.strictObject({
        kind: nameSchema,
        label: labelSchema,
        required: z.boolean().default(true),
        requiredWhen: partyConditionSchema('Instead of `required`.').optional(),
        ...cited,
      }),
    )
    .max(20)
    .default([]),
  checks: z
    .array(
      z.strictObject({
        name: nameSchema,
        holds: partyConditionSchema('What must be so of what was filled in.'),
        says: labelSchema.describe('What is told while it is not.'),
        ...cited,
      }),
    )
    .max(20)
    .default([]),
};
const filledSchema = z.strictObject(filledIn);
export type FieldSet = z.output<typeof filledSchema>;

/** Several parts as one. */
export const together = (parts: readonly FieldSet[]): FieldSet => ({
  fields: parts.flatMap(({ fields }) => fields),
  rows: parts.flatMap(({ rows }) => rows),
  attachments: parts.flatMap(({ attachments }) => attachments),
  checks: parts.flatMap(({ checks }) => checks),
});
export const rulesOf = ({ fields, rows, attachments, checks }: FieldSet): readonly string[] =>
  [...fields, ...rows, ...rows.flatMap((table) => table.fields), ...attachments, ...checks].flatMap(
    ({ rule }) => rule ?? [],
  );

/** What names no rule of its own is asked for by the rule of the whole. */
export const underRule = ({ fields, rows, attachments, checks }: FieldSet, rule: string[] | undefined): FieldSet => ({
  fields: fields.map((field) => ({ ...field, rule: field.rule ?? rule })),
  rows: rows.map((table) => ({ ...table, rule: table.rule ?? rule })),
  attachments: attachments.map((attachment) => ({ ...attachment, rule: attachment.rule ?? rule })),
  checks: checks.map((check) => ({ ...check, rule: check.rule ?? rule })),
});

/** The names that it gives to things; the same may stand in the forms of two classes. */
export const declaredBy = ({ fields, rows, attachments, checks }: FieldSet, path: Path): readonly Declared[] =>
  [
    ...[...fields, ...rows].map(({ name, label }) => ({ kind: 'field' as const, name, title: label })),
    ...rows.flatMap((table) =>
      table.fields.map(({ name, label }) => ({ kind: 'column' as const, name, title: label })),
    ),
    ...attachments.map(({ kind, label }) => ({ kind: 'attachment' as const, name: kind, title: label })),
    ...checks.map(({ name, says }) => ({ kind: 'check' as const, name, title: says })),
    ...[...fields, ...rows.flatMap((table) => table.fields)].flatMap(({ choices }) =>
      (choices ?? []).map(({ value, label }) => ({ kind: 'choice' as const, name: value, title: label })),
    ),
  ].map((declared) => ({ ...declared, path, repeats: true as const }));

export interface Given {
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly attachments: readonly string[];
  /** Fields whose credit code a desk has compared with the licence. */
  readonly attested?: readonly string[] | undefined;
  /** Of whoever fills it in. */
  readonly facts?: ConditionFacts | undefined;
}
export interface Filled {
  /** Every field that was asked for, those of the rows that were given too. */
  readonly fields: readonly Field[];
  /** What was given and means nothing. */
  readonly misread: readonly Rejection[];
  readonly missing: readonly Missing[];
  /** What was filled in and must not be so. */
  readonly unsound: readonly Rejection[];
  readonly values: Readonly<Record<string, FieldValue>>;
  /** What says nothing about a person: may stand unsealed in an event. */
  readonly clearValues: Readonly<Record<string, DerivedFact>>;
  readonly personalValues: Readonly<Record<string, FieldValue>>;
}
/** A required field, table or attachment that is not there. */
export interface Missing {
  readonly name: string;
  readonly rejection: Rejection;
}

/** Reads what was filled in: all problems at once, not the first. An empty text is an empty field. */
export const readFilled = (e: Evaluation, clause: string, asked: FieldSet, given: Given): Filled => {
  const tables = asked.rows.map((table) => ({ ...table, rows: rowsGiven(table, given.values) }));
  const fields = [...asked.fields, ...tables.flatMap(fieldsOfRows)];
  const known = new Set(fields.map(({ name }) => name));
  const misread: Rejection[] = Object.keys(given.values)
    .filter((name) => !known.has(name))
    .map((name) => ({
      reason: 'FieldUnknown',
      field: name,
      because: [reasonOf(e, clause, undefined)],
      accepted: { fields: codes([...asked.fields, ...asked.rows].map((field) => field.name)) },
    }));
  const values: Record<string, FieldValue> = {};
  for (const field of fields) {
    const value = Object.hasOwn(given.values, field.name) ? given.values[field.name] : undefined;
    if (value === undefined || isEmpty(value)) continue;
    const read = readField(field, value, e.policy.timeZone, given.attested?.includes(field.name) === true);
    if ('value' in read) values[field.name] = read.value;
    else
      misread.push({
        reason: read.reason,
        field: field.name,
        because: [reasonOf(e, `${clause}.${field.name}`, field, { problem: code(read.problem) })],
        accepted: read.accepted ?? acceptedIn(field),
      });
  }
  const personal = new Set(fields.filter(isPersonal).map(({ name }) => name));
  return {
    fields,
    misread,
    missing: [
      ...missingFields(e, clause, fields, given, values),
      ...tables.flatMap((table) => missingRows(e, clause, table)),
      ...missingAttachments(e, clause, asked.attachments, given, values),
    ],
    unsound: unsoundIn(e, clause, asked.checks, given, values),
    values,
    clearValues: Object.fromEntries(
      Object.entries(values)
        .filter(([name]) => !personal.has(name))
        .map(([name, value]) => [name, typeof value === 'string' ? code(value) : value]),
    ),
    personalValues: Object.fromEntries(Object.entries(values).filter(([name]) => personal.has(name))),
  };
};
const isEmpty = (value: FieldValue): boolean => typeof value === 'string' && value.trim() === '';

type Table = FieldSet['rows'][number];
type TableGiven = Table & { readonly rows: readonly number[] };

/** The rows in which anything stands; a row beyond the most is no row of it. */
const rowsGiven = ({ name, max }: Table, values: Given['values']): readonly number[] => {
  const rows = Object.entries(values).flatMap(([key, value]) => {
    const [table, row, column] = key.split('.');
    const number = table === name && column !== undefined && /^[1-9]\d?$/.test(row!) ? Number(row) : undefined;
    return number === undefined || number > max || isEmpty(value) ? [] : [number];
  });
  return [...new Set(rows)].toSorted((a, b) => a - b);
};
const fieldsOfRows = ({ name, rows, fields, rule }: TableGiven): readonly Field[] =>
  rows.flatMap((row) =>
    fields.map((field) => ({ ...field, name: `${name}.${row}.${field.name}`, rule: field.rule ?? rule })),
  );

const missingRows = (e: Evaluation, clause: string, { name, min, rows, ...item }: TableGiven): readonly Missing[] =>
  rows.length >= min
    ? []
    : [
        {
          name,
          rejection: {
            reason: 'FieldMissing',
            field: name,
            because: [reasonOf(e, `${clause}.${name}`, item, { required: true, rows: rows.length })],
            accepted: { rows: min },
          },
        },
      ];

const missingFields = (
  e: Evaluation,
  clause: string,
  fields: readonly Field[],
  { values: given, facts }: Given,
  values: Given['values'],
): readonly Missing[] => {
  const holds = e.policy.conditions.over(values, facts);
  const isRequired = ({ required, requiredWhen }: Field): boolean =>
    required || (requiredWhen !== undefined && holds(requiredWhen));
  return fields.flatMap((field) => {
    // A field that was filled in wrongly is wrong, not missing.
    const filled = Object.hasOwn(given, field.name) && !isEmpty(given[field.name]!);
    if (filled || !isRequired(field)) return [];
    return [
      {
        name: field.name,
        rejection: {
          reason: 'FieldMissing',
          field: field.name,
          because: [reasonOf(e, `${clause}.${field.name}`, field, { required: true })],
          accepted: acceptedIn(field),
        },
      },
    ];
  });
};

const missingAttachments = (
  e: Evaluation,
  clause: string,
  attachments: FieldSet['attachments'],
  { attachments: attached, facts }: Given,
  values: Given['values'],
): readonly Missing[] => {
  const holds = e.policy.conditions.over(values, facts);
  return attachments
    .filter(({ required, requiredWhen }) => (requiredWhen === undefined ? required : holds(requiredWhen)))
    .filter(({ kind }) => !attached.includes(kind))
    .map((attachment) => ({
      name: attachment.kind,
      rejection: {
        reason: 'AttachmentMissing',
        field: attachment.kind,
        because: [reasonOf(e, `${clause}.${attachment.kind}`, attachment, { required: true })],
        accepted: { attachment: code(attachment.kind) },
      },
    }));
};

/** A value that cannot be read, or that nobody may read any more, fulfils no check. */
const unsoundIn = (
  e: Evaluation,
  clause: string,
  checks: FieldSet['checks'],
  { facts }: Given,
  values: Given['values'],
): readonly Rejection[] => {
  const holds = e.policy.conditions.over(values, facts, false);
  return checks
    .filter((check) => !holds(check.holds))
    .map((check) => ({
      reason: 'CheckFailed',
      because: [
        reasonOf(e, `${clause}.${check.name}`, check, {
          holds: code(check.holds),
          tables: facts === undefined ? undefined : tablesCited(check.holds, facts.tables),
        }),
      ],
      accepted: { check: code(check.name) },
    }));
};
