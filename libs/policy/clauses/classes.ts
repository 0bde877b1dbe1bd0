import { z } from 'zod';
import { cited, labelSchema, nameSchema } from '../words.js';

/**
 * The kinds of registration that the regime tells apart (walk-in, deposit paid, pre-filing…).
 * `filed: false`: nobody files in this class, an upgrade leads to it.
 */
export const classesSchema = z
  .array(z.strictObject({ name: nameSchema, title: labelSchema, filed: z.boolean().default(true), ...cited }))
  .min(1)
  .max(40);

/** What is claimed: one customer, one project, a customer within a project, one visit, one quotation. */
export const subjectSchema = z.strictObject({
  kind: z.enum(['customer', 'project', 'customerAndProject', 'company', 'visit', 'quotation', 'requirement']),
  title: labelSchema.optional(),
  ...cited,
});
