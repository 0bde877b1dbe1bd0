import { scanJson } from '#server/raw-json.js';
import { seen } from './attacked.module.js';
import { codesOf, Edge } from './edge.js';
import { SocketClient } from './socket-client.js';

/** A text of `levels` nested arrays. */
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('I3 JSON that is too deep, too large or poisonous is refused before anything is built from it', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await Edge.open();
  });
  afterAll(() => edge.close());

  // The request itself is one level, `variables` another: 30 more are 32.
  const body = (levels: number): string => `{"query":"{ __typename }","variables":{"form":${nested(levels)}}}`;

  it('32 levels pass, 33 do not', async () => {
    expect((await edge.post(body(30))).status).toBe(200);
    expect((await edge.post(body(31))).status).toBe(400);
  });

  it.each([31, 100, 20_000, 100_000])('%d levels more are refused over HTTP', async (levels) => {
    const answer = await edge.post(body(levels));
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
    expect(answer.text.length).toBeLessThan(4_096);
  });

  it.each([31, 20_000])('%d levels are refused over WebSocket', async (levels) => {
    const client = await SocketClient.enter(edge.port, await edge.token());
    client.send(
      `{"id":"1","type":"subscribe","payload":{"query":"subscription { ticks }","variables":{"deep":${nested(levels)}}}}`,
    );
    expect(await client.untilClosed()).toEqual({ code: 4400, reason: 'Bad request' });
  });

  it.each([
    '{"query":"{__typename}","variables":{"__proto__":{"polluted":true}}}',
    '{"query":"{__typename}","variables":{"\\u005f_proto__":{"polluted":true}}}',
    '{"__proto__":{"query":"{__typename}"}}',
  ])('a prototype is no field: %s', async (text) => {
    const before = seen.subscriptions;
    expect((await edge.post(text)).status).toBe(400);
    const client = await SocketClient.enter(edge.port, await edge.token());
    client.send(text.replace('"query":"{__typename}"', '"query":"subscription { ticks }"'));
    expect(await client.untilClosed()).toEqual({ code: 4400, reason: 'Bad request' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(seen.subscriptions).toBe(before);
  });

  it('a body over the limit is refused by its length', async () => {
    const answer = await edge.post(JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(262_144) } }));
    expect([answer.status, codesOf(answer)]).toEqual([413, ['BAD_REQUEST']]);
  });

  it('text is looked at without recursion, and strings do not count as nesting', () => {
    expect(scanJson(nested(1_000_000))).toBe('TOO_DEEP');
    expect(scanJson(`{"a":"${'['.repeat(100)}"}`)).toBeUndefined();
    expect(scanJson(String.raw`{"a":"\"[[[["}`)).toBeUndefined();
    expect(scanJson('{"a":"open')).toBe('NOT_JSON');
    expect(scanJson('{"a":1,"a":2}', { duplicateKeys: 'refuse' })).toBe('DUPLICATE_KEY');
    expect(scanJson('[{"a":1},{"a":2}]', { duplicateKeys: 'refuse' })).toBeUndefined();
    expect(scanJson('{"a":"__proto__"}')).toBeUndefined();
  });
});
