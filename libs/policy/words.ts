import { z } from 'zod';
import type { Duration, LeadTime } from '#time/clock.js';
import type { TimeOfDay } from '#time/instant.js';
import { parseYuan, type Fen } from '#money/fen.js';
import { code, type Code, type DerivedFact } from '#event-sourcing/vocabulary.js';

/**
 * The small shapes that every clause is written with. All objects are strict, so that a misspelt key is an error and
 * not a silence.
 */

/** A message of the shape in both languages; the loader splits it. */
export const both = (zh: string, en: string): string => `${zh}${between}${en}`;
export const between = ' ¦ ';

/** Names that objects have by birth or that conditions reserve: a field called so would never be found, or always. */
const reserved = new Set([
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
  'given',
  'size',
  'contains',
  'startsWith',
  'endsWith',
  'int',
  'uint',
  'double',
  'string',
  'bool',
  'bytes',
  'list',
  'map',
  'type',
  'dyn',
  'timestamp',
  'duration',
  'optional',
]);
export const nameSchema = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9]{0,39}$/,
    both(
      '名称以小写字母开头，最多 40 个字母和数字。',
      'A name starts with a small letter and has at most 40 letters and digits.',
    ),
  )
  .refine((name) => !reserved.has(name), both('这个名称被保留，不能使用。', 'This name is reserved.'));

/** An id of a rule as the paper counts them: `R04.06`, `§3.2`. */
export const ruleIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9§][A-Za-z0-9.§_-]{0,39}$/,
    both('规则编号最多 40 个字母、数字、点、连字符。', 'A rule id has at most 40 letters, digits, dots, hyphens.'),
  );

/** One of something, or a list of them: `rule: R04.06` or `rule: [R04.06, R04.07]`. */
export const oneOrMore = <T extends z.ZodType>(item: T, max = 40) =>
  z
    .union([item, z.array(item).min(1).max(max)])
    .transform((given): z.output<T>[] => (Array.isArray(given) ? (given as z.output<T>[]) : [given as z.output<T>]));

/** Every item may name the rules of the paper that it enforces. */
export const cited = {
  rule: oneOrMore(ruleIdSchema).optional().describe('The rules of the paper that this item enforces.'),
};
export const classFilter = {
  class: oneOrMore(nameSchema).optional().describe('The classes this item is for; without it, all of them.'),
};

export const textSchema = z.string().trim().min(1).max(500);
/** Everything a person reads exists in both languages. */
export const labelSchema = z.strictObject({ zh: textSchema, en: textSchema });
export type Label = z.output<typeof labelSchema>;

export const timeOfDaySchema = z
  .string()
  .regex(
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    both('时刻写作 HH:MM，00:00 至 24:00，并加引号。', 'A time of day is HH:MM in quotes, from 00:00 to 24:00.'),
  ) as unknown as z.ZodType<TimeOfDay, TimeOfDay>;

const count = (max: number) => z.int().min(1).max(max);
const dayCounting = z.enum(['inclusive', 'exclusive', 'rolling']);
/** A length always says how it counts: "7 days" alone is three different ends. */
export const durationSchema: z.ZodType<Duration> = z.union(
  [
    z.strictObject({ days: count(36_500), counting: dayCounting }),
    z.strictObject({ months: count(1_200), counting: z.enum(['corresponding', 'inclusive', 'rolling']) }),
    z.strictObject({ workingDays: count(2_000), counting: z.enum(['inclusive', 'exclusive']) }),
    z.strictObject({ hours: count(876_000) }),
    z.strictObject({ untilTime: timeOfDaySchema, onDay: count(36_500) }),
    z.strictObject({ sameDay: z.literal(true) }),
    z.strictObject({ permanent: z.literal(true) }),
  ],
  {
    error: both(
      '期限须写明单位和计法，写作以下之一：{days, counting: inclusive|exclusive|rolling}、{months, counting: corresponding|inclusive|rolling}、{workingDays, counting: inclusive|exclusive}、{hours}、{untilTime, onDay}、{sameDay: true}、{permanent: true}。',
      'A length is {days, counting: inclusive|exclusive|rolling}, {months, counting: corresponding|inclusive|rolling}, {workingDays, counting: inclusive|exclusive}, {hours}, {untilTime, onDay}, {sameDay: true} or {permanent: true}.',
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

/** Yuan: a whole number, or text with two decimals ("49.50"). Never a decimal number, which a machine may round. */
export const yuanSchema = z
  .union([z.int().min(0).max(10_000_000_000), z.string().regex(/^\d{1,12}(?:\.\d{2})?$/)], {
    error: both(
      '金额以元计：整数，或带两位小数的文字，如 "49.50"。',
      'Yuan as a whole number, or as text with two decimals: "49.50".',
    ),
  })
  .transform((yuan): Fen => parseYuan(String(yuan)));

export const relations = ['holder', 'filer', 'designated', 'party', 'self'] as const;
/**
 * What the caller is to the registration or command at hand: its holder, who filed it, the one its firm designated, a
 * party to the case, itself the one concerned.
 */
export type Relation = (typeof relations)[number];
/** Who: any of these roles, and (when given) any of these relations. */
export const whoSchema = z.strictObject({
  roles: oneOrMore(nameSchema).optional(),
  relations: oneOrMore(z.enum(relations)).optional(),
});
export type Who = z.output<typeof whoSchema>;
export interface Caller {
  readonly roles: readonly string[];
  readonly relations: readonly Relation[];
}

export const isAmong = (who: Who, caller: Caller): boolean =>
  (who.roles === undefined || who.roles.some((role) => caller.roles.includes(role))) &&
  (who.relations === undefined || who.relations.some((relation) => caller.relations.includes(relation)));

export const appliesTo = (item: { readonly class?: readonly string[] | undefined }, name: string): boolean =>
  item.class === undefined || item.class.includes(name);

/** A length as derived facts, so that a reason shows what was counted. */
export const lengthFacts = (length: Duration): Record<string, DerivedFact> =>
  Object.fromEntries(
    Object.entries(length).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? code(value) : (value as number | boolean),
    ]),
  );

export const codes = (names: readonly string[]): readonly Code[] => names.map(code);
