import { z } from 'zod';
import type { Fen, Reason } from '#event-sourcing/vocabulary.js';
import { percentOf } from '#money/fen.js';
import { classOf, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import type { ConditionFacts } from '../facts.js';
import { factConditionSchema } from '../naming.js';
import { appliesTo, classFilter } from '../whom.js';
import { both, cited, oneOrMore, yuanSchema, type Messages } from '../words.js';

/** Who may be given a fixed sum beside the performance: whoever helped, or whoever closed for the holder. */
export const feeParts = ['assistant', 'closer'] as const;
export type FeePart = (typeof feeParts)[number];

/**
 * What a deal pays: a fraction of its amount in whole numbers (2.5 % is 25 of 1000), or a fixed sum, both split as the
 * performance is; and sums of which whoever records the deal chooses one for each who helped. A policy may leave it
 * out: then none is computed.
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
        z.strictObject({
          ...classFilter,
          part: z.enum(feeParts),
          chosen: oneOrMore(yuanSchema, 20),
          when: factConditionSchema('Only when this holds at the signing.').optional(),
          ...cited,
        }),
      ],
      {
        error: both(
          '提成写作 {rate: {numerator, denominator}, rounding}、{perDeal: 元} 或 {part, chosen: [元]}。',
          'A commission is {rate: {numerator, denominator}, rounding}, {perDeal: yuan} or {part, chosen: [yuan]}.',
        ),
      },
    ),
  )
  .max(40)
  .optional();

const refusals = {
  FeeNotOffered: {
    zh: '本制度没有这样的协助费{amounts?，可选：}{amounts|yuan}。',
    en: 'This policy offers no such fee{amounts?; it may be }{amounts|yuan}.',
  },
  FeeTwice: { zh: '同一人只能有一笔协助费。', en: 'One person has one fee of a deal.' },
} as const satisfies Messages;

export const commission: Clause<'commission', typeof schema, typeof refusals> = {
  name: 'commission',
  schema,
  binds: 'filing',
  items: { by: ['part', 'class'] },
  says: {
    reason: {
      zh: '提成：{amount|yuan}{commission? → }{commission|yuan}{fee?协助费 }{fee|yuan}',
      en: 'Commission: {amount|yuan}{commission? → }{commission|yuan}{fee?a fee of }{fee|yuan}',
    },
    refusals,
  },
  again: (cited, part) => {
    const feePart = feeParts.find((each) => each === part);
    if (feePart === undefined)
      return commissionOf(cited.e, { amount: cited.inputs['amount'] as Fen, class: classOf(cited) })?.because;
    const item = feesFor(cited.e, feePart, classOf(cited))[0];
    return item === undefined ? undefined : feeReason(cited.e, item, cited.inputs['fee'] as Fen);
  },
};

/**
 * The commission of a deal, to be split by its attribution; undefined: the policy pays none by rule. A negative amount
 * (a claw-back) gives its mirror image for rates.
 */
export const commissionOf = (
  e: Evaluation,
  given: { readonly amount: Fen; readonly class: string },
): { readonly commission: Fen; readonly because: Reason } | undefined => {
  const item = e.policy.document.commission?.find((each) => !('part' in each) && appliesTo(each, given.class));
  if (item === undefined || 'part' in item) return undefined;
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

type FeeItem = Extract<NonNullable<z.output<typeof schema>>[number], { readonly part: FeePart }>;
const feesFor = (e: Evaluation, part: FeePart, registrationClass: string): readonly FeeItem[] =>
  (e.policy.document.commission ?? []).filter(
    (item): item is FeeItem => 'part' in item && item.part === part && appliesTo(item, registrationClass),
  );
const feeReason = (e: Evaluation, item: FeeItem, fee: Fen): Reason =>
  reasonOf(e, `commission.${item.part}`, item, { fee });

export interface AskedFee {
  readonly amount: Fen;
  /** The parts that whoever gets it has in the deal. */
  readonly parts: readonly string[];
}
/** A fixed sum beside the performance: the reason, or the amounts that would be accepted (none: no fee at all). */
export const feeOf = (
  e: Evaluation,
  asked: AskedFee,
  given: { readonly class: string; readonly values: Readonly<Record<string, unknown>>; readonly facts: ConditionFacts },
): { readonly because: Reason } | { readonly offered: readonly Fen[] } => {
  const holds = e.policy.conditions.over(given.values, given.facts, false);
  const items = feeParts
    .filter((part) => asked.parts.includes(part))
    .flatMap((part) => feesFor(e, part, given.class))
    .filter(({ when }) => when === undefined || holds(when));
  const item = items.find(({ chosen }) => chosen.includes(asked.amount));
  return item === undefined
    ? { offered: [...new Set(items.flatMap(({ chosen }) => chosen))] }
    : { because: feeReason(e, item, asked.amount) };
};
