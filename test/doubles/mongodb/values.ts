import { Binary, Long } from 'bson';

export type Doc = Record<string, unknown>;

const ranks: Readonly<Record<string, number>> = {
  undefined: 1,
  null: 1,
  number: 2,
  bigint: 2,
  string: 3,
  object: 4,
  array: 5,
  binary: 6,
  boolean: 8,
  date: 9,
};
const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof Long) return 'bigint';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Binary || value instanceof Uint8Array) return 'binary';
  return value instanceof Date ? 'date' : 'object';
};

/** As BSON orders values: by kind first, text by its bytes in UTF-8. */
export const compareBson = (a: unknown, b: unknown): number => {
  const [kindA, kindB] = [kindOf(a), kindOf(b)];
  const rank = ranks[kindA]! - ranks[kindB]!;
  if (rank !== 0 || kindA === 'null') return rank;
  switch (kindA) {
    case 'string':
      return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
    case 'binary':
      return Buffer.compare(bytes(a), bytes(b));
    case 'array':
    case 'object':
      return compareFields(Object.entries(a as object), Object.entries(b as object));
    case 'date':
      return (a as Date).getTime() - (b as Date).getTime();
    default: {
      const [x, y] = [plain(a), plain(b)];
      return x < y ? -1 : x > y ? 1 : 0;
    }
  }
};
/** In the order they were written: each field by kind, then name, then value. */
const compareFields = (
  a: readonly (readonly [string, unknown])[],
  b: readonly (readonly [string, unknown])[],
): number => {
  for (const [place, [name, value]] of a.entries()) {
    const other = b[place];
    if (other === undefined) return 1;
    const difference =
      ranks[kindOf(value)]! - ranks[kindOf(other[1])]! ||
      Buffer.compare(Buffer.from(name), Buffer.from(other[0])) ||
      compareBson(value, other[1]);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
const bytes = (value: unknown): Uint8Array =>
  value instanceof Binary ? value.buffer.subarray(0, value.position) : (value as Uint8Array);
const plain = (value: unknown): number | bigint | boolean =>
  value instanceof Long ? value.toBigInt() : (value as number);

const sameKind = (a: unknown, b: unknown): boolean => ranks[kindOf(a)] === ranks[kindOf(b)];

/** A comparison with a bound meets only values of the bound's own kind. */
const operators: Readonly<Record<string, (value: unknown, given: unknown) => boolean>> = {
  $eq: (value, given) => compareBson(value, given) === 0,
  $ne: (value, given) => compareBson(value, given) !== 0,
  $in: (value, given) => (given as unknown[]).some((one) => compareBson(value, one) === 0),
  $gt: (value, given) => sameKind(value, given) && compareBson(value, given) > 0,
  $gte: (value, given) => sameKind(value, given) && compareBson(value, given) >= 0,
  $lt: (value, given) => sameKind(value, given) && compareBson(value, given) < 0,
  $lte: (value, given) => sameKind(value, given) && compareBson(value, given) <= 0,
  $exists: (value, given) => (value !== undefined) === Boolean(given),
};

const isOperators = (condition: unknown): condition is Doc =>
  kindOf(condition) === 'object' && Object.keys(condition as object).some((key) => key.startsWith('$'));

export const meets = (doc: Doc, filter: Doc): boolean =>
  Object.entries(filter).every(([field, condition]) => {
    if (field === '$and') return (condition as Doc[]).every((one) => meets(doc, one));
    if (field === '$or') return (condition as Doc[]).some((one) => meets(doc, one));
    if (!isOperators(condition)) return compareBson(doc[field], condition) === 0;
    return Object.entries(condition).every(([name, given]) => {
      const operator = operators[name];
      if (operator === undefined) throw new Error(`The double knows no ${name}`);
      return operator(doc[field], given);
    });
  });

/** Fields that a filter fixes, which an upsert puts into the new document. */
export const fixedIn = (filter: Doc): Doc =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([field, condition]) => {
      if (field.startsWith('$')) return [];
      if (!isOperators(condition)) return [[field, condition]];
      return '$eq' in condition ? [[field, condition['$eq']]] : [];
    }),
  );

/** The document after an update by operators, or by replacement. */
export const updated = (doc: Doc, update: Doc, inserts: boolean): Doc => {
  if (!Object.keys(update).some((key) => key.startsWith('$'))) return { _id: doc['_id'], ...update };
  const next = { ...doc };
  for (const [operator, fields] of Object.entries(update as Record<string, Doc>)) {
    for (const [field, value] of Object.entries(fields)) {
      if (operator === '$set' || (operator === '$setOnInsert' && inserts)) next[field] = value;
      else if (operator === '$inc') next[field] = Number(next[field] ?? 0) + Number(value);
      else if (operator === '$unset') delete next[field];
      else if (operator !== '$setOnInsert') throw new Error(`The double knows no ${operator}`);
    }
  }
  return next;
};

export const sorted = (docs: readonly Doc[], sort: Readonly<Record<string, number>>): readonly Doc[] =>
  docs.toSorted((a, b) => {
    for (const [field, direction] of Object.entries(sort)) {
      const difference = compareBson(a[field], b[field]);
      if (difference !== 0) return difference * Number(direction);
    }
    return 0;
  });
