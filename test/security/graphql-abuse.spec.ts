import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { parse, validate } from 'graphql';
import { seen } from './attacked.module.js';
import { documentOf, reconnaissance, resourceAttacks, type Attack } from './attacks.js';
import { codesOf, Edge, type Answer } from './edge.js';
import { SocketClient } from './socket-client.js';

const answerBytesMax = 4_096;
const transports = ['POST', 'GET', 'WebSocket subscription', 'WebSocket query'] as const;

describe('A1 abuse of GraphQL is cheap to refuse, over HTTP and WebSocket alike', () => {
  let edge: Edge;
  let socket: SocketClient;
  let refused = 0;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  beforeAll(async () => {
    // Sent faster than any honest client would; the rate limit has a test of its own.
    edge = await Edge.open({ limits: { headerBytesMax: 1_048_576, socketMessagesPerSweepMax: 100_000 } });
    socket = await SocketClient.enter(edge.port, await edge.token());
    delay.enable();
  });
  afterAll(async () => {
    console.log(
      `A1: ${resourceAttacks.length} resource attacks and ${reconnaissance.length} of reconnaissance over ${transports.length} transports: ${refused} refused; the event loop, which the spec shares, was held for at most ${Math.round(delay.max / 1e6)} ms`,
    );
    await edge.close();
  });

  const viaSocket = async (attack: Attack, operation: 'query' | 'subscription'): Promise<string> => {
    const id = `${operation}-${refused}`;
    if (socket.closed !== undefined) socket = await SocketClient.enter(edge.port, await edge.token());
    socket.send({
      id,
      type: 'subscribe',
      payload: {
        query: documentOf(attack, operation),
        ...(attack.variables === undefined ? {} : { variables: attack.variables }),
      },
    });
    // A message over 64 KiB closes the socket: refused as well.
    const message = await socket.answer(id).catch(() => ({ type: 'closed' }));
    return JSON.stringify(message);
  };
  const expectRefused = (answer: Answer): void => {
    expect([400, 413, 414, 431]).toContain(answer.status);
    expect(answer.json.data ?? null).toBeNull();
    expect(answer.text.length).toBeLessThanOrEqual(answerBytesMax);
    expect(answer.text).not.toMatch(/Did you mean|at .*\.js|node_modules/);
    refused += 1;
  };
  const expectRefusedBySocket = (text: string): void => {
    expect(text).toMatch(/^\{"(?:id":"[^"]+",")?type":"(?:error|closed)"/);
    expect(text.length).toBeLessThanOrEqual(answerBytesMax);
    expect(text).not.toMatch(/Did you mean|at .*\.js|node_modules/);
    refused += 1;
  };

  it.each([...resourceAttacks, ...reconnaissance].map((attack) => [attack.name, attack] as const))(
    '%s',
    async (_name, attack) => {
      const rows = seen.rowsMade;
      const query = documentOf(attack);
      expectRefused(await edge.post({ query, variables: attack.variables }));
      expectRefused(
        await edge.get({
          query,
          ...(attack.variables === undefined ? {} : { variables: JSON.stringify(attack.variables) }),
        }),
      );
      expectRefusedBySocket(await viaSocket(attack, 'query'));
      const subscription = await viaSocket(attack, 'subscription');
      expectRefusedBySocket(subscription);
      // Refused for what it costs, not because a subscription has no such field.
      expect(resourceAttacks.includes(attack) && subscription.includes('Cannot query field')).toBe(false);
      expect(seen.rowsMade).toBe(rows);
    },
  );

  it("calibration: GraphQL's own rules let many of these pass, so the refusals above are ours", () => {
    const { schema } = edge.app.get(GraphQLSchemaHost, { strict: false });
    const passing = [...resourceAttacks, ...reconnaissance].filter((attack) => {
      try {
        return validate(schema, parse(documentOf(attack))).length === 0;
      } catch {
        return false;
      }
    });
    expect(passing.length).toBeGreaterThanOrEqual(20);
  });

  it('what an honest client asks still works', async () => {
    const answer = await edge.post({ query: '{ row { children(first: 100) { edges { node { id next { id } } } } } }' });
    expect(answer.status).toBe(200);
    expect(answer.json.errors).toBeUndefined();
    const id = 'honest';
    socket.subscribe(id, 'subscription { ticks(upTo: 2) }');
    await socket.until(() => socket.of(id, 'complete').length === 1);
    expect(socket.of(id, 'next').length).toBe(2);
  });

  it('a client that comes meanwhile is served: every attack at once, and a greeting in between', async () => {
    const attacks = resourceAttacks.map((attack) =>
      edge.post({ query: documentOf(attack), variables: attack.variables }),
    );
    const hello = await edge.post({ query: '{ __typename }' });
    expect(hello.json).toEqual({ data: { __typename: 'Query' } });
    for (const answer of await Promise.all(attacks)) expect(answer.status).toBeGreaterThanOrEqual(400);
  });
});

