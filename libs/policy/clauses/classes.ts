import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { neverFires, unsound, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';

/**
 * The kinds of registration that the regime tells apart (walk-in, deposit paid, pre-filing…).
 * `filed: false`: nobody files in this class, an upgrade leads to it.
 */
const schema = z
  .array(z.strictObject({ name: nameSchema, title: labelSchema, filed: z.boolean().default(true), ...cited }))
  .min(1)
  .max(40);

const refusals = {
  ClassUnknown: { zh: '没有这个报备类别，可选：{classes}。', en: 'There is no such class; choose from: {classes}.' },
  ClassNotFiled: {
    zh: '此类别不能直接报备，可选：{classes}。',
    en: 'Nobody files in this class; choose from: {classes}.',
  },
} as const satisfies Messages;

export const classes: Clause<'classes', typeof schema, typeof refusals> = {
  name: 'classes',
  schema,
  items: { by: ['name'] },
  says: { reason: { zh: '报备类别：{item}', en: 'Class: {item}' }, refusals },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'class', name, title, path: ['classes'] })),
  refers: (items) =>
    items.some(({ filed }) => filed)
      ? []
      : [unsound('NoClassFiled', ['classes'], '没有任何类别可以报备。', 'No class can be filed.')],
  lints: (items, { upgrades }) => {
    const reached = new Set((upgrades ?? []).map(({ to }) => to));
    return items.flatMap(({ name, filed }, index) =>
      filed || reached.has(name)
        ? []
        : [
            neverFires(
              ['classes', index],
              `类别“${name}”不能报备，也没有升级通向它。`,
              `The class "${name}" is neither filed nor reached by an upgrade.`,
            ),
          ],
    );
  },
};

/** The classes that somebody files in, in the document's order. */
export const filedClasses = (items: z.output<typeof schema>): readonly string[] =>
  items.filter(({ filed }) => filed).map(({ name }) => name);

/** A class that the policy does not have: nobody can say which fields its form has. */
export const unknownClass = (e: Evaluation, name: string): Rejection | undefined =>
  e.policy.document.classes.some((known) => known.name === name)
    ? undefined
    : {
        reason: 'ClassUnknown',
        field: 'class',
        because: [reasonOf(e, 'classes', undefined)],
        accepted: { classes: codes(filedClasses(e.policy.document.classes)) },
      };
