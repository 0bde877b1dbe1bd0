import fc from 'fast-check';
import { compareText } from '#event-sourcing/projection/document.js';
import { compareScalars, matches } from '#event-sourcing/projection/page-plan.js';
import type { Comparison, Scalar } from '#event-sourcing/ports/read-store.js';
import { keyBounds, sortKey } from './sort-key.js';

const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom<Scalar>(
    0,
    -0,
    2 ** 53,
    2n ** 53n,
    2n ** 53n + 1n,
    2 ** 53 + 2,
    2n ** 63n - 1n,
    -(2n ** 63n),
    5e-324,
    '',
    '🀄',
    '\uffff',
    '1',
    'a\u0000b',
  ),
);
const sign = (difference: number): number => Math.sign(difference);

describe('sort keys', () => {
  it('have the order of what they stand for', () => {
    fc.assert(
      fc.property(scalars, scalars, (a, b) => {
        expect(sign(compareText(sortKey(a), sortKey(b)))).toBe(sign(compareScalars(a, b)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('meet a filter when their values do', () => {
    const comparisons: fc.Arbitrary<Comparison> = fc.oneof(
      scalars.map((equals) => ({ equals })),
      fc.array(scalars, { maxLength: 4 }).map((list) => ({ in: list })),
      scalars.filter((value) => value !== null).map((atLeast) => ({ atLeast })),
      scalars.filter((value) => value !== null).map((below) => ({ below })),
    );
    const meets = (key: string, bounds: ReturnType<typeof keyBounds>): boolean =>
      '$eq' in bounds
        ? key === bounds.$eq
        : '$in' in bounds
          ? bounds.$in.includes(key)
          : compareText(key, bounds.$gte) >= 0 && compareText(key, bounds.$lt) < 0;
    fc.assert(
      fc.property(scalars, comparisons, (value, comparison) => {
        expect(meets(sortKey(value), keyBounds(comparison))).toBe(matches(comparison, value));
      }),
      { numRuns: 5_000 },
    );
  });
});
