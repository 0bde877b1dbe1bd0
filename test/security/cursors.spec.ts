import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { encodePosition } from '#event-sourcing/projection/position-token.js';
import { Api, program } from '#test/e2e/api.js';

let api: Api;
beforeAll(async () => {
  api = await Api.open((text) =>
    text.replace('permissions:\n', 'permissions:\n  - { may: seeOthers, roles: reviewer }\n'),
  );
  for (const party of ['amy', 'ben']) await api.enrol(party);
  await api.enrol('rita', { roles: ['reviewer'] });
  for (let index = 0; index < 4; index += 1) {
    for (const party of ['amy', 'ben'])
      await api.one(party, 'mutation R($input: RegisterInput!) { register(input: $input) { __typename } }', {
        input: {
          commandId: api.commandId(),
          programId: program,
          class: 'walkIn',
          form: { name: '王芳', phone: `138${party === 'amy' ? '1' : '2'}000000${index}` },
        },
      });
  }
  await api.installation.catchUp();
});
afterAll(() => api.close());

interface Page {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: { readonly id: string; readonly holder: string };
  }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}
const page = '{ edges { cursor node { id holder } } pageInfo { endCursor hasNextPage } }';
const mine = `query M($after: String) { myRegistrations(programId: "${program}", first: 2, after: $after) ${page} }`;
const all = `query A($after: String) { registrations(programId: "${program}", first: 2, purpose: REVIEW, after: $after) ${page} }`;
const codeOf = async (party: string, query: string, variables: object): Promise<string> =>
  (await api.ask(party, query, variables)).errors?.[0]?.extensions.code ?? 'none';

describe('A8 cursors, positions and filters tell nothing', () => {
  it('a list is walked to its end with its own cursors', async () => {
    const first = await api.one<Page>('amy', mine);
    const second = await api.one<Page>('amy', mine, { after: first.pageInfo.endCursor });
    expect([...first.edges, ...second.edges].map(({ node }) => node.holder)).toEqual(['amy', 'amy', 'amy', 'amy']);
    expect(new Set([...first.edges, ...second.edges].map(({ node }) => node.id)).size).toBe(4);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('a cursor of another party, of another list or made by hand opens nothing', async () => {
    const ofRival = (await api.one<Page>('ben', mine)).pageInfo.endCursor;
    const ofAll = (await api.one<Page>('rita', all)).pageInfo.endCursor;
    const byHand = Buffer.from(JSON.stringify(['x', 'y', 'z'])).toString('base64url');
    expect(
      await Promise.all([ofRival, ofAll, byHand, 'AAAA', '-'].map((after) => codeOf('amy', mine, { after }))),
    ).toEqual(Array.from({ length: 5 }, () => 'CURSOR_UNKNOWN'));
    expect(await codeOf('amy', mine, { after: 'a b' })).toBe('BAD_INPUT');
  });

  it("a cursor with any one character changed is refused or still shows one's own rows only", async () => {
    const { endCursor } = (await api.one<Page>('amy', mine)).pageInfo;
    for (let at = 0; at < endCursor.length; at += 1) {
      const after = `${endCursor.slice(0, at)}${endCursor[at] === 'A' ? 'B' : 'A'}${endCursor.slice(at + 1)}`;
      const { data, errors } = await api.ask<{ readonly myRegistrations: Page | null } | null>('amy', mine, { after });
      expect(
        [
          ...(errors ?? []).map(({ extensions }) => extensions.code),
          ...(data?.myRegistrations?.edges ?? []).map(({ node }) => node.holder),
        ].filter((told) => told !== 'CURSOR_UNKNOWN' && told !== 'amy'),
      ).toEqual([]);
    }
  });

  it('a position of another journal, or one changed on its way, is refused', async () => {
    const asking = `query P($at: PositionToken) { myRegistrations(programId: "${program}", first: 1, atPosition: $at) { position } }`;
    const own = (await api.one<{ position: string }>('amy', asking)).position;
    expect(
      await Promise.all(
        [encodePosition('another journal', 1), `${own}A`, own.slice(1), `B${own.slice(1)}`].map((at) =>
          codeOf('amy', asking, { at }),
        ),
      ),
    ).toEqual(Array.from({ length: 4 }, () => 'POSITION_UNKNOWN'));
  });

  it('lists are narrowed by what their reader may see anyway, and ordered in one way', () => {
    const allowed = new Set([
      'after',
      'first',
      'atPosition',
      'purpose',
      'programId',
      'partyId',
      'holder',
      'state',
      'kind',
      'basis',
      'days',
      'subject',
      // Of flags, duties and requests: they are one's own, or one's work in the whole program, before any is left out.
      'flag',
      'from',
      'until',
      'role',
      'missed',
      'mine',
      'waitsForMe',
      // A list that the policy declares: what its reader may see is left of the rows before it filters and orders them.
      'name',
    ]);
    const lists = Object.values(
      buildSchema(readFileSync('docs/reference/schema.graphql', 'utf8')).getQueryType()!.getFields(),
    ).filter(({ args }) => args.some(({ name }) => name === 'first'));
    expect(lists.length).toBeGreaterThan(8);
    // Cure: an argument that filters or sorts by a field of a rival's record tells what it holds; think before it is
    // added here.
    expect(
      lists.flatMap(({ name, args }) =>
        args.filter((argument) => !allowed.has(argument.name)).map((argument) => `${name}(${argument.name})`),
      ),
    ).toEqual([]);
  });

  it.each([
    ['flag', '{ flags(flag: "late") { total } }'],
    ['role', '{ duties(role: "reviewer") { total } }'],
  ])('narrowed by %s a list wants its program, and does not leave the filter out', async (filter, list) => {
    expect((await api.ask('amy', list)).errors).toMatchObject([
      {
        extensions: {
          code: 'BAD_INPUT',
          fields: [{ path: 'programId', message: { zh: expect.stringContaining(filter), en: expect.any(String) } }],
        },
      },
    ]);
  });

  it('the list of a program is shorter for a party by exactly the others, and says nothing of how many there are', async () => {
    const own = await api.one<Page>('amy', `query A { registrations(programId: "${program}", first: 100) ${page} }`);
    expect(own.edges.map(({ node }) => node.holder)).toEqual(['amy', 'amy', 'amy', 'amy']);
    expect(own.pageInfo.hasNextPage).toBe(false);
  });
});
