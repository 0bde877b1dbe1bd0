import { z } from 'zod';
import type { CalendarDate } from '#event-sourcing/vocabulary.js';
import type { Clause } from '../clause.js';
import type { Policy } from '../policy.js';
import {
  comparedIn,
  dimensionProblems,
  dimensionSchema,
  isSelected,
  selection,
  selectionProblems,
  valueIn,
  type ListedRow,
} from '../selection.js';
import { isAmong, whoSchema, type Caller } from '../whom.js';
import { cited, labelSchema, nameSchema } from '../words.js';

/**
 * Lists of registrations that the paper asks for, in the policy's own words: what is about to end, what is urgent, what
 * was filed late. They show what their reader may see: `seeOthers` says whether that is more than one's own.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      to: whoSchema.describe('Who reads it.'),
      ...selection,
      holders: z
        .enum(['all', 'team'])
        .default('all')
        .describe('team: only what members of a team hold of which the reader is a member, too.'),
      order: z
        .array(z.strictObject({ by: dimensionSchema, descending: z.boolean().default(false) }))
        .min(1)
        .max(6)
        .describe('Choices and steps in the order in which the policy lists them; equals by the time of filing.'),
      ...cited,
    }),
  )
  .max(40)
  .optional();
export type List = NonNullable<z.output<typeof schema>>[number];

export const lists: Clause<'lists', typeof schema, Record<never, never>> = {
  name: 'lists',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { refusals: {} },
  declares: (items) => items.map(({ name }) => ({ name, path: ['lists'] })),
  refers: (items, document) =>
    items.flatMap((item, index) => [
      ...selectionProblems(document, item, ['lists', index]),
      ...item.order.flatMap(({ by }, place) =>
        dimensionProblems(document, 'registrations', { by, path: ['lists', index, 'order', place] }),
      ),
    ]),
};

export const listNamed = ({ document }: Policy, name: string, caller: Caller): List | undefined =>
  document.lists?.find((item) => item.name === name && isAmong(item.to, caller));

/** The rows of a list, in its order. `rows`: what its reader may see, in the order of filing. */
export const listed = (
  policy: Policy,
  list: List,
  { rows, today }: { readonly rows: readonly ListedRow[]; readonly today: CalendarDate },
): readonly ListedRow[] => {
  const order = list.order.map(({ by, descending }) => {
    const compare = comparedIn(policy, by);
    return (a: ListedRow, b: ListedRow): number =>
      (descending ? -1 : 1) * compare(valueIn(policy, a, by), valueIn(policy, b, by));
  });
  return rows
    .filter((row) => isSelected(list, row, today))
    .toSorted((a, b) => {
      for (const compare of order) {
        const found = compare(a, b);
        if (found !== 0) return found;
      }
      return 0;
    });
};
