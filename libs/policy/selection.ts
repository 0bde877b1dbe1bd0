import { z } from 'zod';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { addDays, dateIn, isInstant } from '#time/instant.js';
import { unsound, type Unsound } from './clause.js';
import type { PolicyDocument } from './document.js';
import { isPersonal, type Field } from './field.js';
import { nameOf } from './naming.js';
import type { Policy } from './policy.js';
import type { Path } from './reading.js';
import { appliesTo, classFilter } from './whom.js';
import { nameSchema, oneOrMore } from './words.js';

/** What lists and statistics say of a row beside the form, source by source; days and months are the policy's own. */
export const columnsOf = {
  registrations: [
    'state',
    'class',
    'channel',
    'holder',
    'team',
    'cause',
    'filedOn',
    'month',
    'lastDay',
    'lastMonth',
    'endsAt',
    'step',
  ],
  cases: ['state', 'cause', 'outcome', 'month'],
  deals: ['holder', 'team', 'basis', 'month'],
  flags: ['flag', 'holder', 'team', 'about', 'month'],
} as const;
export type Source = keyof typeof columnsOf;
export type Column = (typeof columnsOf)[Source][number];
const columns = [...new Set(Object.values(columnsOf).flat())] as readonly Column[];

/** Every state that a registration is shown in: what conditions, lists and scenarios call it. */
export const registrationStates = [
  'underReview',
  'returned',
  'inCase',
  'effective',
  'protected',
  'recalled',
  'rejected',
  'released',
  'abandoned',
  'terminated',
  'expired',
  'void',
] as const;

/** A column, a field of the form that says nothing about a person, the month of one that is a date, a ladder's step. */
export const dimensionSchema = z.union([
  z.enum(columns),
  z.strictObject({ field: nameOf('field') }),
  z.strictObject({ monthOf: nameOf('field') }),
  z.strictObject({ stage: nameSchema }),
]);
export type Dimension = z.output<typeof dimensionSchema>;

/** Which registrations a list shows or a statistic counts; without a key, all. */
export const selection = {
  ...classFilter,
  states: oneOrMore(z.enum(registrationStates))
    .optional()
    .describe('As they are shown now: a clock that ran out is over.'),
  where: z
    .array(z.strictObject({ field: nameOf('field'), is: oneOrMore(z.union([z.string(), z.number(), z.boolean()])) }))
    .max(10)
    .default([])
    .describe('Fields that have one of these values.'),
  flagged: oneOrMore(nameSchema).optional().describe('Marked with one of these flags, and not exempted.'),
  lastDayWithin: z
    .strictObject({ days: z.int().min(0).max(366) })
    .optional()
    .describe('Protected, and its last day is today or one of so many days after it.'),
};
const selectionSchema = z.strictObject(selection);
type Selection = z.output<typeof selectionSchema>;

