import { createHash } from 'node:crypto';
import { compareText } from './document.js';
import {
  CursorError,
  IndexMissingError,
  type Comparison,
  type Filter,
  type Order,
  type PageRequest,
  type Scalar,
  type StoredModel,
} from '../ports/read-store.js';

export const pageMax = 100;
/** Values of one `in`; a longer list is a question for another read model. */
export const inMax = 1_000;

/** A page request that has passed every check, as each adapter carries it out. */
export interface PagePlan {
  /** The declared index that serves it, or undefined for the plain order of ids. */
  readonly index: readonly string[] | undefined;
  readonly where: readonly (readonly [field: string, comparison: Comparison])[];
  readonly order: readonly Order[];
  readonly first: number;
  /** Read on behind this row: the values of its order fields, then its id. */
  readonly after?: { readonly values: readonly Scalar[]; readonly id: string };
  readonly cursorOf: (values: readonly Scalar[], id: string) => string;
}

const kinds: Readonly<Record<string, number>> = { number: 1, bigint: 1, string: 2, boolean: 3 };
const kindOf = (value: Scalar): number => (value === null ? 0 : (kinds[typeof value] ?? -1));

const scalar = (value: unknown, where: string): Scalar => {
  if (value === undefined) throw new TypeError(`${where} is undefined; say null, or leave the field out`);
  if (value !== null && !((typeof value) in kinds))
    throw new TypeError(`${where} must be text, a number, a boolean or null`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${where} must be a finite number`);
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value)
    throw new TypeError(`${where} does not fit in 64 bits`);
  return typeof value === 'string' ? value.toWellFormed() : (value as Scalar);
};

/**
 * The value of an indexed field, `null` when it is absent. Throws when it is no scalar: no store could order it as
 * another does.
 */
export const indexedValue = (model: StoredModel, document: object, field: string): Scalar => {
  let at: unknown = document;
  for (const step of field.split('.'))
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined;
  return at === undefined ? null : scalar(at, `Indexed field ${field} of ${model.name}`);
};

export const indexedFields = (model: StoredModel): readonly string[] => [...new Set(model.indexes.flat())];

/** Nothing, numbers, text, booleans; inside a kind by value, text by code point. */
export const compareScalars = (a: Scalar, b: Scalar): number => {
  const kind = kindOf(a) - kindOf(b);
  if (kind !== 0 || a === null || b === null) return kind;
  if (typeof a === 'string') return compareText(a, b as string);
  return a < b ? -1 : a > b ? 1 : 0;
};

export const matches = (comparison: Comparison, value: Scalar): boolean => {
  if ('equals' in comparison) return compareScalars(value, comparison.equals) === 0;
  if ('in' in comparison) return comparison.in.some((one) => compareScalars(value, one) === 0);
  const { atLeast, below } = comparison;
  if (atLeast !== undefined && (kindOf(value) !== kindOf(atLeast) || compareScalars(value, atLeast) < 0)) return false;
  return below === undefined || (kindOf(value) === kindOf(below) && compareScalars(value, below) < 0);
};

const checkedComparison = (field: string, comparison: unknown): Comparison => {
  if (typeof comparison !== 'object' || comparison === null)
    throw new TypeError(`Filter on ${field} is ${comparison === undefined ? 'undefined' : 'no comparison'}`);
  const given = comparison as Record<string, unknown>;
  const keys = Object.keys(given);
  if (keys.length === 1 && keys[0] === 'equals') return { equals: scalar(given['equals'], `Filter ${field}.equals`) };
  if (keys.length === 1 && keys[0] === 'in' && Array.isArray(given['in'])) {
    if (given['in'].length > inMax) throw new RangeError(`Filter ${field}.in has more than ${inMax} values`);
    return { in: given['in'].map((one) => scalar(one, `Filter ${field}.in`)) };
  }
  if (keys.length === 0 || keys.some((key) => key !== 'atLeast' && key !== 'below'))
    throw new TypeError(`Filter on ${field} must be equals, in, or atLeast and below`);
  const bounds = Object.fromEntries(keys.map((key) => [key, scalar(given[key], `Filter ${field}.${key}`)]));
  if (Object.values(bounds).includes(null))
    throw new TypeError(`Filter on ${field}: nothing is at least or below null`);
  if (new Set(Object.values(bounds).map(kindOf)).size > 1)
    throw new TypeError(`Filter on ${field}: atLeast and below are of different kinds`);
  return bounds;
};

const isRange = (comparison: Comparison): boolean => !('equals' in comparison) && !('in' in comparison);

/**
 * An index serves a request when its fields begin with those compared by `equals` or `in`, go on with the order's, and
 * then hold what
 * is left of the filter: so that a page is a walk along the index. An order by a field that is compared by `equals`
 * needs nothing more.
 */
const serves = (
  index: readonly string[],
  fixed: readonly string[],
  order: readonly string[],
  ranged: readonly string[],
): boolean => {
  const steps = order.filter((field) => !fixed.includes(field));
  const rest = ranged.filter((field) => !steps.includes(field));
  const used = fixed.length + steps.length + rest.length;
  return (
    used <= index.length &&
    fixed.every((field) => index.slice(0, fixed.length).includes(field)) &&
    steps.every((field, place) => index[fixed.length + place] === field) &&
    rest.every((field) => index.slice(fixed.length + steps.length, used).includes(field))
  );
};

const chooseIndex = (
  model: StoredModel,
  where: PagePlan['where'],
  order: readonly Order[],
): readonly string[] | undefined => {
  if (where.length === 0 && order.length === 0) return undefined;
  const fixed = where.filter(([, comparison]) => !isRange(comparison)).map(([field]) => field);
  const ranged = where.filter(([, comparison]) => isRange(comparison)).map(([field]) => field);
  const ordered = order.map(({ field }) => field);
  const index = model.indexes.find((candidate) => serves(candidate, fixed, ordered, ranged));
  if (index !== undefined) return index;
  const wanted = [...new Set([...fixed, ...ordered, ...ranged])];
  throw new IndexMissingError(
    `Read model ${model.name} has no index for this filter and order: declare [${wanted.map((field) => `'${field}'`).join(', ')}] in its indexes and raise its version`,
  );
};

/** The checked filter and the index that serves it, in the order of field names. */
export const planFilter = (
  model: StoredModel,
  filter: Filter,
  order: readonly Order[] = [],
): { readonly where: PagePlan['where']; readonly index: readonly string[] | undefined } => {
  const where = Object.entries(filter)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([field, comparison]) => [field, checkedComparison(field, comparison)] as const);
  return { where, index: chooseIndex(model, where, order) };
};

/**
 * Checks a request against the model's indexes and opens its cursor. Throws TypeError, RangeError, IndexMissingError or
 * CursorError.
 */
export const planPage = (model: StoredModel, request: PageRequest): PagePlan => {
  const { order, first, after } = request;
  if (!Number.isInteger(first) || first < 1 || first > pageMax)
    throw new RangeError(`A page has 1 to ${pageMax} rows, not ${first}`);
  if (new Set(order.map(({ field }) => field)).size !== order.length)
    throw new TypeError('A page is ordered by each field once');
  const { where, index } = planFilter(model, request.where, order);
  const mark = markOf(model, where, order);
  return {
    index,
    where,
    order,
    first,
    ...(after === undefined ? {} : { after: openCursor(after, mark, order.length) }),
    cursorOf: (values, id) => Buffer.from(JSON.stringify([mark, id, ...values.map(asJson)])).toString('base64url'),
  };
};

const asJson = (value: Scalar): unknown => (typeof value === 'bigint' ? [value.toString()] : value);

/**
 * Ties a cursor to its question: model, filter and order, not the version, for a rebuild must not break a reader's next
 * page.
 */
const markOf = (model: StoredModel, where: PagePlan['where'], order: readonly Order[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        [model.name, where, order.map(({ field, direction }) => [field, direction])],
        (_, value: unknown) => (typeof value === 'bigint' ? [value.toString()] : value),
      ),
    )
    .digest('base64url')
    .slice(0, 11);

const foreign = (): CursorError => new CursorError('This cursor belongs to another list: ask for the first page again');

const openCursor = (cursor: string, mark: string, length: number): { values: readonly Scalar[]; id: string } => {
  let opened: unknown;
  try {
    opened = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw foreign();
  }
  if (!Array.isArray(opened) || opened.length !== length + 2 || opened[0] !== mark || typeof opened[1] !== 'string')
    throw foreign();
  const [, id, ...values] = opened as [string, string, ...unknown[]];
  try {
    return {
      id,
      values: values.map((value) => scalar(Array.isArray(value) ? BigInt(String(value[0])) : value, 'Cursor')),
    };
  } catch {
    throw foreign();
  }
};
