import type { PagePlan } from '#event-sourcing/projection/page-plan.js';
import type { Comparison, Scalar } from '#event-sourcing/ports/read-store.js';

export interface Query {
  readonly sql: string;
  readonly values: readonly Stored[];
}
/**
 * What an indexed field is in a row. SQL NULL is kept for tombstones alone, so that no index entry of one ever meets a
 * filter.
 */
export type Stored = string | number | bigint | Uint8Array;

/**
 * Sorts before every number, as nothing does; no finite number equals it. Row values compare it, which NULL would
 * spoil.
 */
const nothing = Number.NEGATIVE_INFINITY;
const falsehood = new Uint8Array([0]);
const truth = new Uint8Array([1]);
/** The smallest text and the smallest blob: where a kind begins and the one before it ends. */
const firstText = '';
const firstBlob = new Uint8Array();

export const toStored = (value: Scalar): Stored => {
  if (value === null) return nothing;
  if (typeof value === 'boolean') return value ? truth : falsehood;
  return value;
};

/** A column per indexed field, named by its place: field names never reach SQL. */
export type ColumnOf = (field: string) => string;

const isKind = (value: Stored, kind: 'text' | 'blob'): boolean =>
  kind === 'text' ? typeof value === 'string' : value instanceof Uint8Array;

/** SQLite compares across kinds, a filter does not: a range ends where its kind does. */
const range = (column: string, { atLeast, below }: { readonly atLeast?: Scalar; readonly below?: Scalar }): Query => {
  const parts: string[] = [];
  const values: Stored[] = [];
  const add = (operator: string, value: Stored): void => {
    parts.push(`${column} ${operator} ?`);
    values.push(value);
  };
  const sample = toStored((atLeast ?? below) as Scalar);
  const [kindFirst, kindEnd] = isKind(sample, 'text')
    ? [firstText, firstBlob]
    : isKind(sample, 'blob')
      ? [firstBlob, undefined]
      : [undefined, firstText];
  if (atLeast !== undefined) add('>=', toStored(atLeast));
  else if (kindFirst === undefined) add('>', nothing);
  else add('>=', kindFirst);
  if (below !== undefined) add('<', toStored(below));
  else if (kindEnd !== undefined) add('<', kindEnd);
  return { sql: parts.join(' AND '), values };
};

/** Lists are filled up to a power of two by repeating their last value, so that few statements serve all lengths. */
const filled = (values: readonly Stored[]): readonly Stored[] => {
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array.from({ length: length - values.length }, () => values.at(-1) as Stored)];
};

const condition = (column: string, comparison: Comparison): Query => {
  if ('equals' in comparison) return { sql: `${column} = ?`, values: [toStored(comparison.equals)] };
  if (!('in' in comparison)) return range(column, comparison);
  if (comparison.in.length === 0) return { sql: '0', values: [] };
  const values = filled(comparison.in.map(toStored));
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values };
};

export const conditions = (where: PagePlan['where'], index: readonly string[] | undefined, column: ColumnOf): Query => {
  const parts = where.map(([field, comparison]) => condition(column(field), comparison));
  // Whatever an index is walked for, its tombstones are not meant.
  if (parts.length === 0)
    parts.push(
      index === undefined
        ? { sql: 'body IS NOT NULL', values: [] }
        : { sql: `${column(index[0] as string)} >= ?`, values: [nothing] },
    );
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) };
};

interface Step {
  readonly column: string;
  readonly descending: boolean;
  readonly value: Stored | undefined;
}

/** The rows behind the cursor: one row-value comparison when all fields run the same way, else one case per field. */
const behind = (steps: readonly Step[]): Query => {
  const values = steps.map(({ value }) => value as Stored);
  if (steps.every(({ descending }) => descending === steps[0]?.descending)) {
    return {
      sql: `(${steps.map(({ column }) => column).join(', ')}) ${steps[0]?.descending === true ? '<' : '>'} (${steps.map(() => '?').join(', ')})`,
      values,
    };
  }
  const cases = steps.map(({ column, descending }, place) =>
    [...steps.slice(0, place).map((step) => `${step.column} = ?`), `${column} ${descending ? '<' : '>'} ?`].join(
      ' AND ',
    ),
  );
  return {
    sql: `(${cases.map((one) => `(${one})`).join(' OR ')})`,
    values: steps.flatMap((_, place) => values.slice(0, place + 1)),
  };
};

/** One row more than the page, to know whether there is a next one. `from` is the table, with or without its index. */
export const pageQuery = (plan: PagePlan, from: string, column: ColumnOf): Query => {
  const fixed = new Set(plan.where.filter(([, comparison]) => 'equals' in comparison).map(([field]) => field));
  const steps: Step[] = plan.order
    .map(({ field, direction }, place) => ({
      field,
      column: column(field),
      descending: direction === 'descending',
      value: plan.after && toStored(plan.after.values[place] ?? null),
    }))
    .filter(({ field }) => !fixed.has(field));
  const descending = plan.order.at(-1)?.direction === 'descending';
  steps.push({ column: 'id', descending, value: plan.after?.id });
  const filter = conditions(plan.where, plan.index, column);
  const after = plan.after === undefined ? undefined : behind(steps);
  const order = steps.map((step) => `${step.column}${step.descending ? ' DESC' : ''}`).join(', ');
  return {
    sql: `SELECT id, body FROM ${from} WHERE ${filter.sql}${after === undefined ? '' : ` AND ${after.sql}`} ORDER BY ${order} LIMIT ?`,
    values: [...filter.values, ...(after?.values ?? []), plan.first + 1],
  };
};
