import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { canonicalDocument, compareText, decodeDocument, encodeDocument } from './document.js';

const leaf = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.bigInt(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
);
const { document } = fc.letrec<{ value: unknown; document: object }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('document')),
  document: fc.dictionary(
    fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('__proto__', 'constructor', 'toJSON', 'date', 'bigint', '0', '$date', 'a.b'),
    ),
    tie('value'),
    { maxKeys: 4, noNullPrototype: true },
  ),
}));

describe('a document', () => {
  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(document, (given) => isDeepStrictEqual(decodeDocument(encodeDocument(given)), given)),
      { numRuns: 1_000 },
    );
  });

  it('is plain JSON unless it holds a date or a bigint, so that reading it costs one parse', () => {
    expect(encodeDocument({ a: 1, b: undefined, c: [{ d: null }] })).toBe('{"a":1,"c":[{"d":null}]}');
    expect(encodeDocument({ fen: 5n, on: { last: new Date(7) } })).toBe(
      '[{"fen":"5","on":{"last":7}},[["bigint","fen"],["date","on","last"]]]',
    );
  });

  it('makes broken Unicode whole, as every storage would in its own way', () => {
    expect(decodeDocument(encodeDocument({ name: 'half \ud800 pair' }))).toEqual({ name: 'half \ufffd pair' });
  });

  it('says where the value stands that it cannot hold', () => {
    expect(() => encodeDocument({ lines: [{ ok: 1 }, { amount: Number.NaN }] })).toThrow(
      'A document cannot hold NaN (at lines.1.amount)',
    );
    expect(() => encodeDocument([])).toThrow('A document cannot hold an array (at its top)');
    expect(() => encodeDocument(new Date(0))).toThrow('a Date');
  });

  it('has one canonical text for one meaning, and another for every other', () => {
    expect(canonicalDocument({ b: [1, 2n, new Date(3)], a: { d: undefined, c: '撞' } })).toBe(
      '{"a":{"c":"撞"},"b":[1,2n,@3]}',
    );
    fc.assert(
      fc.property(document, document, (a, b) => {
        const same = canonicalDocument(a) === canonicalDocument(b);
        const shuffled = Object.fromEntries(Object.entries(a).toReversed());
        expect(canonicalDocument(shuffled)).toBe(canonicalDocument(a));
        expect(same).toBe(isDeepStrictEqual(a, b));
      }),
    );
  });
});

it('text is ordered by code point, as UTF-8 bytes are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 4 }), (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    {
      numRuns: 2_000,
      examples: [
        ['🀄', '￥'],
        ['a🀄', 'a￥'],
        ['', 'a'],
      ],
    },
  );
});
