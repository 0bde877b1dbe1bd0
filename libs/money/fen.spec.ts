import * as fc from 'fast-check';
import {
  addFen,
  allocate,
  compareFen,
  fen,
  formatYuan,
  isFen,
  MoneyError,
  negateFen,
  parseYuan,
  percentOf,
  subtractFen,
  timesFen,
  toBigint,
  ZERO,
  type Rounding,
} from './fen.js';

const problemOf = (compute: () => unknown): string => {
  try {
    compute();
  } catch (error) {
    if (error instanceof MoneyError) return error.problem;
    throw error;
  }
  return 'none';
};
const amounts = () => fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map(fen);
const weights = () =>
  fc
    .array(fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.bigInt({ min: 0n, max: 10n ** 12n })), {
      minLength: 1,
      maxLength: 12,
    })
    .filter((all) => all.some((weight) => weight > 0));
const size = (value: bigint): bigint => (value < 0n ? -value : value);

describe('fen', () => {
  it.each(['0', '-1', '123456789012345678'])('%s is an amount', (text) =>
    expect([String(fen(text)), isFen(text)]).toEqual([text, true]),
  );
  it.each([
    ['-0', 'NotFen'],
    ['01', 'NotFen'],
    ['+1', 'NotFen'],
    ['1.0', 'NotFen'],
    ['1e3', 'NotFen'],
    ['', 'NotFen'],
    [' 1', 'NotFen'],
    ['１', 'NotFen'],
    ['1\n', 'NotFen'],
    ['1234567890123456789', 'TooLarge'],
  ])('%j is none: %s', (text, problem) => {
    expect(problemOf(() => fen(text))).toBe(problem);
    expect(isFen(text)).toBe(false);
  });
  it('beyond what numbers can count', () => expect(addFen(fen('9007199254740993'), fen('2'))).toBe('9007199254740995'));
  it('adds, subtracts and compares like whole numbers', () => {
    fc.assert(
      fc.property(amounts(), amounts(), (a, b) => {
        expect(toBigint(addFen(a, b))).toBe(toBigint(a) + toBigint(b));
        expect(subtractFen(addFen(a, b), b)).toBe(a);
        expect(addFen(a, negateFen(a))).toBe(ZERO);
        expect(compareFen(a, b)).toBe(Number(toBigint(a) > toBigint(b)) - Number(toBigint(a) < toBigint(b)));
      }),
    );
  });
  it('R04.19 500 yuan for each of three customers', () => expect(timesFen(parseYuan('500'), 3)).toBe('150000'));
  it('half a customer is refused', () => expect(problemOf(() => timesFen(fen('1'), 0.5))).toBe('NotWhole'));
  it('an overflow is an error, not another number', () =>
    expect(problemOf(() => addFen(fen('999999999999999999'), fen('1')))).toBe('TooLarge'));
  it('an error never repeats the amount', () => expect(new MoneyError('NotYuan').message).toBe('NotYuan'));
});

describe('yuan as people write them', () => {
  it.each([
    ['1234', '123400'],
    ['1,234.56', '123456'],
    ['￥1,234.5', '123450'],
    ['¥0.05', '5'],
    ['-8.00', '-800'],
    ['１２３４．５６', '123456'],
    ['1，234', '123400'],
    [' 007 ', '700'],
    ['-0', '0'],
    ['0.00', '0'],
    ['12,345,678.90', '1234567890'],
  ])('%s is %s fen', (text, expected) => expect(parseYuan(text)).toBe(expected));
  it.each([
    ['1.234', 'TooManyDecimals'],
    ['1.200', 'TooManyDecimals'],
    ['1,23', 'NotYuan'],
    ['12,34.00', 'NotYuan'],
    ['1234,567', 'NotYuan'],
    ['1.', 'NotYuan'],
    ['.5', 'NotYuan'],
    ['1e5', 'NotYuan'],
    ['1e400', 'NotYuan'],
    ['', 'NotYuan'],
    ['--1', 'NotYuan'],
    ['1 234', 'NotYuan'],
    ['一千', 'NotYuan'],
    ['NaN', 'NotYuan'],
    ['0x10', 'NotYuan'],
    ['$5', 'NotYuan'],
    ['12345678901234567.00', 'TooLarge'],
  ])('%j is refused: %s', (text, problem) => expect(problemOf(() => parseYuan(text))).toBe(problem));
  it('a megabyte of digits is refused at once', () =>
    expect(problemOf(() => parseYuan('9'.repeat(1_000_000)))).toBe('TooLarge'));
  it.each([
    ['123456', '1,234.56 元', 'CNY 1,234.56'],
    ['5', '0.05 元', 'CNY 0.05'],
    ['-100000000', '-1,000,000.00 元', 'CNY -1,000,000.00'],
    ['0', '0.00 元', 'CNY 0.00'],
  ])('%s reads %s', (text, zh, en) =>
    expect([formatYuan(fen(text), 'zh'), formatYuan(fen(text), 'en')]).toEqual([zh, en]),
  );
  it('what is written is read back', () => {
    fc.assert(
      fc.property(amounts(), (amount) => {
        expect(parseYuan(formatYuan(amount, 'zh').replace(' 元', ''))).toBe(amount);
        expect(parseYuan(formatYuan(amount, 'en').replace('CNY ', ''))).toBe(amount);
      }),
    );
  });
});

