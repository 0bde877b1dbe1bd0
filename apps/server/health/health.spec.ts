import { Edge } from '#test/security/edge.js';
import { Readiness } from './readiness.js';

describe('health', () => {
  it('is live while it is not ready, and says by name what is missing', async () => {
    const edge = await Edge.open({ limits: { readinessTimeout: 50 } });
    try {
      const readiness = edge.app.get(Readiness);
      let stored = true;
      readiness.register('event-log', () => stored);
      readiness.register('read-store', async () => true);
      const ask = async (path: string) => {
        const { status, text } = await edge.fetch(path);
        return [status, JSON.parse(text) as unknown];
      };
      expect(await ask('/health/ready')).toEqual([
        200,
        { status: 'ready', checks: { accepting: true, 'event-log': true, 'read-store': true } },
      ]);
      stored = false;
      expect(await ask('/health/ready')).toEqual([
        503,
        { status: 'not ready', checks: { accepting: true, 'event-log': false, 'read-store': true } },
      ]);
      expect(await ask('/health/live')).toEqual([200, { status: 'live' }]);
    } finally {
      await edge.close();
    }
  });

  it('a check that throws, rejects or never answers says no', async () => {
    const readiness = new Readiness(20);
    readiness.register('throws', () => {
      throw new Error('x');
    });
    readiness.register('rejects', async () => {
      throw new Error('x');
    });
    readiness.register('hangs', () => new Promise<boolean>(() => undefined));
    expect(await readiness.ask()).toEqual({
      ready: false,
      checks: { accepting: true, throws: false, rejects: false, hangs: false },
    });
    expect(() => {
      readiness.register('hangs', () => true);
    }).toThrow('Two readiness checks are called hangs');
  });

  it('nothing more is accepted once the shutdown began', async () => {
    const readiness = new Readiness(20);
    readiness.beforeApplicationShutdown();
    expect(await readiness.ask()).toEqual({ ready: false, checks: { accepting: false } });
  });
});
