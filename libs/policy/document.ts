import { z } from 'zod';
import { bindingsSchema } from './bindings.js';
import { clauses, type AnyClause } from './clauses.js';
import { both, cited, labelSchema, nameSchema, ruleIdSchema, textSchema } from './words.js';

/** What stands above the clauses. */
const head = {
  policy: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]{0,63}$/,
      both('制度编号由小写字母、数字、连字符组成。', 'A policy id has small letters, digits and hyphens.'),
    ),
  version: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
      both(
        '版本是最多 32 个字母、数字、点、连字符的文字；像数字时须加引号。',
        'A version is text of at most 32 letters, digits, dots, hyphens; quote it if it looks like a number.',
      ),
    ),
  title: labelSchema,
  timeZone: z.string().min(1).max(64),
  calendar: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
    .optional()
    .describe('The working calendar that working days are counted on.'),
  authority: z
    .strictObject({ ...labelSchema.shape, ...cited })
    .optional()
    .describe('Who issued it and interprets it.'),
  rules: z.strictObject({ prefix: ruleIdSchema, count: z.int().min(1).max(999) }).optional(),
  roles: z.array(nameSchema).max(60).optional(),
  /**
   * The semantic version of each clause's meaning. Without an entry it is the newest when the policy is published, and
   * stays that, so that a published policy never changes its meaning.
   */
  meanings: z.record(nameSchema, z.int().min(1).max(99)).optional(),
};

/** Rules of the paper that nothing here enforces, each with an honest reason: so that nobody believes they are. */
const unenforcedSchema = z.array(z.strictObject({ rule: ruleIdSchema, why: textSchema })).max(400);

type ClauseShape = { readonly [C in AnyClause as C['name']]: C['schema'] };

/**
 * A whole regime. Every key is strict; the order of clauses is free and best follows the paper.
 * `rules` declares how many rules the paper has, `<prefix>.01` to `<prefix>.<count>`: each must then be enforced by an
 * item or listed under `unenforced`.
 */
export const documentSchema = z.strictObject({
  ...head,
  ...(Object.fromEntries(clauses.map(({ name, schema }) => [name, schema])) as unknown as ClauseShape),
  bindings: bindingsSchema.optional(),
  unenforced: unenforcedSchema.optional(),
});
export type PolicyDocument = z.output<typeof documentSchema>;
