import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyJsonSchema, policyJsonSchemaText } from './json-schema.js';

const stored = join(
  import.meta.dirname.replace(/([/\\])dist[/\\](?=libs)/, '$1'),
  '../../docs/reference/policy.schema.json',
);

describe('the JSON Schema of a policy', () => {
  it('is the one in docs/reference', () => {
    // Cure: npm run build && node dist/apps/cli/main.js policy schema > docs/reference/policy.schema.json
    expect(readFileSync(stored, 'utf8')).toBe(policyJsonSchemaText());
  });
  it('asks for what the loader asks for, and knows no key that the loader refuses', () => {
    const schema = policyJsonSchema() as {
      required: string[];
      additionalProperties: boolean;
      properties: Record<string, unknown>;
    };
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required.toSorted()).toEqual([
      'classes',
      'form',
      'intake',
      'permissions',
      'policy',
      'review',
      'subject',
      'timeZone',
      'title',
      'version',
    ]);
  });
});
