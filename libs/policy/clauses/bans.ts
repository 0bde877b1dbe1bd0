import { z } from 'zod';
import { code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, durationSchema, lengthFacts, nameSchema, oneOrMore } from '../words.js';

/**
 * After some causes the same customer may not be filed again for a while: by that filer (`filerAndCustomer`) or by
 * anybody (`customer`).
 */
export const bansSchema = z
  .array(
    z.strictObject({
      after: oneOrMore(nameSchema),
      scope: z.enum(['filerAndCustomer', 'customer']),
      lasts: durationSchema,
      starts: z.enum(['termination', 'discovery']).default('termination'),
      ...cited,
    }),
  )
  .max(40);

/** The ban that follows a cause; `until` is exclusive. */
export const banAfter = (
  e: Evaluation,
  given: { readonly cause: string; readonly at: Instant; readonly discoveredAt?: Instant | undefined },
):
  | { readonly scope: 'filerAndCustomer' | 'customer'; readonly until: Instant; readonly because: Reason }
  | undefined => {
  const item = e.policy.document.bans?.find(({ after }) => after.includes(given.cause));
  if (item === undefined) return undefined;
  const from = item.starts === 'discovery' ? (given.discoveredAt ?? given.at) : given.at;
  const until = endOf(item.lasts, from, {
    zone: e.policy.timeZone,
    ...(e.calendar === undefined ? {} : { calendar: e.calendar }),
  });
  const counted = 'workingDays' in item.lasts ? { from, to: until } : undefined;
  return {
    scope: item.scope,
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
