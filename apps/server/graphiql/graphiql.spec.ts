import { Edge } from '#test/security/edge.js';
import { makeBundle } from './make-bundle.js';

describe('GraphiQL', () => {
  beforeAll(makeBundle);

  it('is a page that loads its own files and nothing from elsewhere', async () => {
    const edge = await Edge.open({ settings: { GRAPHIQL: 'on' } });
    try {
      const page = await edge.fetch('/graphiql');
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self';");
      expect(page.text).not.toMatch(/https?:\/\//);
      const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
      expect(files).toEqual(['/graphiql/page.css', '/graphiql/page.js']);
      for (const path of files) {
        const file = await edge.fetch(path);
        expect([path, file.status, file.headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff']);
        expect(file.text.length).toBeGreaterThan(100_000);
      }
    } finally {
      await edge.close();
    }
  });

  it('is not there in production unless somebody turns it on', async () => {
    const edge = await Edge.open();
    try {
      for (const path of ['/graphiql', '/graphiql/page.js']) expect((await edge.fetch(path)).status).toBe(404);
    } finally {
      await edge.close();
    }
  });
});
