import { z } from 'zod';
import { parseYuan, type Fen } from '#money/fen.js';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { addDays, calendarDate, parseInstant, startOfDay, type ZoneId } from '#time/instant.js';

/** A name of a party, a program, a label: no spaces, so that lists of them read well. */
export const nameSchema = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, 'A name has letters, digits, dots and hyphens, at most 40.'),
  );
export const textSchema = z.union([z.string(), z.number()]).transform(String);

/**
 * `2026-03-01 10:00`, also with seconds, `24:00` and an offset; a date alone is its first moment. Local to the policy's
 * zone.
 */
export const momentSchema = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(?:[ T](?:\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(?:Z|[+-]\d{2}:\d{2})?)?$/,
    'A time is written 2026-03-01 10:00.',
  );
export const moment = (text: string, zone: ZoneId): Instant => {
  const [date = '', time] = text.split(/[ T]/, 2);
  if (time === undefined) return startOfDay(calendarDate(date), zone);
  return time === '24:00'
    ? startOfDay(addDays(calendarDate(date), 1), zone)
    : parseInstant(text.replace(' ', 'T'), zone);
};
export const dateSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'A date is written 2026-03-01.')
  .transform((text) => text as CalendarDate);

/** Yuan: a whole number, or text with decimals. */
export const yuanSchema = z.union([z.int(), z.string()]).transform((yuan, context): Fen => {
  try {
    return parseYuan(String(yuan));
  } catch {
    return (
      (context.addIssue({ code: 'custom', message: 'An amount is whole yuan, or text such as "49.50".' }) as never) ??
      z.NEVER
    );
  }
});

export const oneOrMore = <S extends z.ZodType>(item: S) =>
  z
    .union([item, z.array(item).min(1)])
    .transform((given): z.output<S>[] => (Array.isArray(given) ? (given as z.output<S>[]) : [given as z.output<S>]));

/** Words as a person writes them, codes as the product writes them: `under review` is `underReview`. */
export const asCode = (words: string): string =>
  words.trim().replace(/[\s-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
export const codeSchema = z.string().min(1).max(80).transform(asCode);
