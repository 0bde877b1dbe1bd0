import { seen } from './attacked.module.js';
import { Edge } from './edge.js';
import { SocketClient } from './socket-client.js';

/** Waits for a state of this process, turn by turn. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition())
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
};

describe('A6 what an open socket may still have is asked again', () => {
  let edge: Edge;
  const longAgo = (): number => Math.floor(Date.now() / 1_000) - 600;
  beforeAll(async () => {
    edge = await Edge.open({ limits: { socketSweepInterval: 60, socketMessagesPerSweepMax: 1_000 } });
  });
  afterAll(() => edge.close());

  it('a party that is barred gets no further message of a subscription that runs', async () => {
    const client = await SocketClient.enter(edge.port, await edge.token({ party: 'barred-1' }));
    client.subscribe('1', 'subscription { ticks(upTo: 100000, size: 1000) }');
    await client.until(() => client.of('1', 'next').length > 10);
    edge.parties.barred.add('barred-1');
    const made = seen.ticksMade;
    expect(await client.untilClosed()).toEqual({ code: 4442, reason: 'Connect again with a new token' });
    expect(seen.ticksMade - made).toBeLessThan(5_000);
    const again = await SocketClient.open(edge.port);
    again.send({
      type: 'connection_init',
      payload: { authorization: `Bearer ${await edge.token({ party: 'barred-1' })}` },
    });
    expect((await again.untilClosed()).code).toBe(4401);
  });

  it('a barred party is cut off on an idle socket too, without an event', async () => {
    const idle = await SocketClient.enter(edge.port, await edge.token({ party: 'barred-2' }));
    const waiting = await SocketClient.enter(edge.port, await edge.token({ party: 'barred-2' }));
    const open = seen.subscriptions;
    waiting.subscribe('1', 'subscription { waiting }');
    await waiting.answer('1');
    edge.parties.barred.add('barred-2');
    expect([(await idle.untilClosed()).code, (await waiting.untilClosed()).code]).toEqual([4442, 4442]);
    await until(() => seen.subscriptions === open);
  });

  it('a token that ends, with its 30 seconds of grace, ends the socket', async () => {
    const ending = await SocketClient.enter(
      edge.port,
      await edge.token({ party: 'ending', iat: longAgo(), exp: Math.floor(Date.now() / 1_000) - 28 }),
    );
    expect((await ending.untilClosed()).code).toBe(4442);
  });

  it('other roles than those it entered with end the socket', async () => {
    const client = await SocketClient.enter(edge.port, await edge.token({ party: 'promoted' }));
    client.subscribe('1', 'subscription { waiting }');
    await client.answer('1');
    edge.parties.granted.set('promoted', [{ role: 'reviewer' }]);
    expect((await client.untilClosed()).code).toBe(4442);
    const again = await SocketClient.enter(edge.port, await edge.token({ party: 'promoted' }));
    again.subscribe('1', 'subscription { ticks(upTo: 1) }');
    await again.until(() => again.of('1', 'complete').length === 1);
    await again.close();
  });

  it('over HTTP a barred party is refused with the next request', async () => {
    edge.parties.barred.add('barred-3');
    const answer = await edge.post({ query: '{ me { party } }' }, { token: await edge.token({ party: 'barred-3' }) });
    expect([answer.status, answer.json.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('L3 a client that reads slowly slows down nobody but itself', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await Edge.open({ limits: { socketSendTimeout: 400, socketBufferedBytesMax: 1_048_576 } });
  });
  afterAll(() => edge.close());

  it('its source waits with it: what it does not read is not made', async () => {
    const slow = await SocketClient.enter(edge.port, await edge.token({ party: 'slow' }));
    slow.socket.pause();
    const [before, ended] = [seen.ticksMade, seen.ticksEnded];
    slow.subscribe('1', 'subscription { ticks(upTo: 100000, size: 50000) }');
    const fast = await SocketClient.enter(edge.port, await edge.token({ party: 'fast' }));
    for (let round = 0; round < 20; round += 1) {
      fast.subscribe(`f${round}`, 'subscription { ticks(upTo: 5) }');
      await fast.until(() => fast.of(`f${round}`, 'complete').length === 1);
      expect(fast.of(`f${round}`, 'next').length).toBe(5);
    }
    await fast.close();
    // Closed when nothing had left for a while, and its source ended with it. 100,000 messages of 50 kB would be 5 GB;
    // the kernel holds some megabytes.
    await until(() => seen.ticksEnded === ended + 21);
    expect(seen.ticksMade - before).toBeLessThan(2_000);
    slow.socket.resume();
    // What had left before arrives, then a word on how to go on.
    expect(await slow.untilClosed()).toEqual({
      code: 4441,
      reason: 'Too slow: subscribe again after the last position you received',
    });
  });
});
