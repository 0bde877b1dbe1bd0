import { campaign } from './campaign.js';
import { untilFound } from './until-found.js';
import { straceMissing } from './children.js';

const seed = Date.now() % 1_000_000;
const missing = straceMissing();
const writing = ['fsync', 'pwrite64', 'ftruncate', 'unlink'];

/**
 * SQLite reads once more while it closes, when all is stored; and it forgives a failed sync of the folder each time
 * that it syncs a new journal
 * of its own. We sync the folder ourselves, behind the making of those files and before the first answer: that one is
 * noticed.
 */
const forgiven = /^(?:pread64 |fsync \d+ of the folder$)/;

if (missing !== undefined) {
  it(`D2 and D4 are not run: ${missing}`, () => {
    expect(missing).not.toBe('');
  });
} else {
  describe('D2: kill -9 at every step', () => {
    it('loses and tears nothing, whichever system call is the last', async () => {
      const { faults, ...counts } = await campaign('syscalls', {
        calls: writing,
        does: 'signal=SIGKILL',
        pointsMax: 100,
        seed,
      });
      console.info(`kill at a system call: ${JSON.stringify(counts)}`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(counts.points).toBe(100);
      expect(counts.unnoticed).toEqual([]);
      for (const call of writing) expect(counts.injected[call]).toBeGreaterThan(0);
      expect(Object.values(counts.injected).reduce((sum, count) => sum + count, 0)).toBe(100);
    });

    it('calibration: answers given before the commit are found out', async () => {
      expect(
        await untilFound(async (round) => {
          const { faults } = await campaign('syscalls', {
            calls: ['pwrite64'],
            does: 'signal=SIGKILL',
            pointsMax: 6,
            seed: seed + round,
            defect: 'ackEarly',
          });
          return faults.some((fault) => fault.includes('lost:'));
        }),
      ).toBeGreaterThan(0);
    });
  });

  describe('D4: a system call fails', () => {
    it('calls nothing refused that is stored, stops, and settles every command after the restart', async () => {
      const { faults, ...counts } = await campaign('syscalls', {
        calls: ['fsync', 'pwrite64', 'pread64'],
        does: 'error=EIO',
        pointsMax: 60,
        seed,
        lasting: true,
      });
      console.info(`EIO at a system call: ${JSON.stringify(counts)}`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(counts.points).toBe(60);
      for (const call of ['fsync', 'pwrite64', 'pread64']) expect(counts.injected[call]).toBeGreaterThan(0);
      expect(counts.indeterminate).toBeGreaterThan(0);
      expect(counts.unnoticed.filter((point) => !forgiven.test(point))).toEqual([]);
    });

    it('at every sync there is: of those of the folder, our own at each of the two starts are noticed', async () => {
      const { faults, points, injected, inFolder, unnoticed } = await campaign('syscalls', {
        calls: ['fsync'],
        does: 'error=EIO',
        pointsMax: 1_000,
        seed,
      });
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(injected['fsync']).toBe(points);
      expect(unnoticed.filter((point) => !forgiven.test(point))).toEqual([]);
      expect(inFolder - unnoticed.length).toBe(2);
    });

    it('calibration: a log that calls a failed sync refused is found out', async () => {
      expect(
        await untilFound(async (round) => {
          const { faults } = await campaign('syscalls', {
            calls: ['fsync'],
            does: 'error=EIO',
            pointsMax: 10,
            seed: seed + round,
            lasting: true,
            defect: 'failureRefused',
          });
          return faults.some((fault) => fault.includes('falsely refused:'));
        }),
      ).toBeGreaterThan(0);
    });

    it('calibration: a fault aimed at a call that is never made is not counted as met', async () => {
      const { injected } = await campaign('syscalls', { calls: ['fdatasync'], does: 'error=EIO', pointsMax: 5, seed });
      expect(injected).toEqual({ fdatasync: 0 });
    });
  });
}
