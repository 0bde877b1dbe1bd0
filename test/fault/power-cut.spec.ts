import { campaign } from './campaign.js';
import { straceMissing } from './children.js';

const seed = Date.now() % 1_000_000;
const missing = straceMissing();

describe('D3: the power is cut', () => {
  if (missing !== undefined) {
    it(`crash states are not run: ${missing}`, () => {
      expect(missing).not.toBe('');
    });
  } else {
    it('loses and tears nothing, whatever the disk kept of the writes that were not synced, from the first start on', async () => {
      const { faults, ...counts } = await campaign('powerCuts', { states: 200, seed });
      console.info(`power cuts: ${JSON.stringify(counts)}`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(counts.states).toBe(200);
      expect(counts.acknowledged).toBeGreaterThan(10_000);
      expect(counts.syncs).toBeGreaterThan(100);
    });

    it("calibration: SQLite's own setting for this mode (synchronous=NORMAL) loses in more than half of the states", async () => {
      // About two of three: that fewer than half of 300 are broken happens less than once in a hundred million runs.
      const { faults, ...counts } = await campaign('powerCuts', { states: 300, seed, defect: 'synchronousNormal' });
      console.info(`power cuts with NORMAL: ${JSON.stringify(counts)}`);
      expect(counts.broken).toBeGreaterThan(150);
      expect(faults.some((fault) => fault.includes('lost:'))).toBe(true);
    });
  }

  it('reads on up to the last acknowledged byte, whatever stands behind it', async () => {
    const { faults, ...counts } = await campaign('walCuts', { states: 1_000, seed });
    console.info(`cut and scribbled write-ahead logs: ${JSON.stringify(counts)}`);
    expect({ seed, faults }).toEqual({ seed, faults: [] });
    expect(counts.states).toBe(1_000);
    expect(counts.acknowledged).toBeGreaterThan(10_000);
  });

  it('calibration: one acknowledged byte less is found out every time', async () => {
    const { broken, states } = await campaign('walCuts', { states: 20, seed, shortBy: 1 });
    expect(broken).toBe(states);
  });
});
