import { readFile } from 'node:fs/promises';
import { isNonNullType, getNamedType } from 'graphql';
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

  it('has no list whose refusal empties the whole answer; cure: nullable: true', async () => {
    const [lists, emptying] = await withSchema((schema) => {
      const all = Object.values(schema.getQueryType()!.getFields()).filter(({ type }) =>
        getNamedType(type).name.endsWith('Connection'),
      );
      return [all, all.filter(({ type }) => isNonNullType(type)).map(({ name }) => name)] as const;
    });
    expect(lists.length).toBeGreaterThan(9);
    expect(emptying).toEqual([]);
  });

  it('T15 takes no text, list or number without a limit; cure: the decorator that is named', async () => {
    expect(await withSchema(unboundedInputs)).toEqual([]);
  });
});
