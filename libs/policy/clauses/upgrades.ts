import { z } from 'zod';
import { code, type Reason } from '#event-sourcing/vocabulary.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, nameSchema } from '../words.js';
import { clockEvents, type ClockEvent } from './protection.js';

/**
 * An event that lifts a registration into another class with its own clock: counted from the event, or from when
 * protection began.
 */
export const upgradesSchema = z
  .array(
    z.strictObject({
      from: nameSchema,
      on: z.enum(clockEvents),
      to: nameSchema,
      clock: z.enum(['event', 'start']),
      ...cited,
    }),
  )
  .max(40);

/**
 * The class that an event lifts a registration into (R04.07); undefined: it stays what it is. Its dates come from
 * `protectionOn` with the new class.
 */
export const upgradeOn = (
  e: Evaluation,
  given: { readonly class: string; readonly event: ClockEvent },
): { readonly class: string; readonly because: Reason } | undefined => {
  const upgrade = e.policy.document.upgrades?.find(({ from, on }) => from === given.class && on === given.event);
  return upgrade === undefined
    ? undefined
    : {
        class: upgrade.to,
        because: reasonOf(e, `upgrades.${upgrade.from}.${upgrade.on}`, upgrade, {
          from: code(upgrade.from),
          to: code(upgrade.to),
          clock: code(upgrade.clock),
        }),
      };
};
