import { seen } from './attacked.module.js';
import { Edge } from './edge.js';
import { SocketClient } from './socket-client.js';

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition())
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
};

describe('L7 a server that stops', () => {
  it('answers every request that it had taken, takes no more, and lets its sockets go', async () => {
    let closed = false;
    const edge = await Edge.open({
      limits: { socketsPerPartyMax: 50 },
      parts: {
        close: async () => {
          closed = true;
        },
      },
    });
    let open = (): void => undefined;
    seen.gate = new Promise((resolve) => {
      open = resolve;
    });
    const arrived = seen.arrived;
    const token = await edge.token();
    const sockets = await Promise.all(Array.from({ length: 10 }, () => SocketClient.enter(edge.port, token)));
    for (const socket of sockets) socket.subscribe('1', 'subscription { waiting }');
    await Promise.all(sockets.map((socket) => socket.answer('1')));
    const asked = Array.from({ length: 20 }, () => edge.post({ query: '{ gated }' }, { token }));
    await until(() => seen.arrived === arrived + 20);
    const subscriptions = seen.subscriptions;

    const stopped = edge.close();
    for (const socket of sockets) expect(await socket.untilClosed()).toEqual({ code: 1001, reason: 'Going away' });
    await until(() => seen.subscriptions === subscriptions - 10);
    const late = await edge.post({ query: '{ __typename }' }, { token }).then(
      ({ status }) => status,
      () => 'refused',
    );
    expect([503, 'refused']).toContain(late);
    // Storage stays open as long as somebody needs it.
    expect(closed).toBe(false);
    open();
    for (const answer of await Promise.all(asked)) expect(answer.json).toEqual({ data: { gated: 'through' } });
    await stopped;
    expect(closed).toBe(true);
  });
});
