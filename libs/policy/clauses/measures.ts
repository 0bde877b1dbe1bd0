import { z } from 'zod';
import type { Clause } from '../clause.js';
import { cited, labelSchema, nameSchema } from '../words.js';

/**
 * Measures in the policy's own words: a demerit, a demotion, a removal from office, cleaning the office, praise. The
 * product records that they were imposed or given; whoever the paper names carries them out.
 */
const schema = z
  .array(z.strictObject({ name: nameSchema, title: labelSchema, ...cited }))
  .max(60)
  .optional();

export const measures: Clause<'measures', typeof schema> = {
  name: 'measures',
  schema,
  binds: 'event',
  items: { by: ['name'] },
  says: { refusals: {} },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'measure' as const, name, title, path: ['measures'] })),
};
