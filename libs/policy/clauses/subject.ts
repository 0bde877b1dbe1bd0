import { z } from 'zod';
import type { Clause } from '../clause.js';
import { cited, labelSchema } from '../words.js';

/** What is claimed: one customer, one project, a customer within a project, one visit, one quotation. */
const schema = z.strictObject({
  kind: z.enum(['customer', 'project', 'customerAndProject', 'company', 'visit', 'quotation', 'requirement']),
  title: labelSchema.optional(),
  ...cited,
});
export const subject: Clause<'subject', typeof schema> = { name: 'subject', schema, says: { refusals: {} } };
