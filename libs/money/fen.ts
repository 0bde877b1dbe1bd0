import type { Fen } from '#event-sourcing/vocabulary.js';

export type { Fen } from '#event-sourcing/vocabulary.js';

export type MoneyProblem =
  | 'NotFen'
  | 'NotYuan'
  | 'TooManyDecimals'
  | 'TooLarge'
  | 'NoWeights'
  | 'NegativeWeight'
  | 'WeightNotWhole'
  | 'AllWeightsZero'
  | 'DenominatorNotPositive'
  | 'NotWhole';
/** Text or numbers that are no money, or no way to split it. Never repeats what was given. */
export class MoneyError extends Error {
  override readonly name = 'MoneyError';
  constructor(readonly problem: MoneyProblem) {
    super(problem);
  }
}

/** Ten thousand million million yuan: far above any deal, far below what a careless sheet can hold. */
const digitsMax = 18;
const FEN = /^(?:0|-?[1-9]\d*)$/;

export const ZERO = '0' as Fen;

/** Whole fen as decimal text. Canonical: no plus sign, no leading zeros, no `-0`. Throws MoneyError. */
export const fen = (amount: bigint | string): Fen => {
  const text = String(amount);
  if (!FEN.test(text)) throw new MoneyError('NotFen');
  if (text.length - (text.startsWith('-') ? 1 : 0) > digitsMax) throw new MoneyError('TooLarge');
  return text as Fen;
};
export const isFen = (text: string): text is Fen => FEN.test(text) && text.replace('-', '').length <= digitsMax;
export const toBigint = (amount: Fen): bigint => BigInt(amount);

export const addFen = (...amounts: readonly Fen[]): Fen =>
  fen(amounts.reduce((sum, amount) => sum + toBigint(amount), 0n));
export const subtractFen = (from: Fen, amount: Fen): Fen => fen(toBigint(from) - toBigint(amount));
export const negateFen = (amount: Fen): Fen => fen(-toBigint(amount));
/** By a whole number: 500 yuan per leaked customer, three customers (R04.19). */
export const timesFen = (amount: Fen, count: bigint | number): Fen =>
  fen(toBigint(amount) * wholeNumber(count, 'NotWhole'));
/** -1, 0 or 1. Text order is not amount order: `'9' > '10'`. */
export const compareFen = (a: Fen, b: Fen): -1 | 0 | 1 => {
  const difference = toBigint(a) - toBigint(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
export const isNegative = (amount: Fen): boolean => amount.startsWith('-');

const YUAN = /^(-?)¥?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/;

/**
 * Reads yuan as people write them: `1234`, `1,234.56`, `¥1,234.5`, `-8.00`. Full-width digits are read as digits.
 * Strict: commas stand at every third digit or nowhere, and more than two decimals are refused, not rounded. Throws
 * MoneyError.
 */
export const parseYuan = (text: string): Fen => {
  const match = YUAN.exec(text.normalize('NFKC').trim());
  if (match === null) throw new MoneyError('NotYuan');
  const [, sign = '', whole = '', decimals = ''] = match;
  if (decimals.length > 2) throw new MoneyError('TooManyDecimals');
  const digits = whole.replaceAll(',', '') + decimals.padEnd(2, '0');
  if (digits.replace(/^0+/, '').length > digitsMax) throw new MoneyError('TooLarge');
  const amount = BigInt(digits);
  return fen(sign === '-' ? -amount : amount);
};

/** Yuan with two decimals, as `parseYuan` reads them back: `2000.00`. */
export const yuanText = (amount: Fen): string => {
  const digits = amount.replace('-', '').padStart(3, '0');
  return `${isNegative(amount) ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

/** For people: zh `1,234.56 元`, en `CNY 1,234.56`. Always two decimals; the sign stands before the number. */
export const formatYuan = (amount: Fen, language: 'zh' | 'en'): string => {
  const digits = amount.replace('-', '').padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, ',');
  const number = `${isNegative(amount) ? '-' : ''}${whole}.${digits.slice(-2)}`;
  return language === 'zh' ? `${number} 元` : `CNY ${number}`;
};

/**
 * Splits `total` in proportion to integer weights, so that the parts add up to it exactly. Each part is its exact share
 * cut to whole fen;
 * the fen that are left go one by one to the largest remainders, and among equals to the one that stands first.
 * A negative total (a claw-back) is split as its mirror image, so that it takes back exactly what was given.
 * Throws MoneyError: no weights, a negative or fractional weight, all weights zero.
 */
export const allocate = (total: Fen, weights: readonly (bigint | number)[]): Fen[] => {
  if (weights.length === 0) throw new MoneyError('NoWeights');
  const whole = weights.map((weight) => wholeNumber(weight, 'WeightNotWhole'));
  if (whole.some((weight) => weight < 0n)) throw new MoneyError('NegativeWeight');
  const sum = whole.reduce((a, b) => a + b, 0n);
  if (sum === 0n) throw new MoneyError('AllWeightsZero');
  const signed = toBigint(total);
  const amount = signed < 0n ? -signed : signed;
  const shares = whole.map((weight, index) => ({
    index,
    part: (amount * weight) / sum,
    remainder: (amount * weight) % sum,
  }));
  const left = Number(amount - shares.reduce((given, { part }) => given + part, 0n));
  const lucky = new Set(
    shares
      .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return shares.map(({ index, part }) => {
    const share = lucky.has(index) ? part + 1n : part;
    return fen(signed < 0n ? -share : share);
  });
};

/**
 * halfUp: half a fen goes away from zero; halfEven: to the even fen; down: towards zero; up: away from zero. All are
 * symmetrical for claw-backs.
 */
export type Rounding = 'halfUp' | 'halfEven' | 'down' | 'up';
export interface Ratio {
  readonly numerator: bigint | number;
  readonly denominator: bigint | number;
}

/** `amount × numerator / denominator` in whole fen: 2.5 % is 25 / 1000, a third is 1 / 3. Throws MoneyError. */
export const percentOf = (amount: Fen, ratio: Ratio, rounding: Rounding): Fen => {
  const denominator = wholeNumber(ratio.denominator, 'NotWhole');
  if (denominator <= 0n) throw new MoneyError('DenominatorNotPositive');
  const product = toBigint(amount) * wholeNumber(ratio.numerator, 'NotWhole');
  const size = product < 0n ? -product : product;
  const rounded =
    size / denominator + (roundsUp(size / denominator, size % denominator, denominator, rounding) ? 1n : 0n);
  return fen(product < 0n ? -rounded : rounded);
};

const roundsUp = (quotient: bigint, remainder: bigint, denominator: bigint, rounding: Rounding): boolean => {
  switch (rounding) {
    case 'down':
      return false;
    case 'up':
      return remainder > 0n;
    case 'halfUp':
      return remainder * 2n >= denominator;
    case 'halfEven':
      return remainder * 2n > denominator || (remainder * 2n === denominator && quotient % 2n === 1n);
  }
};

const wholeNumber = (value: bigint | number, problem: MoneyProblem): bigint => {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new MoneyError(problem);
  return BigInt(value);
};
