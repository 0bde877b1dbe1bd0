import { readFile } from 'node:fs/promises';
import { uncostedLists } from '#graphql/cost.js';
import { unboundedInputs } from '#graphql/unbounded-inputs.js';
import { schemaText, withSchema } from './print-schema.js';

describe('the schema that is served', () => {
  it('is the one in docs/reference/schema.graphql; cure: npm run schema', async () => {
    expect(await readFile('docs/reference/schema.graphql', 'utf8')).toBe(await schemaText());
  });

  it('A2 has no list of unknown length; cure: `first`, or @Extensions({ listMax: n })', async () => {
    expect(await withSchema(uncostedLists)).toEqual([]);
  });

  it('T15 takes no text, list or number without a limit; cure: the decorator that is named', async () => {
    expect(await withSchema(unboundedInputs)).toEqual([]);
  });
});
