import { z } from 'zod';
import { attributionSchema } from './clauses/attribution.js';
import { bansSchema } from './clauses/bans.js';
import { bindingsSchema } from './clauses/bindings.js';
import { classesSchema, subjectSchema } from './clauses/classes.js';
import { collisionSchema } from './clauses/collision.js';
import { commissionSchema } from './clauses/commission.js';
import { endsSchema } from './clauses/ends.js';
import { extensionSchema } from './clauses/extension.js';
import { filingPermissionSchema } from './clauses/filing-permission.js';
import { formSchema } from './clauses/form.js';
import { identitySchema } from './clauses/identity.js';
import { intakeSchema } from './clauses/intake.js';
import { noticesSchema } from './clauses/notices.js';
import { objectionsSchema } from './clauses/objections.js';
import { offencesSchema } from './clauses/offences.js';
import { permissionsSchema } from './clauses/permissions.js';
import { protectionSchema } from './clauses/protection.js';
import { reviewSchema } from './clauses/review.js';
import { suspensionSchema } from './clauses/suspension.js';
import { unenforcedSchema } from './clauses/unenforced.js';
import { upgradesSchema } from './clauses/upgrades.js';
import { visibilitySchema } from './clauses/visibility.js';
import { both, cited, labelSchema, nameSchema, ruleIdSchema } from './words.js';

/**
 * A whole regime. Every key is strict; the order of clauses is free and best follows the paper.
 * `rules` declares how many rules the paper has, `<prefix>.01` to `<prefix>.<count>`: each must then be enforced by an
 * item or listed under `unenforced`.
 */
export const documentSchema = z.strictObject({
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
   * The semantic version of each clause's meaning. Without an entry it is 1 for ever, so that a published policy never
   * changes its meaning.
   */
  meanings: z.record(nameSchema, z.literal(1)).optional(),
  subject: subjectSchema,
  classes: classesSchema,
  identity: identitySchema,
  permissions: permissionsSchema,
  form: formSchema,
  intake: intakeSchema,
  filingPermission: filingPermissionSchema.optional(),
  review: reviewSchema,
  protection: protectionSchema,
  upgrades: upgradesSchema.optional(),
  extension: extensionSchema.optional(),
  ends: endsSchema.optional(),
  bans: bansSchema.optional(),
  collision: collisionSchema,
  suspension: suspensionSchema.optional(),
  objections: objectionsSchema.optional(),
  offences: offencesSchema.optional(),
  attribution: attributionSchema,
  commission: commissionSchema.optional(),
  visibility: visibilitySchema,
  notices: noticesSchema.optional(),
  bindings: bindingsSchema.optional(),
  unenforced: unenforcedSchema.optional(),
});
export type PolicyDocument = z.output<typeof documentSchema>;
