import { createHash } from 'node:crypto';
import type { DocumentValue } from './read-model.js';

/*
 * Documents as text. Plain ones are plain JSON, so that the usual row costs one JSON.parse; one that holds a Date or a
 * bigint
 * is `[document, tags]`, where each tag is the path of such a value and its kind: reading visits only those.
 */
type Tag = readonly [kind: 'date' | 'bigint', ...path: (string | number)[]];
type Json = string | number | boolean | null | Json[] | { [field: string]: Json };

const unfit = (what: string, path: readonly (string | number)[]): TypeError =>
  new TypeError(`A document cannot hold ${what} (at ${path.join('.') || 'its top'})`);

const isRecord = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** True when JSON says it all. Fields that are `undefined` are absent fields. */
const isPlain = (value: unknown): boolean => {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed();
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object': {
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isPlain);
      if (!isRecord(value)) return false;
      for (const field in value) {
        const inner = (value as Record<string, unknown>)[field];
        if (inner !== undefined && !isPlain(inner)) return false;
      }
      return true;
    }
    default:
      return false;
  }
};

/** A copy that JSON can say, with the tags of what it cannot; throws on what no store can keep. */
const bare = (value: unknown, path: readonly (string | number)[], tags: Tag[]): Json => {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw unfit(String(value), path);
    return value;
  }
  if (typeof value === 'bigint') {
    tags.push(['bigint', ...path]);
    return value.toString();
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unfit('an invalid date', path);
    tags.push(['date', ...path]);
    return value.getTime();
  }
  if (Array.isArray(value)) return value.map((item, index) => bare(item, [...path, index], tags));
  if (typeof value === 'object' && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([field, inner]) => [field, bare(inner, [...path, field], tags)]),
    );
  }
  throw unfit(typeof value === 'object' ? `a ${value.constructor.name}` : typeof value, path);
};

/** Ids are ours, so a bad one is a bug. Throws TypeError. */
export const checkDocumentId = (id: string): void => {
  if (id.length === 0 || id.length > idLengthMax || !id.isWellFormed())
    throw new TypeError(
      `A document's id is well-formed text of 1 to ${idLengthMax} characters, not ${JSON.stringify(id.slice(0, 80))}`,
    );
};
export const idLengthMax = 500;

/**
 * Text that `decodeDocument` turns back into the same values with the same types. Fields that are `undefined` are left
 * out, -0 is 0,
 * and half a surrogate pair becomes U+FFFD, as it does sooner or later in every storage. Throws TypeError on what
 * cannot be kept.
 */
export const encodeDocument = (document: object): string => {
  if (!isRecord(document)) throw unfit(Array.isArray(document) ? 'an array' : `a ${document.constructor.name}`, []);
  if (isPlain(document)) return JSON.stringify(document);
  const tags: Tag[] = [];
  const copy = bare(document, [], tags);
  return JSON.stringify([copy, tags]);
};

const revive = (document: Json, [kind, ...path]: Tag): void => {
  const last = path.at(-1) as string;
  const holder = path
    .slice(0, -1)
    .reduce<Record<string, Json>>((at, step) => at[step] as Record<string, Json>, document as Record<string, Json>);
  const value = holder[last];
  (holder as Record<string, unknown>)[last] = kind === 'date' ? new Date(value as number) : BigInt(value as string);
};

export const decodeDocument = <Row extends object>(text: string): Row => {
  if (!text.startsWith('[')) return JSON.parse(text) as Row;
  const [document, tags] = JSON.parse(text) as [Json, Tag[]];
  for (const tag of tags) revive(document, tag);
  return document as Row;
};

/** One text per meaning: fields in code-point order, each type written its own way. */
export const canonicalDocument = (value: DocumentValue | object): string => {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Date) return `@${value.getTime()}`;
  if (Array.isArray(value)) return `[${value.map((item: DocumentValue) => canonicalDocument(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value as Record<string, DocumentValue>)
      .filter(([, inner]) => inner !== undefined)
      .toSorted(([a], [b]) => compareText(a, b));
    return `{${fields.map(([field, inner]) => `${JSON.stringify(field)}:${canonicalDocument(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value);
};

/** Digest of a whole read model, fed document by document in id order. */
export const documentDigest = (): { add(id: string, document: object): void; hex(): string } => {
  const hash = createHash('sha256');
  return {
    add: (id, document) => {
      hash.update(`${JSON.stringify(id)}${canonicalDocument(document)}\n`);
    },
    hex: () => hash.digest('hex'),
  };
};

/**
 * By code point, as SQLite and MongoDB compare UTF-8; JavaScript's `<` compares UTF-16 and puts an emoji before a
 * fullwidth letter.
 */
export const compareText = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
};
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
