import { campaign } from './campaign.js';
import { untilFound } from './until-found.js';

const seed = Date.now() % 1_000_000;

describe('D1 and C11: kill -9 at any moment', () => {
  it('loses nothing acknowledged, tears no command, and answers every repeated command as the first time', async () => {
    // How much is stored between two kills is the machine's matter: kills go on until enough was at stake.
    const sum = { kills: 0, acknowledged: 0, repeated: 0 };
    await untilFound(async (round) => {
      const { faults, ...counts } = await campaign('kills', { kills: 120, seed: seed + round });
      console.info(`kill -9: ${JSON.stringify(counts)}`);
      expect({ seed: seed + round, faults }).toEqual({ seed: seed + round, faults: [] });
      for (const count of ['kills', 'acknowledged', 'repeated'] as const) sum[count] += counts[count];
      return sum.acknowledged > 1_000 && sum.repeated > 100;
    });
    expect(sum.kills).toBeGreaterThanOrEqual(120);
  });

  it('calibration: answers given before the commit are found out', async () => {
    // A folder is audited after its last kill alone, and about one kill in five comes when nothing waits for the disk.
    expect(
      await untilFound(async (round) => {
        const { faults } = await campaign('kills', { kills: 30, seed: seed + round, defect: 'ackEarly' });
        return faults.some((fault) => fault.startsWith('lost:'));
      }),
    ).toBeGreaterThan(0);
  });
});
