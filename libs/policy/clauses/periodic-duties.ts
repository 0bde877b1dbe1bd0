import { z } from 'zod';
import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { dateIn, startOfDay } from '#time/instant.js';
import { dueIn, periodNames, periodOn, type DueBy } from '#time/period.js';
import { unsound, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { clockOf, reasonOf, type Evaluation } from '../evaluation.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf } from '../naming.js';
import { cited, labelSchema, nameSchema, oneOrMore, timeOfDaySchema } from '../words.js';

const bySchema = z.union([
  timeOfDaySchema,
  z.strictObject({
    day: z.int().min(1).max(366).optional().describe('The how manieth day of the period; without it, its last.'),
    of: z.enum(['this', 'next']).default('this').describe('Of the period itself, or of the one behind it.'),
    time: timeOfDaySchema.optional().describe('Without it, the end of that day.'),
  }),
]);

/**
 * What people and offices have to do again and again, whatever has been filed: a daily list, a monthly report, so many
 * visits a month, a training a year. Nobody keeps a list of what is open: it follows from the roles, from what was
 * recorded and from the policy in force when the period began.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      of: z
        .union([
          z.strictObject({ each: oneOrMore(nameOf('role')) }),
          z.strictObject({ roles: oneOrMore(nameOf('role')) }),
        ])
        .describe('Whose duty it is: of each who has one of these roles, or of the office, whoever of it does it.'),
      each: z.enum(periodNames).optional().describe('Once in each of these; a week begins on Monday.'),
      by: bySchema.optional().describe('By when; without it, by the end of the period.'),
      every: durationSchema.optional().describe('Instead of `each`: never longer than this since the last time.'),
      done: oneOrMore(nameOf('recorded')).describe('What is recorded when it is done.'),
      atLeast: z.int().min(1).max(300).optional().describe('As often as this within the period; without it, once.'),
      missed: z
        .strictObject({
          offence: nameSchema.describe('One of `offences` whose penalties leave no choice.'),
          shortOf: z.int().min(1).max(300).default(1).describe('Only if so many are missing, or more.'),
        })
        .optional()
        .describe('What follows when it is missed, beside the record of it: an offence of whoever owed it.'),
      ...cited,
    }),
  )
  .max(60)
  .optional();
export type PeriodicDuty = NonNullable<z.output<typeof schema>>[number];

export const periodicDuties: Clause<'periodicDuties', typeof schema> = {
  name: 'periodicDuties',
  schema,
  meaning: wholeMonthsSince,
  binds: 'event',
  items: { by: ['name'] },
  says: {
    reason: {
      zh: '定期任务：{item}{length?，}{length}{since?，自 }{since}{since? 起}{dueAt?，至 }{dueAt}{state?，}{state}{short?，尚缺 }{short}',
      en: 'Duty by period: {item}{length?, }{length}{since? from }{since}{dueAt?, until }{dueAt}{state?, }{state}{short?, short by }{short}',
    },
    refusals: {},
  },
  declares: (items) =>
    items.map(({ name, title }) => ({ kind: 'duty' as const, name, title, path: ['periodicDuties'] })),
  refers: (items, document) => items.flatMap((item, index) => unsoundIn(item, ['periodicDuties', index], document)),
  again: ({ e, inputs }, name) => {
    const item = e.policy.document.periodicDuties?.find((each) => each.name === name);
    if (item === undefined) return undefined;
    if ('state' in inputs) return becauseOfPeriod(e, item, inputs as { readonly state: Code });
    const since = inputs['since'] as Instant;
    return item.every === undefined ? periodAt(e, item, since).because : rollingFrom(e, item, since).because;
  },
};

const unsoundIn = (
  item: PeriodicDuty,
  path: readonly (string | number)[],
  { duties, offences }: PolicyDocument,
): readonly Unsound[] => [
  ...((item.each === undefined) === (item.every === undefined)
    ? [
        unsound(
          'DutyLengthWrong',
          [...path],
          '写明 each（每期一次）或 every（反复）其中之一。',
          'Say either each (once a period) or every (again and again).',
        ),
      ]
    : []),
  ...(item.every !== undefined && (item.by !== undefined || item.atLeast !== undefined)
    ? [
        unsound(
          'DutyLengthWrong',
          [...path],
          'by、atLeast 须与 each 同用。',
          'Say by and atLeast together with each, not with every.',
        ),
      ]
    : []),
  ...unfollowed(item, [...path, 'missed'], offences),
  ...((duties ?? []).some(({ name }) => name === item.name)
    ? [
        unsound(
          'NameTwice',
          [...path, 'name'],
          `“${item.name}”已在 duties 中。`,
          `"${item.name}" stands under duties already.`,
        ),
      ]
    : []),
];

/** An offence of nobody, one that nobody described, or one whose penalty somebody has to choose. */
const unfollowed = (
  { missed, of }: PeriodicDuty,
  path: readonly (string | number)[],
  offences: PolicyDocument['offences'],
): readonly Unsound[] => {
  if (missed === undefined) return [];
  const found = (offences ?? []).find(({ name }) => name === missed.offence);
  if ('each' in of && found !== undefined && found.choice === undefined) return [];
  return [
    unsound(
      'OffenceUnknown',
      path,
      'missed.offence 须为 offences 中处罚固定的一项，且任务属于个人（of: { each }）。',
      'missed.offence is one of offences that leaves no choice of penalty, and the duty is of: { each }.',
    ),
  ];
};

export const periodicDutiesOf = ({ policy }: Evaluation): readonly PeriodicDuty[] =>
  policy.document.periodicDuties ?? [];
/** Whose it is: of each who has one of these roles. */
export const rolesOfEach = ({ of }: PeriodicDuty): readonly string[] | undefined =>
  'each' in of ? of.each : undefined;
/** Whose it is: of the office that has these roles. */
export const rolesOfOffice = ({ of }: PeriodicDuty): readonly string[] | undefined =>
  'roles' in of ? of.roles : undefined;

/** One period as instants: from, until (exclusive), and by when it is due. */
export interface PeriodDue {
  readonly since: Instant;
  readonly until: Instant;
  readonly dueAt: Instant;
  readonly because: Reason;
}

const byOf = ({ by }: PeriodicDuty): DueBy => (typeof by === 'string' ? { time: by } : (by ?? {}));

/**
 * The period that an instant lies in; of a day off, the working day that comes next. Throws UnknownYearError for a
 * year whose working days nobody published.
 */
export const periodAt = (e: Evaluation, item: PeriodicDuty, when: Instant): PeriodDue => {
  const { zone, calendar } = clockOf(e, 'periodicDuties');
  const each = item.each!;
  const period = periodOn(each, dateIn(when, zone), calendar);
  const since = startOfDay(period.from, zone);
  const dueAt = dueIn(each, period, byOf(item), { zone, calendar });
  return {
    since,
    until: startOfDay(period.until, zone),
    dueAt,
    because: reasonOf(
      e,
      `periodicDuties.${item.name}`,
      item,
      { since, dueAt },
      each === 'workingDay' ? { from: since, to: since } : undefined,
    ),
  };
};

/** By when it is to be done again that was done last, or began, at `since`. */
export const rollingFrom = (e: Evaluation, item: PeriodicDuty, since: Instant): PeriodDue => {
  const length = item.every!;
  const dueAt = endOf(length, since, clockOf(e, 'periodicDuties'));
  const counted = 'workingDays' in length ? { from: since, to: dueAt } : undefined;
  return {
    since,
    until: dueAt,
    dueAt,
    because: reasonOf(e, `periodicDuties.${item.name}`, item, { ...lengthFacts(length), since, dueAt }, counted),
  };
};

/** Why it stands as it stands, where no period was counted. */
export const becauseOfPeriod = (
  e: Evaluation,
  item: PeriodicDuty,
  inputs: { readonly state: Code; readonly since?: Instant; readonly dueAt?: Instant; readonly short?: number },
): Reason => reasonOf(e, `periodicDuties.${item.name}`, item, inputs);
