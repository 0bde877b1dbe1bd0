import { z } from 'zod';
import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { neverFires, unsound, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { clockOf, PolicyMisuse, reasonOf, type Evaluation } from '../evaluation.js';
import type { ConditionFacts } from '../facts.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { wholeMonthsSince } from '../mends.js';
import { dossierConditionSchema, nameOf } from '../naming.js';
import { appliesTo, classFilter } from '../whom.js';
import { cited, labelSchema, nameSchema, oneOrMore } from '../words.js';

/**
 * What somebody has to do for a registration, and by when. `within`: once, after the filing, the approval or an
 * activity. `every`: again and again, from the last time or from the start. Nobody keeps a list of what is open: it
 * follows from what was recorded and from the policy that the registration was filed under.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      of: z
        .union([nameOf('dutyOf'), z.strictObject({ roles: oneOrMore(nameOf('role')) })])
        .describe('Whose duty it is: of the registration’s holder or filer, of whoever has a part, or of an office.'),
      after: nameOf('dutyBegin').default('registered').describe('What it begins with.'),
      within: durationSchema.optional().describe('Once, within this length of what it begins with.'),
      every: durationSchema.optional().describe('Again and again: never longer than this since the last time.'),
      done: oneOrMore(nameOf('dutyDone')).describe('What is recorded when it is done, or the part that is given.'),
      while: dossierConditionSchema(
        'Only while this is so; without it, as long as the registration is open.',
      ).optional(),
      missed: z
        .strictObject({ end: nameOf('cause') })
        .optional()
        .describe('What follows when it is missed, beside the record of it: the registration ends for a cause.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();
export type Duty = NonNullable<z.output<typeof schema>>[number];

export const duties: Clause<'duties', typeof schema> = {
  name: 'duties',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['name'] },
  says: {
    reason: {
      zh: '任务：{item}{length?，}{length}{since?，自 }{since}{since? 起}{dueAt?，至 }{dueAt}{state?，}{state}',
      en: 'Duty: {item}{length?, }{length}{since? from }{since}{dueAt?, until }{dueAt}{state?, }{state}',
    },
    refusals: {},
    names: {
      open: { zh: '待办', en: 'open' },
      still: { zh: '中止', en: 'stands still' },
      resumed: { zh: '恢复', en: 'goes on' },
      done: { zh: '已完成', en: 'done' },
      missed: { zh: '逾期未办', en: 'missed' },
      over: { zh: '不再需要', en: 'no longer called for' },
      uncounted: { zh: '待公布工作日历', en: 'waits for the working days of a year' },
    },
  },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'duty' as const, name, title, path: ['duties'] })),
  refers: (items, document) => items.flatMap((item, index) => unsoundIn(item, ['duties', index], document)),
  lints: (items, document) =>
    (items ?? []).flatMap(({ after, class: names }, index) =>
      after === 'registered' || after === 'approved' || names === undefined || recordedFor(document, after, names)
        ? []
        : [
            neverFires(
              ['duties', index, 'after'],
              `这些类别从不记录“${after}”。`,
              `"${after}" is recorded for none of these classes.`,
            ),
          ],
    ),
  again: ({ e, inputs }, name) => {
    const item = e.policy.document.duties?.find((each) => each.name === name);
    if (item === undefined) return undefined;
    if ('state' in inputs) return becauseOf(e, item, inputs as { readonly state: Code });
    return dueOf(e, item, inputs['since'] as Instant).because;
  },
};

const unsoundIn = (item: Duty, path: readonly (string | number)[], { ends }: PolicyDocument): readonly Unsound[] => [
  ...((item.within === undefined) === (item.every === undefined)
    ? [
        unsound(
          'DutyLengthWrong',
          [...path],
          '写明 within（一次）或 every（反复）其中之一。',
          'Say either within (once) or every (again and again).',
        ),
      ]
    : []),
  ...(item.while !== undefined && /\b(daysSince|doneThisQuarter)\s*\(/.test(item.while)
    ? [
        unsound(
          'ConditionInvalid',
          [...path, 'while'],
          '任务的条件不能随时间变化：daysSince()、doneThisQuarter() 请改用 every 或 within。',
          'What a duty depends on does not change by time alone: instead of daysSince() or doneThisQuarter(), say every or within.',
        ),
      ]
    : []),
  ...(item.missed !== undefined && (ends ?? []).length === 0
    ? [unsound('CauseUnknown', [...path, 'missed'], 'ends 中没有终止原因。', 'No cause stands under ends.')]
    : []),
];

const recordedFor = ({ activities }: PolicyDocument, name: string, classes: readonly string[]): boolean => {
  const item = activities?.find((each) => each.name === name);
  return item === undefined || classes.some((each) => appliesTo(item, each));
};

/** The duties of a registration of this class, called for or not. */
export const dutiesOf = ({ policy }: Evaluation, name: string): readonly Duty[] =>
  (policy.document.duties ?? []).filter((item) => appliesTo(item, name));

/** Whether what the duty depends on is so. A condition whose computing fails calls for nothing. */
export const isCalledFor = (
  { policy }: Evaluation,
  item: Duty,
  values: Readonly<Record<string, unknown>>,
  facts: ConditionFacts,
): boolean => item.while === undefined || policy.conditions.over(values, facts, false)(item.while);

/** By when it is due that began at `since`. Throws UnknownYearError for a year whose working days nobody published. */
export const dueOf = (
  e: Evaluation,
  item: Duty,
  since: Instant,
): { readonly dueAt: Instant; readonly because: Reason } => {
  const length = item.within ?? item.every;
  if (length === undefined) throw new PolicyMisuse(`The duty ${item.name} has no length`);
  const dueAt = endOf(length, since, clockOf(e, 'duties'));
  const counted = 'workingDays' in length ? { from: since, to: dueAt } : undefined;
  return {
    dueAt,
    because: reasonOf(e, `duties.${item.name}`, item, { ...lengthFacts(length), since, dueAt }, counted),
  };
};

/** Why a duty stands as it stands, where no length was counted. */
export const becauseOf = (
  e: Evaluation,
  item: Duty,
  inputs: { readonly state: Code; readonly since?: Instant; readonly dueAt?: Instant },
): Reason => reasonOf(e, `duties.${item.name}`, item, inputs);
