import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import type { DerivedFact, Reason } from '#event-sourcing/vocabulary.js';
import { unsound, type Clause } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { fieldProblems, fieldSchema, type Field, type FieldValue } from '../field.js';
import { readFilled } from '../filled.js';
import { isEntitled, whoSchema, type Caller } from '../whom.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';
import type { TablesAtHand } from '../tables-at-hand.js';
import { keyIn, strongPart } from './identity.js';

/** Rows of one table at most. */
export const tableRowsMax = 2_000;

/**
 * What the organisation publishes beside the policy and changes more often: key customers, prices, a plan, who has
 * which district. A version is published whole, with the instant from which it holds. Conditions look a row up by its
 * key: `listed("keyCustomers", companyName)`, `price("prices", product)`, `entry("districts", caller())`.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      columns: z.array(fieldSchema).min(1).max(12),
      key: nameSchema.describe('The column by which a row is looked up; no two rows have the same.'),
      by: whoSchema.describe('Who publishes it.'),
      ...cited,
    }),
  )
  .max(20)
  .optional();
export type Table = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  TableUnknown: {
    zh: '制度没有这张表{tables?，可选：}{tables}。',
    en: 'The policy has no such table{tables?; choose from: }{tables}.',
  },
  PublisherNotPermitted: {
    zh: '此表须由以下人员发布：{roles}{relations}。',
    en: 'This table is published by: {roles}{relations}.',
  },
  TableKeyTwice: { zh: '第 {row} 行与前面某行的键相同。', en: 'Row {row} has the key of a row before it.' },
  TableTooLong: { zh: '一张表最多 {max} 行。', en: 'A table has at most {max} rows.' },
} as const satisfies Messages;

export const tables: Clause<'tables', typeof schema, typeof refusals> = {
  name: 'tables',
  schema,
  binds: 'event',
  items: { by: ['name'], through: ['columns'] },
  says: { reason: { zh: '发布表：{item}', en: 'Table: {item}' }, refusals },
  declares: (items) => [
    ...items.map(({ name, title }) => ({ kind: 'table' as const, name, title, path: ['tables'] })),
    ...items.flatMap(({ columns }, index) =>
      columns.map(({ name, label }) => ({
        kind: 'column' as const,
        name,
        title: label,
        path: ['tables', index, 'columns'],
      })),
    ),
  ],
  refers: (items) =>
    items.flatMap((item, index) => [
      ...fieldProblems([item.columns], ['tables']).map((problem) => ({
        ...problem,
        path: ['tables', index, 'columns', ...problem.path.slice(3)],
      })),
      ...(item.columns.some(({ name }) => name === item.key)
        ? []
        : [
            unsound(
              'KeyUnknown',
              ['tables', index, 'key'],
              `columns 中没有“${item.key}”这一列。`,
              `No column is called "${item.key}".`,
            ),
          ]),
    ]),
  again: ({ e }, name) => {
    const table = tableNamed(e.policy.document, name);
    return table === undefined ? undefined : becauseOf(e, table);
  },
};
const becauseOf = (e: Evaluation, table: Table): Reason => reasonOf(e, `tables.${table.name}`, table);
export const tableNamed = ({ tables: items = [] }: PolicyDocument, name: string): Table | undefined =>
  items.find((each) => each.name === name);

/** Who may publish any table, as `permissions` would say it. */
export const mayPublish = ({ tables: items = [] }: PolicyDocument) =>
  items.map(({ by, rule }) => ({ may: ['publishTable' as const], ...by, rule }));

