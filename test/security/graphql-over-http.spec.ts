import { auditServer } from 'graphql-http';
import { Edge } from './edge.js';

describe("GraphQL over HTTP: the specification's own audit", () => {
  it.each(['production', 'development'])('no MUST fails in %s', async (environment) => {
    // Some audits ask the schema about itself, to have a field with a variable.
    const edge = await Edge.open({ settings: { NODE_ENV: environment, INTROSPECTION: 'on' } });
    try {
      const token = await edge.token();
      const results = await auditServer({
        url: `${edge.url}/graphql`,
        // Who asks and that it is no form of another site are told in headers that the specification knows nothing
        // about.
        fetchFn: (url: string, init: RequestInit = {}) =>
          fetch(url, {
            ...init,
            headers: {
              ...(init.headers as Record<string, string>),
              authorization: `Bearer ${token}`,
              'apollo-require-preflight': '1',
            },
          }),
      });
      const failed = results
        .filter(({ status }) => status !== 'ok')
        .map((result) => `${result.id} ${result.name}${'reason' in result ? `: ${result.reason}` : ''}`);
      console.log(
        `GraphQL over HTTP, ${environment}: ${results.length - failed.length} of ${results.length} audits pass${failed.map((line) => `\n  ${line}`).join('')}`,
      );
      expect(results.length).toBeGreaterThan(50);
      expect(failed.filter((line) => / MUST /.test(line))).toEqual([]);
      // Three are refused on purpose: a document that cannot be run is answered with 400 to old clients too, so that
      // monitoring sees refusals.
      expect(failed.map((line) => line.slice(0, 4)).sort()).toEqual(['572B', '7B9B', 'FDE2']);
    } finally {
      await edge.close();
    }
  });
});
