import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { asks } from './authorization-asks.js';
import { table, type Row } from './authorization-table.js';
import { AuthorizationWorld, type Actor } from './authorization-world.js';
import { documentFor, rootFields, rootsOf } from './schema-walk.js';

const schema = buildSchema(readFileSync('docs/reference/schema.graphql', 'utf8'));
let world: AuthorizationWorld;
beforeAll(async () => {
  world = await AuthorizationWorld.open();
  for (const { id } of officials()) await world.suspend(id);
  await world.seen();
});
afterAll(() => world.close());

/** Everybody who is something in this program, suspended in it. */
const officials = (): readonly Actor[] => world.actors.filter(({ elsewhere }) => !elsewhere);
/** Of all that the schema has, by the same names as in the table of who may what. */
const operationsOf = (kind: 'Query' | 'Mutation'): readonly string[] =>
  Object.keys(table.operations).filter((name) => name.startsWith(`${kind}.`));

interface Told {
  readonly what: string;
  readonly codes: readonly string[];
  readonly nothing: boolean;
}
/** What an official is told about a rival; about its own where an operation knows no rivals. */
const ask = async (operation: string, actor: Actor): Promise<Told> => {
  const variables =
    (await asks[operation]!(world, actor, 'rival')) ?? (await asks[operation]!(world, { ...actor }, 'own'));
  const [type, name] = operation.split('#')[0]!.split('.') as [string, string];
  const [kind, root] = rootsOf(schema).find(([, { name: of }]) => of === type)!;
  const { data, errors, text } = await world.api.ask<Readonly<Record<string, Answer | null>> | null>(
    actor.id,
    documentFor(kind, root.getFields()[name]!),
    variables ?? (await asks[operation]!(world, actor, 'missing'))!,
  );
  const answer = data?.[name] ?? null;
  return {
    what: `${operation} as ${actor.id}: ${text.slice(0, 300)}`,
    codes: [...(errors ?? []).map(({ extensions }) => extensions.code), ...(answer?.reasons ?? []).map((r) => r.code)],
    nothing: answer === null || answer.edges?.length === 0,
  };
};
interface Answer {
  readonly reasons?: readonly { readonly code: string }[];
  readonly edges?: readonly unknown[];
}
const all = async (kind: 'Query' | 'Mutation'): Promise<readonly (Told & { readonly row: Row })[]> => {
  const told: (Told & { readonly row: Row })[] = [];
  for (const operation of operationsOf(kind))
    for (const actor of officials()) told.push({ ...(await ask(operation, actor)), row: table.operations[operation]! });
  return told;
};

describe('a suspended official', () => {
  it('is asked about every operation that there is', () => {
    const known = new Set([...operationsOf('Query'), ...operationsOf('Mutation')].map((name) => name.split('#')[0]));
    expect(rootFields(schema).filter((name) => !name.startsWith('Subscription.') && !known.has(name))).toEqual([]);
  });

  it('carries out nothing: every command says that it is suspended, before anything else', async () => {
    expect((await all('Mutation')).filter(({ codes }) => codes.join() !== 'PARTY_SUSPENDED')).toEqual([]);
  });

  it('sees of others what a plain party sees', async () => {
    expect(
      (await all('Query')).filter(({ what, nothing, codes, row }) =>
        what.startsWith('Query.availability')
          ? codes.join() !== 'PARTY_SUSPENDED'
          : row.rival !== undefined && nothing === (row.rival === 'all'),
      ),
    ).toEqual([]);
  });
});