describe('splitting', () => {
  it('a third each: the odd fen goes to the one that stands first', () =>
    expect(allocate(fen('100'), [1, 1, 1])).toEqual(['34', '33', '33']));
  it('two odd fen go to two', () => expect(allocate(fen('101'), [1, 1, 1])).toEqual(['34', '34', '33']));
  it('the largest remainder comes before the first place', () =>
    expect(allocate(fen('10'), [1, 2, 4])).toEqual(['1', '3', '6']));
  it('a claw-back takes back what was given', () =>
    expect(allocate(fen('-100'), [1, 1, 1])).toEqual(['-34', '-33', '-33']));
  it('who has no weight gets nothing', () => expect(allocate(fen('5'), [0, 3, 0, 3])).toEqual(['0', '3', '0', '2']));

  it('the parts are the whole', () => {
    fc.assert(
      fc.property(amounts(), weights(), (total, shares) => expect(addFen(...allocate(total, shares))).toBe(total)),
      { numRuns: 500 },
    );
  });
  it('each part is less than a fen from the exact share, and on its side of nothing', () => {
    fc.assert(
      fc.property(amounts(), weights(), (total, shares) => {
        const sum = shares.reduce<bigint>((all, weight) => all + BigInt(weight), 0n);
        allocate(total, shares).forEach((part, index) => {
          const weight = BigInt(shares[index] ?? 0);
          expect(size(toBigint(part) * sum - toBigint(total) * weight) < sum).toBe(true);
          expect(weight === 0n ? part : ZERO).toBe(ZERO);
          expect(toBigint(part) * toBigint(total) >= 0n).toBe(true);
        });
      }),
    );
  });
  it('a larger weight never gets less; of two equal ones the first never gets less', () => {
    fc.assert(
      fc.property(amounts(), weights(), (total, shares) => {
        const parts = allocate(total, shares).map((part) => size(toBigint(part)));
        for (let i = 0; i < parts.length; i += 1)
          for (let j = i + 1; j < parts.length; j += 1) {
            const [a = 0n, b = 0n] = [BigInt(shares[i] ?? 0), BigInt(shares[j] ?? 0)];
            expect(a >= b ? (parts[i] ?? 0n) >= (parts[j] ?? 0n) : (parts[i] ?? 0n) <= (parts[j] ?? 0n)).toBe(true);
          }
      }),
    );
  });
  it('mirrors a negative total, and only proportions matter', () => {
    fc.assert(
      fc.property(amounts(), weights(), fc.integer({ min: 1, max: 1_000 }), (total, shares, factor) => {
        const parts = allocate(total, shares);
        expect(allocate(negateFen(total), shares)).toEqual(parts.map(negateFen));
        expect(
          allocate(
            total,
            shares.map((weight) => BigInt(weight) * BigInt(factor)),
          ),
        ).toEqual(parts);
      }),
    );
  });
  it.each<[string, (bigint | number)[]]>([
    ['NoWeights', []],
    ['AllWeightsZero', [0, 0n]],
    ['NegativeWeight', [2, -1]],
    ['WeightNotWhole', [0.5, 0.5]],
    ['WeightNotWhole', [Number.NaN]],
    ['WeightNotWhole', [2 ** 53]],
  ])('%s', (problem, shares) => expect(problemOf(() => allocate(fen('100'), shares))).toBe(problem));
});

describe('a part of an amount', () => {
  it.each<[string, number, number, Rounding, string]>([
    ['100000', 25, 1_000, 'halfUp', '2500'],
    ['5', 1, 2, 'halfUp', '3'],
    ['5', 1, 2, 'halfEven', '2'],
    ['7', 1, 2, 'halfEven', '4'],
    ['5', 1, 2, 'down', '2'],
    ['5', 1, 2, 'up', '3'],
    ['-5', 1, 2, 'halfUp', '-3'],
    ['-5', 1, 2, 'halfEven', '-2'],
    ['-5', 1, 2, 'down', '-2'],
    ['-5', 1, 2, 'up', '-3'],
    ['100', 1, 3, 'halfUp', '33'],
    ['200', 1, 3, 'halfUp', '67'],
    ['100', -1, 3, 'up', '-34'],
    ['0', 1, 3, 'up', '0'],
  ])('%s × %i/%i, %s, is %s', (amount, numerator, denominator, rounding, expected) =>
    expect(percentOf(fen(amount), { numerator, denominator }, rounding)).toBe(expected),
  );

  it('is the nearest fen for halves, the next one towards or from zero for the others', () => {
    fc.assert(
      fc.property(
        amounts(),
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (amount, numerator, denominator) => {
          const exact = toBigint(amount) * BigInt(numerator);
          const distance = (rounding: Rounding): bigint =>
            toBigint(percentOf(amount, { numerator, denominator }, rounding)) * BigInt(denominator) - exact;
          for (const rounding of ['halfUp', 'halfEven'] as const)
            expect(size(distance(rounding)) * 2n <= BigInt(denominator)).toBe(true);
          const sign = exact < 0n ? -1n : 1n;
          expect([distance('down') * sign <= 0n, distance('up') * sign >= 0n]).toEqual([true, true]);
          for (const rounding of ['down', 'up'] as const)
            expect(size(distance(rounding)) < BigInt(denominator)).toBe(true);
        },
      ),
    );
  });
  it('claws back exactly what was paid', () => {
    fc.assert(
      fc.property(
        amounts(),
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom<Rounding>('halfUp', 'halfEven', 'down', 'up'),
        (amount, numerator, rounding) =>
          expect(percentOf(negateFen(amount), { numerator, denominator: 100 }, rounding)).toBe(
            negateFen(percentOf(amount, { numerator, denominator: 100 }, rounding)),
          ),
      ),
    );
  });
  it.each([
    ['DenominatorNotPositive', 1, 0],
    ['DenominatorNotPositive', 1, -2],
    ['NotWhole', 0.1, 1],
  ])('%s', (problem, numerator, denominator) =>
    expect(problemOf(() => percentOf(fen('100'), { numerator, denominator }, 'halfUp'))).toBe(problem),
  );
});
