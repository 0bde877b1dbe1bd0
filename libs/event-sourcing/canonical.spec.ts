import fc from 'fast-check';
import { canonicalBytes, CanonicalError, canonicalText, depthMax, isCanonical } from './canonical.js';

const number = fc.oneof(
  fc.maxSafeInteger(),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .filter((drawn) => !Number.isInteger(drawn) || Number.isSafeInteger(drawn)),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.string({ unit: 'binary' }),
    number,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary', maxLength: 6 }), tie('value'), { maxKeys: 5 }),
  ),
}));
const shuffled = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shuffled)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .toReversed()
            .map(([key, inner]) => [key, shuffled(inner)]),
        )
      : value;

describe('canonical JSON', () => {
  it('reads back as it was written, and its own reading writes the same text', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(isCanonical(canonicalBytes(value))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the same text in whatever order the keys were set', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(canonicalText(shuffled(value))).toBe(canonicalText(value));
      }),
    );
  });

  it('differs when the value differs', () => {
    fc.assert(
      fc.property(anyValue, anyValue, (one, other) => {
        let same = true;
        try {
          expect(JSON.parse(JSON.stringify(other))).toStrictEqual(JSON.parse(JSON.stringify(one)));
        } catch {
          same = false;
        }
        expect(canonicalText(one) === canonicalText(other)).toBe(same);
      }),
    );
  });

  it('writes the sample of RFC 8785, but for its 1E30, which is beyond exact whole numbers', () => {
    const sample: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalText(sample)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('orders keys by UTF-16 code units, not by code points and not by number', () => {
    const keys = {
      '\u20ac': 1,
      '\r': 2,
      '\ufb33': 3,
      '1': 4,
      '\ud83d\ude00': 5,
      '\u0080': 6,
      '\u00f6': 7,
      '10': 8,
      '2': 9,
    };
    expect(Object.keys(JSON.parse(canonicalText(keys)) as object).length).toBe(9);
    expect([...canonicalText(keys).matchAll(/:(\d)/g)].map(([, digit]) => Number(digit))).toEqual([
      2, 4, 8, 9, 6, 7, 1, 5, 3,
    ]);
  });

  it('leaves undefined fields out and keeps null', () => {
    expect(canonicalText({ a: undefined, b: null, c: { d: undefined } })).toBe('{"b":null,"c":{}}');
  });

  it('writes minus zero as 0', () => {
    expect(canonicalText([-0, 0])).toBe('[0,0]');
  });

  it('keeps hostile names as names', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"constructor":"x","$ne":1,"..":2}');
    expect(canonicalText(value)).toBe('{"$ne":1,"..":2,"__proto__":{"a":1},"constructor":"x"}');
  });

  it.each<[string, unknown, string]>([
    ['a lone surrogate', { name: 'a\ud800' }, 'name: text with a lone surrogate'],
    ['a lone surrogate in a key', { form: { '\udc00': 1 } }, 'text with a lone surrogate'],
    ['NaN', { rows: [1, { n: Number.NaN }] }, 'rows[1].n: NaN is not a finite number'],
    ['infinity', JSON.parse('[1e400]'), '[0]: Infinity is not a finite number'],
    ['a whole number that may have been rounded', { n: 2 ** 53 }, 'n: 9007199254740992 is beyond'],
    ['a bigint', { n: 1n }, 'n: a bigint cannot be written'],
    ['a date', { at: new Date(0) }, 'at: a Date cannot be written'],
    ['a map', new Map(), 'a Map cannot be written'],
    ['bytes', { b: new Uint8Array(1) }, 'b: a Uint8Array cannot be written'],
    ['a function', { f: () => 1 }, 'f: a function cannot be written'],
    ['a symbol', Symbol('s'), 'a symbol cannot be written'],
    ['undefined', undefined, 'a undefined cannot be written'],
    ['a hole in an array', [1, undefined], '[1]: a undefined cannot be written'],
  ])('refuses %s and says where', (_what, value, says) => {
    expect(() => canonicalText(value)).toThrow(CanonicalError);
    expect(() => canonicalText(value)).toThrow(says);
  });

  it('takes objects without a prototype', () => {
    expect(canonicalText(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });

  it(`takes ${depthMax} levels and refuses one more, and a circle`, () => {
    const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inside) => [inside], 0);
    expect(canonicalText(nested(depthMax))).toHaveLength(2 * depthMax + 1);
    expect(() => canonicalText(nested(depthMax + 1))).toThrow(`more than ${depthMax} levels deep`);
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(() => canonicalText(circle)).toThrow(`more than ${depthMax} levels deep`);
  });

  it.each([
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a": 1}',
    '[1.0]',
    '[1e2]',
    '["\\u0041"]',
    '["\\/"]',
    '[-0]',
    '{"a":1}\n',
    '\ufeff[]',
    '[9007199254740993]',
    '{',
    '["\\ud800"]',
  ])('%s is not canonical', (text) => {
    expect(isCanonical(Buffer.from(text))).toBe(false);
  });

  it('bytes that are not UTF-8 are not canonical', () => {
    expect(isCanonical(Buffer.from([0x22, 0xff, 0x22]))).toBe(false);
  });
});
