import { World } from './world.js';

/**
 * Interleavings in every run of the tests; `SEED=…` plays one again, `SEEDS=…` another number, `SEED_FROM=…` others.
 */
const seeds = Number(process.env['SEEDS'] ?? 20_000);
const from = Number(process.env['SEED_FROM'] ?? 1);
const only = process.env['SEED'];

describe('C1: commands that race on servers that crash', () => {
  it(
    only === undefined
      ? `${seeds} interleavings never leave two protections, a lost command or an untrue refusal`
      : `seed ${only}, again`,
    async () => {
      let [events, commands, refused] = [0, 0, 0];
      for (const seed of only === undefined
        ? Array.from({ length: seeds }, (_, index) => from + index)
        : [Number(only)]) {
        const run = await World.play(seed);
        if (run.violation !== undefined) throw new Error(`${run.violation}\n${run.steps.slice(-40).join('\n')}`);
        events += run.events;
        commands += run.commands;
        refused += run.refused;
      }
      if (only !== undefined) return;
      // A simulation in which nothing is decided would pass too.
      expect(commands).toBeGreaterThan(seeds * 4);
      expect(events).toBeGreaterThan(seeds * 20);
      expect(refused).toBeGreaterThan(seeds);
      expect(commands - refused).toBeGreaterThan(seeds * 2);
    },
    // Only a hang is a time-out.
    Math.max(2_400_000, seeds * 120),
  );
});
