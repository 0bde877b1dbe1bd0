import { Edge } from '#test/security/edge.js';

const open = (settings: Readonly<Record<string, string>>) => Edge.open({ settings });

describe('GET /', () => {
  it('says what is here, to a program and to a reader, without a token and without a secret', async () => {
    const edge = await open({});
    try {
      const answer = await edge.fetch('/');
      expect(answer.status).toBe(200);
      const { here } = JSON.parse(answer.text) as { readonly here: readonly { readonly path: string }[] };
      expect(here.map(({ path }) => path)).toEqual(['/graphql', '/health/live', '/health/ready']);
      const page = await edge.fetch('/', { headers: { accept: 'text/html,*/*' } });
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('<a href="/graphql">/graphql</a>: GraphQL：');
      expect(page.text).not.toContain('/graphiql');
      // Every address that it names answers something else than "not found".
      for (const { path } of here) expect((await edge.fetch(path)).status).not.toBe(404);
      for (const secret of [edge.configuration.dataFolder, edge.configuration.identity.issuer, process.versions.node])
        expect(answer.text + page.text).not.toContain(secret);
    } finally {
      await edge.close();
    }
  });
  it('names GraphiQL where it is served', async () => {
    const edge = await open({ NODE_ENV: 'test', GRAPHIQL: 'on' });
    try {
      expect((await edge.fetch('/')).text).toContain('/graphiql');
    } finally {
      await edge.close();
    }
  });
});
