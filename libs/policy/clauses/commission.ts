import { z } from 'zod';
import type { Fen, Reason } from '#event-sourcing/vocabulary.js';
import { percentOf } from '#money/fen.js';
import { classOf, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { appliesTo, classFilter } from '../whom.js';
import { both, cited, yuanSchema } from '../words.js';

/**
 * What a deal pays: a fraction of its amount in whole numbers (2.5 % is 25 of 1000), or a fixed sum. A policy may leave
 * it out: then none is computed.
 */
const schema = z
  .array(
    z.union(
      [
        z.strictObject({
          ...classFilter,
          rate: z.strictObject({
            numerator: z.int().min(0).max(1_000_000),
            denominator: z.int().min(1).max(1_000_000),
          }),
          rounding: z.enum(['halfUp', 'halfEven', 'down', 'up']).default('halfUp'),
          ...cited,
        }),
        z.strictObject({ ...classFilter, perDeal: yuanSchema, ...cited }),
      ],
      {
        error: both(
          '提成写作 {rate: {numerator, denominator}, rounding} 或 {perDeal: 元}。',
          'A commission is {rate: {numerator, denominator}, rounding} or {perDeal: yuan}.',
        ),
      },
    ),
  )
  .max(40)
  .optional();

export const commission: Clause<'commission', typeof schema> = {
  name: 'commission',
  schema,
  binds: 'filing',
  items: { by: ['class'] },
  says: {
    reason: { zh: '提成：{amount|yuan} → {commission|yuan}', en: 'Commission: {amount|yuan} → {commission|yuan}' },
    refusals: {},
  },
  again: (cited) => commissionOf(cited.e, { amount: cited.inputs['amount'] as Fen, class: classOf(cited) })?.because,
};

/**
 * The commission of a deal, to be split by its attribution; undefined: the policy pays none by rule. A negative amount
 * (a claw-back) gives its mirror image for rates.
 */
export const commissionOf = (
  e: Evaluation,
  given: { readonly amount: Fen; readonly class: string },
): { readonly commission: Fen; readonly because: Reason } | undefined => {
  const item = e.policy.document.commission?.find((each) => appliesTo(each, given.class));
  if (item === undefined) return undefined;
  const commission = 'rate' in item ? percentOf(given.amount, item.rate, item.rounding) : item.perDeal;
  return {
    commission,
    because: reasonOf(e, 'commission', item, {
      amount: given.amount,
      commission,
      ...('rate' in item ? item.rate : {}),
    }),
  };
};
