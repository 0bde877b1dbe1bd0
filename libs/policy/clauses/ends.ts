import { z } from 'zod';
import { code, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { reasonOf, refused, type Evaluation, type Verdict } from '../evaluation.js';
import { cited, codes, labelSchema, nameSchema, whoSchema, type Caller } from '../words.js';
import { banAfter } from './bans.js';
import { judgeFinder } from './permissions.js';

/** Causes that end a registration before its time. `effect: void`: it is treated as if it had never protected. */
export const endsSchema = z
  .array(
    z.strictObject({
      cause: nameSchema,
      title: labelSchema,
      foundBy: whoSchema.optional(),
      effect: z.enum(['terminate', 'void']).default('terminate'),
      ...cited,
    }),
  )
  .max(60);

export interface Termination {
  readonly verdict: Verdict;
  readonly effect: 'terminate' | 'void';
  readonly because: Reason;
  /** Who may not file again, and until when (exclusive; FOREVER: never again). */
  readonly ban?: { readonly scope: 'filerAndCustomer' | 'customer'; readonly until: Instant; readonly because: Reason };
}

/**
 * Whether a registration may be ended for a cause at `at`, by whom, and what follows. Rejections: CauseUnknown,
 * FinderNotPermitted.
 */
export const judgeTermination = (
  e: Evaluation,
  given: Caller & { readonly cause: string; readonly at: Instant; readonly discoveredAt?: Instant | undefined },
): Termination => {
  const ends = e.policy.document.ends ?? [];
  const item = ends.find(({ cause }) => cause === given.cause);
  const because = reasonOf(e, item === undefined ? 'ends' : `ends.${item.cause}`, item, {
    cause: code(given.cause),
    at: given.at,
  });
  if (item === undefined)
    return {
      verdict: refused({
        reason: 'CauseUnknown',
        field: 'cause',
        because: [because],
        accepted: { causes: codes(ends.map(({ cause }) => cause)) },
      }),
      effect: 'terminate',
      because,
    };
  const ban = banAfter(e, given);
  return {
    verdict: judgeFinder(e, `ends.${item.cause}`, item, given),
    effect: item.effect,
    because,
    ...(ban === undefined ? {} : { ban }),
  };
};
