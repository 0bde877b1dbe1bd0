import { z } from 'zod';
import type { Reason } from '#event-sourcing/vocabulary.js';
import type { Rejection } from '#event-sourcing/decision.js';
import { unsound, type Clause } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { readFilled, type Filled } from '../filled.js';
import { nameOf } from '../naming.js';
import { appliesTo, classFilter, isEntitled, whoSchema, type Caller } from '../whom.js';
import { cited, codes, oneOrMore, type Messages } from '../words.js';

/**
 * What may be changed of a registration after it was filed, and by whom. What is no field of an item stays as it was
 * filed. Who the customer is never changes so: a field of a strong key belongs to a filing of its own.
 */
const schema = z
  .array(
    z.strictObject({
      fields: oneOrMore(nameOf('field')),
      by: whoSchema.describe('Who changes them.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();
type Item = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  FieldNotAmendable: {
    zh: '“{field}”报备后不得更改{fields?，您可更改：}{fields}。',
    en: '"{field}" is not changed after the filing{fields?; you may change: }{fields}.',
  },
  NothingAmended: { zh: '请填写要更改的内容。', en: 'Say what is to be changed.' },
} as const satisfies Messages;

export const amendments: Clause<'amendments', typeof schema, typeof refusals> = {
  name: 'amendments',
  schema,
  binds: 'event',
  items: { by: ['fields'] },
  says: { reason: { zh: '更改：{item}', en: 'Amendment: {item}' }, refusals },
  refers: (items, { identity }) => {
    const keyFields = new Set(identity?.strongKeys.flatMap(({ parts }) => parts.map(({ field }) => field)));
    return items.flatMap(({ fields }, index) => {
      const ofKeys = fields.filter((field) => keyFields.has(field));
      return ofKeys.length === 0
        ? []
        : [
            unsound(
              'KeyAmended',
              ['amendments', index, 'fields'],
              `${ofKeys.join('、')} 用于识别客户，不能更改：换了客户须另行报备。`,
              `${ofKeys.join(', ')} tells who the customer is and is not amended: another customer is another filing.`,
            ),
          ];
    });
  },
  // Several items may let several people change one field; which of them it was says the reason by its rules.
  again: ({ e, reason }, field) => {
    const found = (e.policy.document.amendments ?? [])
      .filter(({ fields }) => fields.includes(field))
      .map((item) => becauseOf(e, item, field));
    return found.find(({ rules }) => rules.join() === reason.rules.join()) ?? found[0];
  },
};
const becauseOf = (e: Evaluation, item: Item, field: string): Reason => reasonOf(e, `amendments.${field}`, item);

/** Who may amend anything, as `permissions` would say it. */
export const mayAmend = ({ amendments: items = [] }: PolicyDocument) =>
  items.map(({ by, rule }) => ({ may: ['amendRegistration' as const], ...by, rule }));

export interface AmendmentGiven {
  readonly class: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly who: Caller;
}
export type JudgedAmendment =
  | { readonly allowed: true; readonly because: readonly Reason[]; readonly filled: Filled }
  | { readonly allowed: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

/** Whether these fields may be changed to these values, all that speaks against it at once. */
export const judgeAmendment = (e: Evaluation, given: AmendmentGiven): JudgedAmendment => {
  const items = (e.policy.document.amendments ?? []).filter(
    (item) => appliesTo(item, given.class) && isEntitled(item.by, given.who),
  );
  const named = Object.keys(given.values);
  const itemOf = (field: string): Item | undefined => items.find(({ fields }) => fields.includes(field));
  const filled = readFilled(e, 'form', e.policy.compiled.form(given.class), { ...given, attachments: [] });
  const unread = new Set(filled.misread.map(({ field }) => field));
  // A field that is named and left empty would be taken away: what is filed is changed, never emptied.
  const emptied = named.filter((field) => !unread.has(field) && !Object.hasOwn(filled.values, field));
  const [first, ...more]: readonly Rejection[] = [
    ...(named.length === 0 ? [{ reason: 'NothingAmended' as const, field: 'form' }] : []),
    ...filled.misread,
    ...emptied.map((field) => ({ reason: 'FieldMissing' as const, field })),
    ...named
      .filter((field) => !unread.has(field) && itemOf(field) === undefined)
      .map((field) => ({
        reason: 'FieldNotAmendable' as const,
        field,
        accepted: { fields: codes(items.flatMap(({ fields }) => fields)) },
      })),
  ];
  if (first !== undefined) return { allowed: false, rejections: [first, ...more] };
  return { allowed: true, because: named.map((field) => becauseOf(e, itemOf(field)!, field)), filled };
};