/** One row as lists and statistics see it: what is recorded in clear, and never who the customer is. */
export interface ListedRow {
  readonly id: string;
  readonly columns: Partial<Readonly<Record<Column, string>>>;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stages: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

export const isSelected = (given: Selection, row: ListedRow, today: CalendarDate): boolean =>
  appliesTo(given, row.columns.class ?? '') &&
  (given.states === undefined || given.states.some((state) => state === row.columns.state)) &&
  given.where.every(({ field, is }) => is.some((value) => value === row.fields[field])) &&
  (given.flagged === undefined || given.flagged.some((flag) => row.flags.includes(flag))) &&
  (given.lastDayWithin === undefined || endsWithin(row, today, given.lastDayWithin.days));
const endsWithin = ({ columns: { state, lastDay } }: ListedRow, today: CalendarDate, days: number): boolean =>
  state === 'protected' && lastDay !== undefined && lastDay >= today && lastDay <= addDays(today, days);

/** What a row has in a dimension; undefined: nothing. */
export const valueIn = ({ document, timeZone }: Policy, row: ListedRow, by: Dimension): unknown => {
  if (typeof by === 'string') return row.columns[by];
  if ('field' in by) return row.fields[by.field];
  if ('monthOf' in by) return monthOf(row.fields[by.monthOf], timeZone);
  return row.stages[by.stage] ?? document.stages?.find(({ name }) => name === by.stage)?.steps[0]?.name;
};
const monthOf = (value: unknown, zone: string): string | undefined =>
  typeof value !== 'string' ? undefined : (isInstant(value) ? dateIn(value as Instant, zone) : value).slice(0, 7);

/** Before, after or beside one another: choices and steps as the policy lists them, money and numbers by amount. */
export const comparedIn = (policy: Policy, by: Dimension): ((a: unknown, b: unknown) => number) => {
  const listed = listedIn(policy.document, by);
  const money = typeof by === 'object' && 'field' in by && clearField(policy.document, by.field)?.type === 'money';
  const place = (value: unknown): unknown =>
    listed !== undefined ? listed.indexOf(String(value)) : money ? BigInt(String(value)) : value;
  return (a, b) => {
    // What says nothing comes last.
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    const [left, right] = [place(a) as string, place(b) as string];
    return left < right ? -1 : left > right ? 1 : 0;
  };
};
const listedIn = (document: PolicyDocument, by: Dimension): readonly string[] | undefined => {
  if (by === 'state') return registrationStates;
  if (by === 'class') return document.classes.map(({ name }) => name);
  if (typeof by === 'string' || 'monthOf' in by) return undefined;
  if ('field' in by) return clearField(document, by.field)?.choices?.map(({ value }) => value);
  return document.stages?.find(({ name }) => name === by.stage)?.steps.map(({ name }) => name);
};
const clearField = (document: PolicyDocument, name: string): Field | undefined =>
  document.form.flatMap(({ fields }) => fields).find((field) => field.name === name);

/** A field that lists may read: of the form of a registration, and not sealed. */
export const fieldProblem = (document: PolicyDocument, name: string, path: Path): readonly Unsound[] => {
  const field = clearField(document, name);
  if (field === undefined)
    return [
      unsound(
        'FieldUnknown',
        path,
        `报备表单中没有字段“${name}”。`,
        `No form of a registration has the field "${name}".`,
      ),
    ];
  return isPersonal(field)
    ? [
        unsound(
          'FieldSealed',
          path,
          `“${name}”是个人信息，已加密，不能用于列表与统计。`,
          `"${name}" is personal and sealed: lists and statistics cannot read it.`,
        ),
      ]
    : [];
};
/** What is wrong with a dimension: its source has no such column, its field is sealed, no ladder has the name. */
export const dimensionProblems = (
  document: PolicyDocument,
  source: Source,
  { by, path }: { readonly by: Dimension; readonly path: Path },
): readonly Unsound[] => {
  if (typeof by === 'string') {
    const known: readonly string[] = columnsOf[source];
    return known.includes(by)
      ? []
      : [
          unsound(
            'ColumnUnknown',
            path,
            `${source} 没有“${by}”一栏：可用 ${known.join('、')}。`,
            `${source} have no "${by}": use ${known.join(', ')}.`,
          ),
        ];
  }
  if (source !== 'registrations')
    return [unsound('ColumnUnknown', path, `${source} 没有表单字段。`, `${source} have no fields of a form.`)];
  if ('stage' in by)
    return document.stages?.some(({ name }) => name === by.stage) === true
      ? []
      : [unsound('LadderUnknown', path, `stages 中没有“${by.stage}”。`, `No ladder "${by.stage}" under stages.`)];
  return fieldProblem(document, 'field' in by ? by.field : by.monthOf, path);
};
/** What is wrong with a selection beside the names that its schema knows. */
export const selectionProblems = (document: PolicyDocument, given: Selection, path: Path): readonly Unsound[] => {
  const flags = new Set([
    ...(document.gates ?? []).filter(({ otherwise }) => otherwise === 'flag').map(({ name }) => name),
    ...[...(document.intake.leadTimes ?? []), ...(document.intake.latestAfter ?? [])].flatMap(({ late }) =>
      late === undefined ? [] : [late.flag],
    ),
  ]);
  return [
    ...given.where.flatMap(({ field }, index) => fieldProblem(document, field, [...path, 'where', index])),
    ...(given.flagged ?? [])
      .filter((flag) => !flags.has(flag))
      .map((flag) =>
        unsound('FlagUnknown', [...path, 'flagged'], `没有标记“${flag}”。`, `Nothing is marked with "${flag}".`),
      ),
  ];
};