/** One row as it was read: what it is looked up by, what says nothing about a person, and the rest. */
export interface TableRow {
  readonly key: string;
  readonly cells: Readonly<Record<string, DerivedFact>>;
  readonly personal: Readonly<Record<string, FieldValue>>;
}
export type JudgedTable =
  | { readonly allowed: true; readonly because: Reason; readonly rows: readonly TableRow[] }
  | { readonly allowed: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

/** Whether a table may be published so, all that speaks against it at once; a cell is called `rows.3.price`. */
export const judgeTable = (
  e: Evaluation,
  given: {
    readonly table: string;
    readonly rows: readonly Readonly<Record<string, FieldValue>>[];
    readonly who: Caller;
  },
): JudgedTable => {
  const { document } = e.policy;
  const table = tableNamed(document, given.table);
  const refused = (first: Rejection, ...more: readonly Rejection[]): JudgedTable => ({
    allowed: false,
    rejections: [first, ...more],
  });
  if (table === undefined)
    return refused({
      reason: 'TableUnknown',
      field: 'table',
      accepted: { tables: codes((document.tables ?? []).map(({ name }) => name)) },
    });
  const because = becauseOf(e, table);
  if (!isEntitled(table.by, given.who))
    return refused({
      reason: 'PublisherNotPermitted',
      because: [because],
      accepted: { roles: codes(table.by.roles ?? []), relations: codes(table.by.relations ?? []) },
    });
  if (given.rows.length > tableRowsMax)
    return refused({ reason: 'TableTooLong', field: 'rows', because: [because], accepted: { max: tableRowsMax } });
  const read = given.rows.map((row, index) => readRow(e, table, row, index + 1));
  const seen = new Set<string>();
  const twice = read.flatMap(({ row }, index): readonly Rejection[] => {
    if (row === undefined || !seen.has(row.key)) {
      if (row !== undefined) seen.add(row.key);
      return [];
    }
    return [{ reason: 'TableKeyTwice', field: `rows.${index + 1}.${table.key}`, accepted: { row: index + 1 } }];
  });
  const [first, ...more] = [...read.flatMap(({ problems }) => problems), ...twice];
  return first === undefined
    ? { allowed: true, because, rows: read.flatMap(({ row }) => row ?? []) }
    : refused(first, ...more.slice(0, problemsMax - 1));
};
const problemsMax = 50;

const readRow = (
  e: Evaluation,
  table: Table,
  values: Readonly<Record<string, FieldValue>>,
  at: number,
): { readonly row?: TableRow; readonly problems: readonly Rejection[] } => {
  const asked = { fields: table.columns, rows: [], attachments: [], checks: [] };
  const filled = readFilled(e, `tables.${table.name}`, asked, { values, attachments: [] });
  const key = Object.hasOwn(filled.values, table.key) ? lookUpBy(table, filled.values[table.key]!) : undefined;
  const problems: readonly Rejection[] = [
    ...filled.misread,
    ...filled.missing.map(({ rejection }) => rejection),
    ...(key === undefined && filled.misread.every(({ field }) => field !== table.key)
      ? [{ reason: 'FieldMissing' as const, field: table.key }]
      : []),
  ].map((problem) => ({ ...problem, field: `rows.${at}.${problem.field}` }));
  return key === undefined || problems.length > 0
    ? { problems }
    : { row: { key, cells: filled.clearValues, personal: filled.personalValues }, problems };
};

/** What a value is compared as: spellings of one telephone or company are one. Undefined: it names nothing. */
const lookUpBy = (table: Table, value: FieldValue): string | undefined => {
  const { type } = keyColumn(table);
  if (
    type === 'phone' ||
    type === 'companyName' ||
    type === 'personName' ||
    type === 'creditCode' ||
    type === 'address'
  )
    return keyIn(strongPart(String(value), type, true));
  return type === 'text' ? keyIn(strongPart(String(value), 'text', true)) : String(value) || undefined;
};
const keyColumn = ({ columns, key }: Table): Field => columns.find(({ name }) => name === key)!;

/** A table as it holds at a decision. */
export interface TableInForce {
  readonly version: number;
  /** The clear cells of a row, by what it is looked up by. */
  readonly row: (key: string) => Readonly<Record<string, DerivedFact>> | undefined;
}
export const tablesAtHand = (document: PolicyDocument, published: ReadonlyMap<string, TableInForce>): TablesAtHand => {
  const rowOf = (name: string, value: string) => {
    const table = tableNamed(document, name);
    const key = table === undefined ? undefined : lookUpBy(table, value);
    return key === undefined ? undefined : published.get(name)?.row(key);
  };
  const cellOf = (name: string, value: string, types: readonly Field['type'][]): DerivedFact | undefined => {
    const table = tableNamed(document, name);
    const column = table?.columns.find((each) => each.name !== table.key && types.includes(each.type));
    return column === undefined ? undefined : rowOf(name, value)?.[column.name];
  };
  return {
    version: (table) => published.get(table)?.version,
    lists: (table, value) => rowOf(table, value) !== undefined,
    price: (table, value) => {
      const amount = cellOf(table, value, ['money']);
      return amount === undefined || amount === null ? undefined : BigInt(String(amount));
    },
    figure: (table, value) => {
      const figure = cellOf(table, value, ['number']);
      return typeof figure === 'number' && Number.isSafeInteger(figure) ? BigInt(figure) : undefined;
    },
    entry: (table, value) => String(cellOf(table, value, ['choice', 'date']) ?? ''),
  };
};
