import { z } from 'zod';
import { code, type Reason } from '#event-sourcing/vocabulary.js';
import { neverFires, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited } from '../words.js';
import { opensCases } from './collision.js';

/**
 * How a protection's clock stands still while a case is open. `daysMax`: after so many days it runs on even without a
 * verdict, against sham collisions.
 */
const schema = z
  .strictObject({
    unit: z.enum(['days', 'instants']),
    partialDay: z.enum(['used', 'unused']),
    daysMax: z.int().min(1).max(3_650).optional(),
    ...cited,
  })
  .optional();

export const suspension: Clause<'suspension', typeof schema> = {
  name: 'suspension',
  schema,
  binds: 'filing',
  says: {
    reason: {
      zh: '保护期中止{daysMax?，最多 }{daysMax}{daysMax? 天}',
      en: 'The clock stands still{daysMax?, at most }{daysMax}{daysMax? days}',
    },
    refusals: {},
  },
  lints: (given, document) =>
    given === undefined || opensCases(document)
      ? []
      : [
          neverFires(
            ['suspension'],
            '没有任何情形会立案，保护期不会中止。',
            'No situation opens a case, so no clock stands still.',
          ),
        ],
  again: ({ e }) => suspensionRule(e).because,
};

/** The clause, or whole unused days without a limit where the policy opens no case and so has none. */
export const suspensionRule = (
  e: Evaluation,
): {
  readonly unit: 'days' | 'instants';
  readonly partialDay: 'used' | 'unused';
  readonly daysMax?: number;
  readonly because: Reason;
} => {
  const item = e.policy.document.suspension;
  const [unit, partialDay] = [item?.unit ?? 'days', item?.partialDay ?? 'unused'];
  return {
    unit,
    partialDay,
    ...(item?.daysMax === undefined ? {} : { daysMax: item.daysMax }),
    because: reasonOf(e, 'suspension', item, {
      unit: code(unit),
      partialDay: code(partialDay),
      daysMax: item?.daysMax,
    }),
  };
};
