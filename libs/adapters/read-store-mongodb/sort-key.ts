import type { Comparison, Scalar } from '#event-sourcing/ports/read-store.js';

/*
 * An indexed field as text whose order by code point is the order of the port: nothing, numbers, text, false, true. One
 * kind for all, because
 * MongoDB compares a bound only with values of the bound's own kind, and a page must be walked across kinds.
 */
const [nothing, numbers, texts, falsehood, truth, end] = ['0', '1', '2', '3', '4', '5'];

export const sortKey = (value: Scalar): string => {
  if (value === null) return nothing;
  if (typeof value === 'boolean') return value ? truth : falsehood;
  return typeof value === 'string' ? `${texts}${value}` : `${numbers}${numberKey(value)}`;
};

/**
 * The nearest double in an order that bytes have, then what a 64-bit number has beyond it: so both kinds of number
 * compare by value.
 */
const numberKey = (value: number | bigint): string => {
  const nearest = Number(value) + 0; // -0 is 0.
  const beyond = typeof value === 'bigint' ? value - BigInt(nearest) : 0n;
  return `${ordered(nearest)}${(beyond + offset).toString(16).padStart(4, '0')}`;
};
/** No double is further from its 64-bit number than this. */
const offset = 0x1000n;

const bits = new DataView(new ArrayBuffer(8));
const ordered = (value: number): string => {
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const rising = (raw & (1n << 63n)) === 0n ? raw | (1n << 63n) : ~raw & ((1n << 64n) - 1n);
  return rising.toString(16).padStart(16, '0');
};

type Bounds =
  { readonly $eq: string } | { readonly $in: readonly string[] } | { readonly $gte: string; readonly $lt: string };

/** A comparison as a filter on the key. A range ends where its kind does. */
export const keyBounds = (comparison: Comparison): Bounds => {
  if ('equals' in comparison) return { $eq: sortKey(comparison.equals) };
  if ('in' in comparison) return { $in: comparison.in.map(sortKey) };
  const { atLeast, below } = comparison;
  const kind = sortKey((atLeast ?? below) as Scalar)[0]!;
  const [first, behind] = kind === numbers ? [numbers, texts] : kind === texts ? [texts, falsehood] : [falsehood, end];
  return { $gte: atLeast === undefined ? first : sortKey(atLeast), $lt: below === undefined ? behind : sortKey(below) };
};
