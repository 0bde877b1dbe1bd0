import type { Server } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { seen } from './attacked.module.js';
import { Edge } from './edge.js';
import { SocketClient, tryUpgrade } from './socket-client.js';

describe('A1 abuse that only a WebSocket allows', () => {
  let edge: Edge;
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => {
      (edge.app.getHttpServer() as Server).getConnections((error, count) => {
        if (error === null) resolve(count);
        else reject(error);
      });
    });
  beforeAll(async () => {
    edge = await Edge.open({ limits: { socketInitTimeout: 200, socketsPerPartyMax: 5, socketsUnknownMax: 30 } });
  });
  afterAll(() => edge.close());
  let parties = 0;
  const enter = async (): Promise<SocketClient> =>
    SocketClient.enter(edge.port, await edge.token({ party: `party-${(parties += 1)}` }));

  it('only the exact path, the one protocol and known origins are let in', async () => {
    const from = (origin: string) => ({ origin });
    expect(await tryUpgrade(edge.port, from('https://console.example'))).toBe('opened');
    expect(await tryUpgrade(edge.port)).toBe('opened');
    for (const origin of [
      'https://evil.example',
      'https://console.example.evil.example',
      'http://console.example',
      'null',
      `http://127.0.0.1:${edge.port}`,
    ]) {
      expect([origin, await tryUpgrade(edge.port, from(origin))]).toEqual([origin, 'refused']);
    }
    for (const path of ['/', '/nope', '/graphqlx', '/graphql/', '/graphql?token=1', '/graph%71l', '//graphql']) {
      expect([path, await tryUpgrade(edge.port, {}, path)]).toEqual([path, 'refused']);
    }
    for (const protocol of ['graphql-ws', 'chat', []])
      expect([protocol, await tryUpgrade(edge.port, {}, '/graphql', protocol)]).toEqual([protocol, 'refused']);
  });

  it('100 upgrades to a wrong path, or that are no WebSocket, are hung up on at once', async () => {
    const hungUp = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const socket = connect(edge.port, '127.0.0.1');
        const upgrade = index % 2 === 0 ? 'websocket' : 'h2c';
        socket.on('error', () => undefined);
        socket.write(
          `GET /nope HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        );
        await once(socket, 'close');
        return true;
      }),
    );
    expect(hungUp.length).toBe(100);
  });

  it('a message of more than 64 KiB closes the socket before it is read', async () => {
    const client = await enter();
    client.send({
      id: '1',
      type: 'subscribe',
      payload: { query: 'subscription { ticks }', extensions: { a: 'x'.repeat(65_536) } },
    });
    expect((await client.untilClosed()).code).toBe(1009);
  });

  it('binary messages are not read', async () => {
    const client = await enter();
    client.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
    expect((await client.untilClosed()).code).toBe(1003);
  });

  it('queries and mutations are refused; only subscriptions run', async () => {
    const client = await enter();
    const before = seen.mutations;
    client.subscribe('q', '{ me { party } }');
    client.subscribe('m', 'mutation { write(input: { commandId: "c", items: [] }) }');
    for (const id of ['q', 'm']) expect(JSON.stringify(await client.answer(id))).toContain('ONLY_SUBSCRIPTIONS');
    expect(seen.mutations).toBe(before);
    await client.close();
  });

  it('two subscriptions hidden in one operation are refused', async () => {
    const client = await enter();
    client.subscribe('1', 'subscription { ticks row { id } }');
    expect((await client.answer('1')).type).toBe('error');
    await client.close();
  });

  it('20 subscriptions on a socket run, the 21st is refused, and one that ended makes room', async () => {
    const client = await enter();
    const open = seen.subscriptions;
    for (let index = 0; index < 21; index += 1) client.subscribe(`s${index}`, 'subscription { waiting }');
    await client.until(() => client.messages.filter(({ type }) => type === 'next' || type === 'error').length === 21);
    expect(client.messages.filter(({ type }) => type === 'next').length).toBe(20);
    expect(JSON.stringify(client.of('s20', 'error'))).toContain('TOO_MANY_SUBSCRIPTIONS');
    client.send({ id: 's0', type: 'complete' });
    client.subscribe('again', 'subscription { waiting }');
    expect((await client.answer('again')).type).toBe('next');
    await client.close();
    // Every source was told that its client is gone.
    await until(() => seen.subscriptions === open);
  });

  it('five sockets of one party are let in, the sixth is not, also when six come at once', async () => {
    const token = await edge.token({ party: 'crowd' });
    const clients = await Promise.all(Array.from({ length: 6 }, () => SocketClient.open(edge.port)));
    for (const client of clients)
      client.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await until(() => clients.every((client) => client.closed !== undefined || client.messages.length > 0));
    expect(clients.map(({ closed }) => closed?.code).filter((code) => code !== undefined)).toEqual([4440]);
    const [first, ...rest] = clients.filter(({ closed }) => closed === undefined);
    await first!.close();
    const again = await SocketClient.enter(edge.port, token);
    await Promise.all([...rest, again].map((client) => client.close()));
  });

  it('a socket that never says who it is is closed', async () => {
    const silent = await Promise.all(Array.from({ length: 30 }, () => SocketClient.open(edge.port)));
    for (const client of silent) expect((await client.untilClosed()).code).toBe(4408);
    await (await enter()).close();
  });

  it('a hundred silent sockets keep no subscriber out: the oldest is cut for who comes', async () => {
    const silent: SocketClient[] = [];
    for (let n = 0; n < 100; n += 1) silent.push(await SocketClient.open(edge.port));
    const subscribers = await Promise.all([enter(), enter(), enter()]);
    for (const client of silent) expect([1006, 4408]).toContain((await client.untilClosed()).code);
    expect(silent.filter(({ closed }) => closed?.code === 1006).length).toBeGreaterThan(0);
    for (const client of subscribers) expect(client.closed).toBeUndefined();
    await Promise.all(subscribers.map((client) => client.close()));
  });

  it('a silent socket that does not answer the closing either is cut', async () => {
    const before = await connections();
    const client = await SocketClient.open(edge.port);
    client.socket.pause();
    while ((await connections()) > before) await new Promise((resolve) => void setTimeout(resolve, 5));
    client.socket.resume();
    expect([1006, 4408]).toContain((await client.untilClosed()).code);
  });

  it.each([
    ['no token', {}],
    ['an empty token', { authorization: '' }],
    ['no scheme', { authorization: 'abc' }],
    ['a list', { authorization: ['Bearer a'] }],
    ['an object', { authorization: { bearer: 'a' } }],
  ])('entering with %s closes the socket', async (_name, payload) => {
    const client = await SocketClient.open(edge.port);
    client.send({ type: 'connection_init', payload });
    expect(await client.untilClosed()).toEqual({ code: 4401, reason: 'Unauthorized' });
  });

  it.each([
    [
      'subscribing before entering',
      [{ id: '1', type: 'subscribe', payload: { query: 'subscription { ticks }' } }],
      4401,
    ],
    [
      'entering twice',
      [
        { type: 'connection_init', payload: {} },
        { type: 'connection_init', payload: {} },
      ],
      4429,
    ],
    ['a message that is no JSON', ['{'], 4400],
    ['an unknown type', [{ type: 'start', id: '1' }], 4400],
    ['no type', [{}], 4400],
    ['an id that is no text', [{ type: 'subscribe', id: 1, payload: { query: '{ __typename }' } }], 4400],
  ])('%s closes the socket', async (_name, messages, code) => {
    const client = await SocketClient.open(edge.port);
    for (const message of messages) client.send(message);
    const { code: closed, reason } = await client.untilClosed();
    expect([code, 4401]).toContain(closed);
    expect(reason.length).toBeLessThan(60);
  });

  it('the same id twice closes the socket', async () => {
    const client = await enter();
    client.subscribe('1', 'subscription { waiting }');
    client.subscribe('1', 'subscription { waiting }');
    expect((await client.untilClosed()).code).toBe(4409);
  });

  it('more messages than anybody types close the socket', async () => {
    const client = await enter();
    for (let index = 0; index < 400; index += 1) client.send({ type: 'ping' });
    expect(await client.untilClosed()).toEqual({ code: 4429, reason: 'Too many messages' });
  });
});

describe('L6 half-open connections and slow senders are cut', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await Edge.open({
      limits: {
        // Longer than a busy machine makes this process stand still: the honest request must not be cut too.
        requestTimeout: 2_000,
        connectionTimeout: 2_000,
        connectionsCheckingInterval: 50,
        socketPingInterval: 100,
        socketInitTimeout: 300,
      },
    });
  });
  afterAll(() => edge.close());

  it.each([
    ['half a header', 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Ty'],
    [
      'half a body',
      'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"query":',
    ],
    ['nothing', ''],
  ])('%s, fifty times', async (_name, sent) => {
    const sockets = Array.from({ length: 50 }, () => {
      const socket = connect(edge.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      if (sent !== '') socket.write(sent);
      return once(socket, 'close');
    });
    // Others are served meanwhile, on a connection of their own: one kept from before may be cut as idle just now.
    const served = await edge.post({ query: '{ __typename }' }, { headers: { connection: 'close' } });
    expect(served.status).toBe(200);
    expect((await Promise.all(sockets)).length).toBe(50);
  });

  it('a WebSocket whose client no longer answers pings is let go', async () => {
    const client = await SocketClient.open(edge.port, { autoPong: false });
    client.send({ type: 'connection_init', payload: { authorization: `Bearer ${await edge.token()}` } });
    expect((await client.untilClosed()).code).toBe(1006);
  });
});

/** Waits for a state of this process, turn by turn. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition())
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
};
