import { once } from 'node:events';
import { connect } from 'node:net';
import { seen } from './attacked.module.js';
import { codesOf, Edge } from './edge.js';

describe('places at work', () => {
  let edge: Edge;
  let token: string;
  let open: () => void;
  beforeEach(async () => {
    edge = await Edge.open({ limits: { requestsWorkingMax: 2, requestsWaitingMax: 0 } });
    token = await edge.token();
    seen.arrived = 0;
    seen.gate = new Promise((resolve) => {
      open = resolve;
    });
  });
  afterEach(async () => {
    open();
    await edge.close();
  });

  const asked = (query: string): string => {
    const body = JSON.stringify({ query });
    return [
      'POST /graphql HTTP/1.1',
      'host: here',
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  };
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition()))
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
  };

  it('are asked for by every spelling of the path', async () => {
    const working = [edge.post({ query: '{ gated }' }, { token }), edge.post({ query: '{ gated }' }, { token })];
    await until(async () => seen.arrived === 2);
    for (const path of ['/graphql', '/%67raphql', '/graphq%6C?x=1']) {
      const { status, ...answer } = await edge.post({ query: '{ __typename }' }, { token, path });
      expect([path, status]).toEqual([path, 503]);
      expect(codesOf(answer)).toEqual(['OVERLOADED']);
    }
    open();
    expect((await Promise.all(working)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('are left when the answer is made, also where it waits behind another that is not', async () => {
    const before = seen.rowsMade;
    const socket = connect(edge.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(asked('{ gated }') + asked('{ rows(first: 1) { edges { cursor } } }'));
    await until(async () => seen.arrived === 1 && seen.rowsMade > before);
    const answers = new Set<number>();
    for (let turn = 0; turn < 20; turn += 1)
      answers.add((await edge.post({ query: '{ __typename }' }, { token })).status);
    expect(answers).toContain(200);
    socket.destroy();
  });

  it('are held by the work of whoever goes away until it is done, and no longer', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      const socket = connect(edge.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(asked('{ gated }').repeat(4));
      await until(async () => seen.arrived === 2);
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    }
    expect((await edge.post({ query: '{ __typename }' }, { token })).status).toBe(503);
    expect(seen.arrived).toBe(2);
    open();
    await until(async () => (await edge.post({ query: '{ __typename }' }, { token })).status === 200);
  });
});
