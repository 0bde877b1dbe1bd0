import { z } from 'zod';
import { code, type DerivedFact } from '#event-sourcing/vocabulary.js';
import type { Duration, LeadTime } from '#time/clock.js';
import { unsound, type Unsound } from './clause.js';
import type { Path } from './reading.js';
import { both, timeOfDaySchema } from './words.js';

const count = (max: number) => z.int().min(1).max(max);
const dayCounting = z.enum(['inclusive', 'exclusive', 'rolling']);
/** A length always says how it counts: "7 days" alone is three different ends. */
export const durationSchema: z.ZodType<Duration> = z.union(
  [
    z.strictObject({ days: count(36_500), counting: dayCounting }),
    z.strictObject({ months: count(1_200), counting: z.enum(['corresponding', 'inclusive', 'rolling']) }),
    z.strictObject({
      workingDays: count(2_000),
      counting: z.enum(['inclusive', 'exclusive']),
      lateFrom: timeOfDaySchema.optional(),
    }),
    z.strictObject({ hours: count(876_000) }),
    z.strictObject({ untilTime: timeOfDaySchema, onDay: count(36_500) }),
    z.strictObject({ sameDay: z.literal(true) }),
    z.strictObject({ permanent: z.literal(true) }),
  ],
  {
    error: both(
      '期限须写明单位和计法，写作以下之一：{days, counting: inclusive|exclusive|rolling}、{months, counting: corresponding|inclusive|rolling}、{workingDays, counting: inclusive|exclusive, lateFrom?}、{hours}、{untilTime, onDay}、{sameDay: true}、{permanent: true}。',
      'A length is {days, counting: inclusive|exclusive|rolling}, {months, counting: corresponding|inclusive|rolling}, {workingDays, counting: inclusive|exclusive, lateFrom?}, {hours}, {untilTime, onDay}, {sameDay: true} or {permanent: true}.',
    ),
  },
);

const boundary = z.enum(['included', 'excluded']).optional();
export const leadTimeSchema: z.ZodType<LeadTime> = z.union(
  [
    z.strictObject({ days: count(3_650), counting: z.literal('calendar').optional(), by: timeOfDaySchema.optional() }),
    z.strictObject({ days: count(3_650), counting: z.literal('rolling'), boundary }),
    z.strictObject({ workingDays: count(2_000), by: timeOfDaySchema.optional() }),
    z.strictObject({ hours: count(87_600), boundary }),
    z.strictObject({ minutes: count(5_256_000), boundary }),
  ],
  {
    error: both(
      '提前量写作以下之一：{days, by?}、{days, counting: rolling}、{workingDays, by?}、{hours}、{minutes}。',
      'A lead time is {days, by?}, {days, counting: rolling}, {workingDays, by?}, {hours} or {minutes}.',
    ),
  },
);

/**
 * Either one length, or one that the approver chooses between two bounds of the same unit (R28.05); `otherwise` is
 * taken when nothing was chosen.
 */
export const lengthSchema = z.union(
  [durationSchema, z.strictObject({ from: durationSchema, to: durationSchema, otherwise: durationSchema })],
  {
    error: both(
      '写一个期限，如 {days: 7, counting: exclusive}，或一个可选范围 {from, to, otherwise}，单位和计法相同。',
      'Either one length such as {days: 7, counting: exclusive}, or a choice {from, to, otherwise} of lengths of one unit and counting.',
    ),
  },
);
export type Length = z.output<typeof lengthSchema>;

/** A length as derived facts, so that a reason shows what was counted. */
export const lengthFacts = (length: Duration): Record<string, DerivedFact> =>
  Object.fromEntries(
    Object.entries(length).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? code(value) : (value as number | boolean),
    ]),
  );

/** The length that a reason shows. */
export const lengthIn = (inputs: Readonly<Record<string, DerivedFact>>): Duration =>
  Object.fromEntries(Object.entries(inputs).filter(([name]) => lengthKeys.has(name))) as Duration;
const lengthKeys = new Set([
  'days',
  'months',
  'workingDays',
  'hours',
  'counting',
  'lateFrom',
  'untilTime',
  'onDay',
  'sameDay',
  'permanent',
]);

export interface Measure {
  readonly unit: string;
  readonly count: number;
  readonly counting: string;
}
/**
 * A length as a unit, a count and a counting; lengths without a count (the rest of the day, for ever) measure 0 of
 * their own unit.
 */
export const measure = (length: Duration): Measure => {
  const counting = 'counting' in length ? length.counting : 'rolling';
  if ('days' in length) return { unit: 'days', count: length.days, counting };
  if ('months' in length) return { unit: 'months', count: length.months, counting };
  if ('workingDays' in length) return { unit: 'workingDays', count: length.workingDays, counting };
  if ('hours' in length) return { unit: 'hours', count: length.hours, counting };
  return { unit: Object.keys(length)[0] ?? 'permanent', count: 0, counting };
};

/** A choice of lengths must be one: from the least to the most, of one unit and counting. */
export const rangeProblems = (length: Length, path: Path): readonly Unsound[] => {
  if (!('from' in length)) return [];
  const [from, to, otherwise] = [measure(length.from), measure(length.to), measure(length.otherwise)];
  const same = [to, otherwise].every(({ unit, counting }) => unit === from.unit && counting === from.counting);
  return same && from.count <= otherwise.count && otherwise.count <= to.count
    ? []
    : [
        unsound(
          'RangeUnordered',
          path,
          'from ≤ otherwise ≤ to，且单位和计法相同。',
          'from ≤ otherwise ≤ to, all of one unit and counting.',
        ),
      ];
};
