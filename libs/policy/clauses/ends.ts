import { z } from 'zod';
import { code, type Instant, type Reason, type Reasons } from '#event-sourcing/vocabulary.js';
import { warning, type Clause } from '../clause.js';
import { allowedBecause, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { whoSchema, type Caller } from '../whom.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';
import { banAfter } from './bans.js';
import { judgeFinder, rolesThatCannot } from './permissions.js';

/** Causes that end a registration before its time. `effect: void`: it is treated as if it had never protected. */
const schema = z
  .array(
    z.strictObject({
      cause: nameSchema,
      title: labelSchema,
      foundBy: whoSchema.optional(),
      effect: z.enum(['terminate', 'void']).default('terminate'),
      ...cited,
    }),
  )
  .max(60)
  .optional();

const refusals = {
  CauseUnknown: {
    zh: '制度中没有这个终止原因，可选：{causes}。',
    en: 'The policy has no such cause; choose from: {causes}.',
  },
} as const satisfies Messages;

export const ends: Clause<'ends', typeof schema, typeof refusals> = {
  name: 'ends',
  schema,
  binds: 'filing',
  items: { by: ['cause'] },
  says: { reason: { zh: '终止原因：{cause}', en: 'Cause of termination: {cause}' }, refusals },
  declares: (items) => items.map(({ cause, title }) => ({ kind: 'cause', name: cause, title, path: ['ends'] })),
  lints: (items, document) =>
    (items ?? []).length === 0
      ? [
          warning(
            'CauseMissing',
            ['ends'],
            '没有写明任何提前终止的原因，虚假报备也不能终止。',
            'No cause ends a protection early, not even a false filing.',
          ),
        ]
      : (items ?? []).flatMap(({ foundBy }, index) =>
          rolesThatCannot(document, 'terminate', foundBy?.roles, ['ends', index, 'foundBy']),
        ),
  needs: (items) =>
    items.length === 0
      ? []
      : [{ operation: 'terminate', path: ['ends'], zh: '有终止原因', en: 'There are causes of termination' }],
  again: ({ e, inputs, reason, times }, cause) => {
    const found = judgeTermination(e, {
      cause,
      at: (inputs['at'] ?? times.recordedAt) as Instant,
      roles: (inputs['roles'] ?? []) as readonly string[],
      relations: [],
    });
    return 'at' in inputs ? found.because : allowedBecause(found.judgement, reason.clause);
  },
};

export interface Termination {
  readonly judgement: Judgement<Reasons>;
  readonly effect: 'terminate' | 'void';
  readonly because: Reason;
  /** Who may not file again, and until when (exclusive; FOREVER: never again). */
  readonly ban?: NonNullable<ReturnType<typeof banAfter>>;
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
      judgement: refused({
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
    judgement: judgeFinder(e, `ends.${item.cause}`, item, given),
    effect: item.effect,
    because,
    ...(ban === undefined ? {} : { ban }),
  };
};
