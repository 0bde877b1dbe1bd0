import { existsSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { Worker } from 'node:worker_threads';
import { simulate, type Interleavings, type Simulated } from './simulate.js';

/**
 * Interleavings in every run of the tests; `SEED=…` plays one again, `SEEDS=…` another number, `SEED_FROM=…` others.
 */
const seeds = Number(process.env['SEEDS'] ?? 12_000);
const from = Number(process.env['SEED_FROM'] ?? 1);
const only = process.env['SEED'];

/** Compiled, in a thread of its own: a third faster than where each module is watched by the tests. */
const inThread = (interleavings: Interleavings): Promise<Simulated> => {
  const file = resolvePath('dist', 'test', 'simulation', 'simulate.js');
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  return new Promise((resolve, reject) => {
    const thread = new Worker(file, { workerData: { simulate: interleavings } });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => {
      reject(new Error('The thread ended without a word'));
    });
  });
};

describe('C1: commands that race on servers that crash', () => {
  if (only !== undefined) {
    it(`seed ${only}, again`, async () => {
      const { commands } = await simulate({ from: Number(only), step: 1, count: 1 });
      expect(commands).toBeGreaterThan(0);
    });
    return;
  }
  it(
    `${seeds} interleavings never leave two protections, a lost command or an untrue refusal`,
    async () => {
      const halves = [Math.ceil(seeds / 2), Math.floor(seeds / 2)];
      const sums = await Promise.all(halves.map((count, half) => inThread({ from: from + half, step: 2, count })));
      const all = (what: keyof Simulated): number => sums.reduce((sum, each) => sum + each[what], 0);
      // A simulation in which nothing is decided would pass too.
      expect(all('commands')).toBeGreaterThan(seeds * 4);
      expect(all('events')).toBeGreaterThan(seeds * 20);
      expect(all('refused')).toBeGreaterThan(seeds);
      expect(all('commands') - all('refused')).toBeGreaterThan(seeds * 2);
    },
    // Only a hang is a time-out.
    Math.max(2_400_000, seeds * 120),
  );
});
