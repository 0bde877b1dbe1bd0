import { z } from 'zod';
import type { CalendarDate, Fen } from '#event-sourcing/vocabulary.js';
import { addFen, yuanText, ZERO } from '#money/fen.js';
import { unsound, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { fieldTypesOf, type FieldType } from '../field.js';
import type { Policy } from '../policy.js';
import type { Path } from '../reading.js';
import {
  columnsOf,
  comparedIn,
  dimensionProblems,
  dimensionSchema,
  fieldProblem,
  isSelected,
  selection,
  selectionProblems,
  valueIn,
  type ListedRow,
  type Source,
} from '../selection.js';
import { isAmong, whoSchema, type Caller } from '../whom.js';
import { cited, labelSchema, nameSchema, oneOrMore } from '../words.js';

/** Fields that one statistic sums up. */
export const sumsMax = 5;

/**
 * Summaries that the paper asks for: how many and how much, by what. Who may not look through the registrations reads
 * no cell that holds fewer than `hidesBelow`.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      to: whoSchema.describe('Who reads it.'),
      of: z.enum(Object.keys(columnsOf) as [Source, ...Source[]]).default('registrations'),
      ...selection,
      by: z.array(dimensionSchema).min(1).max(4),
      sums: oneOrMore(nameSchema, sumsMax).optional().describe('Fields of money or numbers; of deals: amount.'),
      hidesBelow: z.int().min(2).max(100).default(5),
      ...cited,
    }),
  )
  .max(40)
  .optional();
export type Statistic = NonNullable<z.output<typeof schema>>[number];

export const statistics: Clause<'statistics', typeof schema, Record<never, never>> = {
  name: 'statistics',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { refusals: {} },
  declares: (items) => items.map(({ name }) => ({ name, path: ['statistics'] })),
  refers: (items, document) =>
    items.flatMap((item, index) => [
      ...selectionProblems(document, item, ['statistics', index]),
      ...selectsElsewhere(item, ['statistics', index]),
      ...item.by.flatMap((by, place) =>
        dimensionProblems(document, item.of, { by, path: ['statistics', index, 'by', place] }),
      ),
      ...(item.sums ?? []).flatMap((name) =>
        sumProblems(document, item.of, { name, path: ['statistics', index, 'sums'] }),
      ),
    ]),
};
/** What is selected are registrations: of cases, deals and flags all are counted. */
const selectsElsewhere = (item: Statistic, path: Path): readonly Unsound[] =>
  item.of === 'registrations' ||
  (['class', 'states', 'flagged', 'lastDayWithin'] as const).every((key) => item[key] === undefined)
    ? []
    : [unsound('SelectionMeansNothing', path, '只有报备可以筛选。', 'Only registrations can be selected.')];
const summed: ReadonlySet<FieldType | undefined> = new Set(['money', 'number']);
const sumProblems = (
  document: PolicyDocument,
  source: Source,
  { name, path }: { readonly name: string; readonly path: Path },
): readonly Unsound[] => {
  if (source === 'deals' && name === 'amount') return [];
  if (source !== 'registrations')
    return [unsound('SumUnknown', path, `“${name}”不能求和。`, `"${name}" cannot be summed.`)];
  const type = document.form.flatMap(({ fields }) => fields).find((field) => field.name === name)?.type;
  return type === undefined || summed.has(type)
    ? fieldProblem(document, name, path)
    : [unsound('SumUnknown', path, `“${name}”不是金额或数字。`, `"${name}" is neither money nor a number.`)];
};

export const statisticNamed = ({ document }: Policy, name: string, caller: Caller): Statistic | undefined =>
  document.statistics?.find((item) => item.name === name && isAmong(item.to, caller));

/** One cell. `hidden`: it holds so few that its reader is told no number. */
export interface Cell {
  /** What the rows have in common, dimension by dimension; '' where they say nothing. */
  readonly keys: readonly string[];
  readonly count?: number;
  /** Money in yuan. */
  readonly sums: Readonly<Record<string, string>>;
  readonly hidden: boolean;
}

/** The cells that have rows, in the order of their dimensions. `seesRows`: the reader may look through them anyway. */
export const tallied = (
  policy: Policy,
  statistic: Statistic,
  {
    rows,
    today,
    seesRows,
  }: { readonly rows: readonly ListedRow[]; readonly today: CalendarDate; readonly seesRows: boolean },
): readonly Cell[] => {
  const groups = new Map<string, { readonly values: readonly unknown[]; readonly rows: ListedRow[] }>();
  for (const row of rows.filter((each) => isSelected(statistic, each, today))) {
    const values = statistic.by.map((by) => valueIn(policy, row, by));
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, rows: [] };
    groups.set(key, group);
    group.rows.push(row);
  }
  const compare = statistic.by.map((by) => comparedIn(policy, by));
  return [...groups.values()]
    .toSorted((a, b) => compare.map((each, at) => each(a.values[at], b.values[at])).find((found) => found !== 0) ?? 0)
    .map(({ values, rows: counted }) => {
      const keys = values.map((value) => (value === undefined ? '' : String(value)));
      return !seesRows && counted.length < statistic.hidesBelow
        ? { keys, sums: {}, hidden: true }
        : { keys, count: counted.length, sums: sumsOf(policy, statistic, counted), hidden: false };
    });
};
const sumsOf = (policy: Policy, { sums = [] }: Statistic, rows: readonly ListedRow[]): Cell['sums'] =>
  Object.fromEntries(
    sums.map((name) => {
      const values = rows.map(({ fields }) => fields[name]);
      const money = fieldTypesOf(policy).get(name) !== 'number';
      const numbers = values.filter((value) => typeof value === 'number');
      return [
        name,
        money
          ? yuanText(addFen(ZERO, ...values.filter((value): value is Fen => typeof value === 'string')))
          : String(numbers.reduce((total, value) => total + value, 0)),
      ];
    }),
  );