describe('A1 forms of request that are refused over HTTP', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await Edge.open();
  });
  afterAll(() => edge.close());
  const mutation = 'mutation { write(input: { commandId: "c-1", items: [] }) }';

  it('a batch of operations in one body', async () => {
    const answer = await edge.post([{ query: '{ __typename }' }, { query: '{ __typename }' }]);
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_REQUEST']]);
  });

  it('a persisted query that anybody may register', async () => {
    const sha256Hash = 'ecf4edb46db40b5132295c0291d62fb65d6759a9eedfa4d5d612dd5ec54a6b38';
    await edge.post({ query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash } } });
    const answer = await edge.post({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
    // 200 is what clients of persisted queries expect: they then send the document.
    expect([answer.status, codesOf(answer), answer.json.data ?? null]).toEqual([
      200,
      ['PERSISTED_QUERY_NOT_SUPPORTED'],
      null,
    ]);
  });

  it.each([
    ['a mutation by GET', 405, () => edge.get({ query: mutation })],
    [
      'a GET that a page of another site can cause',
      400,
      async () =>
        edge.fetch(`/graphql?query=%7B__typename%7D`, { headers: { authorization: `Bearer ${await edge.token()}` } }),
    ],
    [
      'a form',
      415,
      () => edge.post('query=%7B__typename%7D', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
    [
      'plain text',
      415,
      () => edge.post(JSON.stringify({ query: mutation }), { headers: { 'content-type': 'text/plain' } }),
    ],
    [
      'a multipart form',
      415,
      () =>
        edge.post('--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--', {
          headers: { 'content-type': 'multipart/form-data; boundary=x' },
        }),
    ],
    [
      'no content type',
      415,
      async () =>
        edge.fetch('/graphql', {
          method: 'POST',
          body: new Uint8Array([123, 125]),
          headers: { authorization: `Bearer ${await edge.token()}` },
        }),
    ],
    ['an empty body', 400, () => edge.post('')],
    ['no JSON', 400, () => edge.post('{"query":')],
    ['a JSON that is no object', 400, () => edge.post('"{ __typename }"')],
    ['variables that are no object', 400, () => edge.post({ query: '{ __typename }', variables: [1] })],
    [
      'an unknown operation name',
      400,
      () => edge.post({ query: 'query A { __typename } query B { __typename }', operationName: 'C' }),
    ],
    ['two operations without a name', 400, () => edge.post({ query: 'query A { __typename } query B { __typename }' })],
    ['a subscription over HTTP', 400, () => edge.post({ query: 'subscription { ticks }' })],
    [
      'another method',
      404,
      () => edge.fetch('/graphql', { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } }),
    ],
    ['TRACE-like methods', 404, () => edge.fetch('/graphql', { method: 'DELETE' })],
    ['a path that is written differently', 404, () => edge.post({ query: '{ me { party } }' }, { path: '/graphql/' })],
    ['a path with a percent sign', 404, () => edge.post({ query: '{ me { party } }' }, { path: '/graph%71l%2f' })],
  ] as const)('%s', async (_name, status, attack) => {
    const mutations = seen.mutations;
    const answer = await attack();
    expect(answer.status).toBe(status);
    expect(answer.json.data ?? null).toBeNull();
    expect(answer.text.length).toBeLessThanOrEqual(answerBytesMax);
    expect(seen.mutations).toBe(mutations);
  });

  it('every answer carries the same headers, errors and unknown paths too', async () => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/nope',
      '/graphql',
      '/graphiql',
      '/%c0%ae%c0%ae/etc/passwd',
      '/health/live%00',
    ]) {
      const { headers } = await edge.fetch(path);
      expect([
        headers.get('x-content-type-options'),
        headers.get('cache-control'),
        headers.get('x-frame-options'),
      ]).toEqual(['nosniff', 'no-store', 'DENY']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security')).toContain('max-age');
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
    }
  });

  it('without a token only health and { __typename } answer', async () => {
    expect((await edge.post({ query: '{ __typename }' }, { token: '' })).status).toBe(200);
    expect((await edge.fetch('/health/live')).status).toBe(200);
    for (const query of [
      '{ me { party } }',
      '{ system { now } }',
      '{ row { id } }',
      mutation,
      '{ __typename me { party } }',
      '{ ...F } fragment F on Query { __typename }',
    ]) {
      const answer = await edge.post({ query }, { token: '' });
      expect([answer.status, codesOf(answer)]).toEqual([401, ['UNAUTHENTICATED']]);
    }
  });

  it('only an origin on the list may read across origins', async () => {
    const ask = async (origin: string) =>
      (
        await edge.fetch('/graphql', {
          method: 'OPTIONS',
          headers: { origin, 'access-control-request-method': 'POST' },
        })
      ).headers.get('access-control-allow-origin');
    expect([await ask('https://console.example'), await ask('https://evil.example')]).toEqual([
      'https://console.example',
      null,
    ]);
  });

  it('a role that an operation asks for is asked for', async () => {
    expect(codesOf(await edge.post({ query: '{ audited }' }))).toEqual(['FORBIDDEN']);
    edge.parties.granted.set('dealer-a', [{ role: 'auditor' }]);
    expect((await edge.post({ query: '{ audited }' })).json).toEqual({ data: { audited: 'for auditors' } });
  });

  it('roles in a token of an outside issuer are not believed', async () => {
    const answer = await edge.post(
      { query: '{ me { roles { role } } }' },
      { token: await edge.token({ party: 'dealer-b', roles: ['administrator'] }) },
    );
    expect(answer.json).toEqual({ data: { me: { roles: [] } } });
  });
});
