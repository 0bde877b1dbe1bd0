import { z } from 'zod';
import type { TimeOfDay } from '#time/instant.js';
import { parseYuan, type Fen } from '#money/fen.js';
import { code, type Code } from '#event-sourcing/vocabulary.js';

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
export const textSchema = z.string().trim().min(1).max(500);
/** Everything a person reads exists in both languages. */
export const labelSchema = z.strictObject({ zh: textSchema, en: textSchema });
export type Label = z.output<typeof labelSchema>;
/**
 * A sentence in both languages for each code. `{latest}` is replaced by what would be accepted or by an input,
 * `{min|yuan}` is money; sentences.ts fills them.
 */
export type Messages = Readonly<Record<string, Label>>;

export const timeOfDaySchema = z
  .string()
  .regex(
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    both('时刻写作 HH:MM，00:00 至 24:00，并加引号。', 'A time of day is HH:MM in quotes, from 00:00 to 24:00.'),
  ) as unknown as z.ZodType<TimeOfDay, TimeOfDay>;

/** Yuan: a whole number, or text with two decimals ("49.50"). Never a decimal number, which a machine may round. */
export const yuanSchema = z
  .union([z.int().min(0).max(10_000_000_000), z.string().regex(/^\d{1,12}(?:\.\d{2})?$/)], {
    error: both(
      '金额以元计：整数，或带两位小数的文字，如 "49.50"。',
      'Yuan as a whole number, or as text with two decimals: "49.50".',
    ),
  })
  .transform((yuan): Fen => parseYuan(String(yuan)));

export const codes = (names: readonly string[]): readonly Code[] => names.map(code);

/** What stands more than once, each named once. */
export const duplicates = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
