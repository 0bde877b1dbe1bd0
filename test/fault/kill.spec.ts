import { campaign } from './campaign.js';

const seed = Date.now() % 1_000_000;

describe('D1 and C11: kill -9 at any moment', () => {
  it('loses nothing acknowledged, tears no command, and answers every repeated command as the first time', async () => {
    const { faults, ...counts } = await campaign('kills', { kills: 120, seed });
    console.info(`kill -9: ${JSON.stringify(counts)}`);
    expect({ seed, faults }).toEqual({ seed, faults: [] });
    expect(counts.kills).toBe(120);
    expect(counts.acknowledged).toBeGreaterThan(1_000);
    expect(counts.repeated).toBeGreaterThan(100);
    expect(counts.slowestOpenMilliseconds).toBeLessThan(3_000);
  });

  it('calibration: answers given before the commit are found out', async () => {
    const { faults } = await campaign('kills', { kills: 30, seed, defect: 'ackEarly' });
    expect(faults.some((fault) => fault.startsWith('lost:'))).toBe(true);
  });
});
