import { z } from 'zod';
import type { Code } from '#event-sourcing/vocabulary.js';
import { unsound, type Clause } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { all, allowed, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import type { ConditionFacts } from '../facts.js';
import { factConditionSchema, nameOf } from '../naming.js';
import { tablesCited } from '../tables-at-hand.js';
import { appliesTo, classFilter, isEntitled, relations, whoSchema, type Caller } from '../whom.js';
import { recordable, recordedActs } from './activities.js';
import { cited, codes, labelSchema, nameSchema, oneOrMore, type Messages } from '../words.js';

/**
 * Who works on a registration beside its holder: whoever follows it up, a second contact, a maintainer. A part is given
 * by `assign`, and its name is a relation: activities, requests, amendments, permissions and duties may name it. It
 * gives no right that the document does not name; the customer stays its holder's.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      by: whoSchema.describe('Who gives the part, hands it on and takes it away.'),
      to: oneOrMore(nameOf('role')).optional().describe('Who may get it: whoever has one of these roles.'),
      after: z
        .enum(['registered', 'approved'])
        .default('registered')
        .describe('From when on: as soon as it is filed, or once it was accepted.'),
      when: factConditionSchema('What must be so for the part to be given.').optional(),
      ...classFilter,
      ...cited,
    }),
  )
  .max(20)
  .optional();
type Part = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  PartUnknown: {
    zh: '此类别没有这项分工{parts?，可选：}{parts}。',
    en: 'There is no such part in this class{parts?; choose from: }{parts}.',
  },
  AssignerNotPermitted: {
    zh: '此项分工须由以下人员指派：{roles}{relations}。',
    en: 'This part is given by: {roles}{relations}.',
  },
  PartTooEarly: { zh: '报备生效后方可指派。', en: 'It is given once the registration was accepted.' },
  PartNotCalledFor: { zh: '此报备无须这项分工。', en: 'This registration does not call for the part.' },
  AssigneeUnfit: { zh: '只能指派给以下角色：{roles}。', en: 'The part is for: {roles}.' },
} as const satisfies Messages;

export const parts: Clause<'parts', typeof schema, typeof refusals> = {
  name: 'parts',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { reason: { zh: '分工：{item}', en: 'Part: {item}' }, refusals },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'part' as const, name, title, path: ['parts'] })),
  refers: (items, document) =>
    items.flatMap(({ name }, index) =>
      taken.has(name) || recordable(document).some((each) => each.name === name)
        ? [
            unsound(
              'PartTaken',
              ['parts', index, 'name'],
              `“${name}”已另有含义，请换一个名称。`,
              `"${name}" means something else already: choose another name.`,
            ),
          ]
        : [],
    ),
  again: ({ e, inputs }, name) => {
    const part = e.policy.document.parts?.find((each) => each.name === name);
    return part === undefined ? undefined : becauseOf(e, part, inputs['tables'] as readonly Code[] | undefined);
  },
};
const taken: ReadonlySet<string> = new Set([...relations, ...recordedActs, 'registered', 'approved']);
const becauseOf = (e: Evaluation, part: Part, tables?: readonly Code[]) =>
  reasonOf(e, `parts.${part.name}`, part, { tables });

/** Who may give any part, as `permissions` would say it. */
export const mayAssign = ({ parts: items = [] }: PolicyDocument) =>
  items.map(({ by, rule }) => ({ may: ['assign' as const], ...by, rule }));

export interface PartGiven {
  readonly part: string;
  readonly class: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly who: Caller;
  /** Whether the registration was accepted. */
  readonly accepted: boolean;
  /** The roles of whoever is to get it; absent: it is taken away. */
  readonly to?: readonly string[] | undefined;
  readonly facts: ConditionFacts;
}

/** Whether a part may be given so, or be taken away, all that speaks against it at once. */
export const judgePart = (e: Evaluation, given: PartGiven): Judgement => {
  const known = (e.policy.document.parts ?? []).filter((item) => appliesTo(item, given.class));
  const part = known.find(({ name }) => name === given.part);
  if (part === undefined)
    return refused({ reason: 'PartUnknown', field: 'part', accepted: { parts: codes(known.map(({ name }) => name)) } });
  const because = becauseOf(e, part, tablesIn(part, given));
  return all(
    isEntitled(part.by, given.who)
      ? allowed(because)
      : refused({
          reason: 'AssignerNotPermitted',
          because: [because],
          accepted: { roles: codes(part.by.roles ?? []), relations: codes(part.by.relations ?? []) },
        }),
    ...(given.to === undefined ? [] : [isGiven(e, part, given, given.to)]),
  );
};

/** Whoever takes a part away looks into no table. */
const tablesIn = ({ when }: Part, { to, facts }: PartGiven): readonly Code[] | undefined =>
  when === undefined || to === undefined ? undefined : tablesCited(when, facts.tables);
const isGiven = (e: Evaluation, part: Part, given: PartGiven, to: readonly string[]): Judgement => {
  const because = [becauseOf(e, part, tablesIn(part, given))];
  return all(
    part.after === 'approved' && !given.accepted
      ? refused({ reason: 'PartTooEarly', field: 'part', because })
      : allowed(),
    part.when !== undefined && !e.policy.conditions.over(given.values, given.facts, false)(part.when)
      ? refused({ reason: 'PartNotCalledFor', field: 'part', because })
      : allowed(),
    part.to !== undefined && !part.to.some((role) => to.includes(role))
      ? refused({ reason: 'AssigneeUnfit', field: 'to', because, accepted: { roles: codes(part.to) } })
      : allowed(),
  );
};
