import { mutants } from './mutants.js';
import { World } from './world.js';

/** More seeds than any planted bug may survive. */
const seedsMax = 10_000;

const firstThatNotices = async (
  plant: (typeof mutants)[keyof typeof mutants],
): Promise<{ readonly seed: number; readonly violation: string } | undefined> => {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    const { violation } = await World.play(seed, plant());
    if (violation !== undefined) return { seed, violation };
  }
  return undefined;
};

describe('C1: the simulation finds every planted bug', () => {
  const found: string[] = [];
  afterAll(() => {
    process.stdout.write(`Planted bugs, and the seed that found each:\n${found.join('\n')}\n`);
  });

  it.each(Object.entries(mutants))(
    '%s',
    async (name, plant) => {
      const noticed = await firstThatNotices(plant);
      expect(noticed).toBeDefined();
      found.push(`${String(noticed!.seed).padStart(6)}  ${name}: ${noticed!.violation.split('\n')[0]}`);
    },
    600_000,
  );

  it('plays a seed the same way twice, step by step', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const [{ log: one, ...once }, { log: other, ...again }] = [await World.play(seed), await World.play(seed)];
      expect(again).toEqual(once);
      // The same events in the same order; only the keys that persons are sealed with are never the same.
      expect(other.map(({ position, id, type }) => [position, id, type])).toEqual(
        one.map(({ position, id, type }) => [position, id, type]),
      );
    }
  });
});
