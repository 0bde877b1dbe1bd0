import { z } from 'zod';
import { code, type Reason } from '#event-sourcing/vocabulary.js';
import { warning, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { nameOf } from '../naming.js';
import { cited } from '../words.js';
import type { ClockEvent } from './protection.js';

/**
 * An event that lifts a registration into another class with its own clock: counted from the event, or from when
 * protection began.
 */
const schema = z
  .array(
    z.strictObject({
      from: nameOf('class'),
      on: nameOf('clockEvent'),
      to: nameOf('class'),
      clock: z.enum(['event', 'start']),
      ...cited,
    }),
  )
  .max(40)
  .optional();

export const upgrades: Clause<'upgrades', typeof schema> = {
  name: 'upgrades',
  schema,
  binds: 'filing',
  items: { by: ['from'] },
  says: { reason: { zh: '类别升级：{from} → {to}', en: 'Upgrade: {from} → {to}' }, refusals: {} },
  declares: (items) => items.map(({ from, on }) => ({ name: `${from} on ${on}`, path: ['upgrades'] })),
  lints: (items) =>
    (items ?? []).flatMap(({ from, to }, index) =>
      reaches(items ?? [], to, from)
        ? [
            warning(
              'UpgradeCircle',
              ['upgrades', index],
              `从“${from}”升级到“${to}”后又会升级回来：去掉其中一步。`,
              `What is lifted from "${from}" to "${to}" is lifted back again: take one of the steps out.`,
            ),
          ]
        : [],
    ),
  again: ({ e }, path) => {
    const [name, event] = path.split('.');
    return upgradeOn(e, { class: name!, event: event as ClockEvent })?.because;
  },
};

/** Whether upgrades lead from one class to another, over at most all of them. */
const reaches = (items: NonNullable<z.output<typeof schema>>, from: string, wanted: string): boolean => {
  let reached = new Set([from]);
  for (const _ of items)
    reached = new Set([...reached, ...items.filter((item) => reached.has(item.from)).map(({ to }) => to)]);
  return reached.has(wanted);
};

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
