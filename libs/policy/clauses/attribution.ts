import { z } from 'zod';
import { code, type Reason } from '#event-sourcing/vocabulary.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { warning, type Clause } from '../clause.js';
import { wordProblems } from '../known-words.js';
import { cited, nameSchema } from '../words.js';

export const attributionBases = ['holder', 'verdict', 'agreed', 'unregistered'] as const;
/** Whom the one who records a deal names: weights are given to these parts. */
export const dealParts = ['holder', 'assistant', 'closer'] as const;
export type AttributionBasis = (typeof attributionBases)[number];

/**
 * Who is credited for a deal, by what the credit rests on: the registration's holder, a verdict, an agreed split, or no
 * registration at all.
 * Weights are whole numbers for each party of a part (1 of 3 is exactly a third); no weights: nobody is credited.
 */
const schema = z
  .strictObject({
    by: z
      .array(
        z.strictObject({
          basis: z.enum(attributionBases),
          weights: z.record(nameSchema, z.int().min(0).max(1_000_000)),
          ...cited,
        }),
      )
      .min(1)
      .max(8),
    agreedSplits: z
      .enum(['allowed', 'refused'])
      .default('refused')
      .describe('Whether the parties and their leader may agree another split.'),
    ...cited,
  })
  .optional();

export const attribution: Clause<'attribution', typeof schema> = {
  name: 'attribution',
  schema,
  binds: 'filing',
  items: { by: ['basis'], through: ['by'] },
  says: {
    reason: { zh: '业绩归属：依据{basis}', en: 'Attribution: by {basis}' },
    refusals: {},
    names: {
      verdict: { zh: '裁决', en: 'verdict' },
      agreed: { zh: '约定', en: 'agreement' },
      unregistered: { zh: '未报备', en: 'no registration' },
    },
  },
  declares: ({ by }) => by.map(({ basis }) => ({ name: basis, path: ['attribution', 'by'] })),
  lints: (given, { collision }) => {
    if (given === undefined) return [];
    const { by } = given;
    const says = (wanted: AttributionBasis): boolean => by.some(({ basis }) => basis === wanted);
    return [
      ...by.flatMap(({ weights }, index) =>
        wordProblems('PartUnknown', Object.keys(weights), dealParts, ['attribution', 'by', index, 'weights'], {
          zh: '成交中的身份',
          en: 'part in a deal',
        }),
      ),
      ...(says('unregistered')
        ? []
        : [
            warning(
              'UnregisteredUnclear',
              ['attribution', 'by'],
              '没有写明未报备成交的业绩归属。',
              'Nothing says who is credited for a deal without a registration.',
            ),
          ]),
      ...(collision?.case === undefined || says('verdict')
        ? []
        : [
            warning(
              'VerdictUnclear',
              ['attribution', 'by'],
              '会有裁决，但没有写明裁决后的业绩归属。',
              'There are verdicts, but nothing says who is credited after one.',
            ),
          ]),
    ];
  },
  needs: ({ agreedSplits }) => [
    { operation: 'recordDeal', path: ['attribution'], zh: '写明了业绩归属', en: 'Attribution is defined' },
    ...(agreedSplits === 'allowed'
      ? [
          {
            operation: 'agreeSplit' as const,
            path: ['attribution', 'agreedSplits'],
            zh: '允许约定分成',
            en: 'Agreed splits are allowed',
          },
        ]
      : []),
  ],
  idle: (given) =>
    given === undefined || given.agreedSplits === 'allowed'
      ? []
      : [
          {
            operation: 'agreeSplit',
            zh: '可以约定分成，但 attribution.agreedSplits 为 refused。',
            en: 'Somebody may agree a split, but attribution.agreedSplits is refused.',
          },
        ],
  again: ({ e, inputs, body }, basis) => {
    const parties = Array.from({ length: Number(inputs['parties']) }, (_, number) => `party-${number}`);
    const settled = (body['lines'] as readonly unknown[] | undefined)?.map((_, number) => ({
      party: parties[number]!,
      weight: 1,
    }));
    return attributionShares(e, {
      basis: basis as AttributionBasis,
      parties: parties.map((party) => ({ party, part: 'holder' })),
      ...(inputs['settled'] === true ? { agreed: settled } : {}),
    }).because;
  },
};

export interface AttributionInput<Party extends string = string> {
  readonly basis: AttributionBasis;
  readonly parties: readonly { readonly party: Party; readonly part: string }[];
  /** The weights of a verdict or of an agreement; they go before those of the policy. */
  readonly agreed?: readonly { readonly party: Party; readonly weight: number }[] | undefined;
}

/** Whether parties may agree a split of their own (operation agreeSplit). */
export const agreedSplitsAllowed = (e: Evaluation): boolean =>
  e.policy.document.attribution?.agreedSplits === 'allowed';

/**
 * The shares of a deal. One entry for each party, in the order given, without those of weight 0; empty: nobody is
 * credited.
 * A party that stands in several parts gets the sum.
 */
export const attributionShares = <Party extends string>(
  e: Evaluation,
  given: AttributionInput<Party>,
): { readonly weights: readonly { readonly party: Party; readonly weight: number }[]; readonly because: Reason } => {
  const clause = e.policy.document.attribution;
  const item = clause?.by.find(({ basis }) => basis === given.basis);
  const settled =
    (given.basis === 'verdict' || given.basis === 'agreed') && given.agreed !== undefined && given.agreed.length > 0;
  const shares = settled
    ? given.agreed
    : given.parties.map(({ party, part }) => ({ party, weight: weightOf(item, part) }));
  const weights = new Map<Party, number>();
  for (const { party, weight } of shares) weights.set(party, (weights.get(party) ?? 0) + weight);
  const rule = [...new Set([...(clause?.rule ?? []), ...(item?.rule ?? [])])];
  return {
    weights: [...weights].filter(([, weight]) => weight > 0).map(([party, weight]) => ({ party, weight })),
    because: reasonOf(
      e,
      `attribution.${given.basis}`,
      { rule },
      { basis: code(given.basis), settled, parties: weights.size },
    ),
  };
};
const weightOf = (item: { readonly weights: Readonly<Record<string, number>> } | undefined, part: string): number =>
  item !== undefined && Object.hasOwn(item.weights, part) ? (item.weights[part] ?? 0) : 0;
