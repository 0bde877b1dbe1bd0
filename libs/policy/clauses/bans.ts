import { z } from 'zod';
import { code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import type { Clause } from '../clause.js';
import { clockOf, reasonOf, type Evaluation } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf } from '../naming.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { cited, oneOrMore } from '../words.js';

/**
 * After some causes the same customer may not be filed again for a while: by that filer (`filerAndCustomer`) or by
 * anybody (`customer`).
 */
const schema = z
  .array(
    z.strictObject({
      after: oneOrMore(nameOf('cause')),
      scope: z.enum(['filerAndCustomer', 'customer']),
      lasts: durationSchema,
      starts: z.enum(['termination', 'discovery']).default('termination'),
      ...cited,
    }),
  )
  .max(40)
  .optional();

export const bans: Clause<'bans', typeof schema> = {
  name: 'bans',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['after'] },
  says: {
    reason: {
      zh: '禁止再次报备：{scope}，{length}，至 {until}',
      en: 'No filing again: {scope}, {length}, until {until}',
    },
    refusals: {},
    names: {
      filerAndCustomer: { zh: '该报备人对该客户', en: 'that filer, for that customer' },
      customer: { zh: '任何人对该客户', en: 'anybody, for that customer' },
    },
  },
  declares: (items) => items.flatMap(({ after }) => after.map((name) => ({ name, path: ['bans'] }))),
  again: ({ e, inputs }, cause) => banAfter(e, { cause, at: inputs['from'] as Instant })?.because,
};

/** The ban that follows a cause; `until` is exclusive. */
export const banAfter = (
  e: Evaluation,
  given: { readonly cause: string; readonly at: Instant; readonly discoveredAt?: Instant | undefined },
):
  | {
      readonly scope: 'filerAndCustomer' | 'customer';
      readonly starts: 'termination' | 'discovery';
      readonly until: Instant;
      readonly because: Reason;
    }
  | undefined => {
  const item = e.policy.document.bans?.find(({ after }) => after.includes(given.cause));
  if (item === undefined) return undefined;
  const from = item.starts === 'discovery' ? (given.discoveredAt ?? given.at) : given.at;
  const until = endOf(item.lasts, from, clockOf(e, 'bans'));
  const counted = 'workingDays' in item.lasts ? { from, to: until } : undefined;
  return {
    scope: item.scope,
    starts: item.starts,
    until,
    because: reasonOf(
      e,
      `bans.${given.cause}`,
      item,
      { cause: code(given.cause), scope: code(item.scope), from, ...lengthFacts(item.lasts), until },
      counted,
    ),
  };
};
