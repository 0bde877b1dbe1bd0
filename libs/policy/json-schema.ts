import { z } from 'zod';
import { documentSchema } from './document.js';

/**
 * The shape of a policy document for editors, as JSON Schema 2020-12. What names refer to, and what conditions mean,
 * only `baobei policy check` knows.
 */
export const policyJsonSchema = (): Record<string, unknown> => ({
  ...z.toJSONSchema(documentSchema, { io: 'input', target: 'draft-2020-12', reused: 'ref' }),
  $id: 'https://baobei.example/policy.schema.json',
  title: 'Baobei policy document',
});
export const policyJsonSchemaText = (): string => `${JSON.stringify(policyJsonSchema(), null, 2)}\n`;
