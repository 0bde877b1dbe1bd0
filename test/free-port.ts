import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that a system gives to connections going out: none of them can take the port before its server does. */
const [lowest, above] = [20_000, 32_000];
const given = new Set<number>();

/** A port of 127.0.0.1 that nobody listens on, never given twice by this process. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(lowest, above);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => {
        resolve(false);
      })
      .listen(port, '127.0.0.1', () => {
        probe.close(() => {
          resolve(true);
        });
      });
  });
