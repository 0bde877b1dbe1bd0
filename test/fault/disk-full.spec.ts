import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { campaign } from './campaign.js';
import { built, straceMissing, withFolder } from './children.js';
import type { DiskFullPlan, DiskFullReport } from './disk-full.js';

const megabyte = 1024 * 1024;
const seed = Date.now() % 1_000_000;
const traceMissing = straceMissing();

// A mount of its own name space goes with the process; root of that space may mount where root of the machine may not.
const namespaces = [['-m'], ['-rm']].filter(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
);
const [namespace] = namespaces;

const fillDisk = (plan: Omit<DiskFullPlan, 'folder'>): Promise<DiskFullReport> =>
  withFolder(async (folder) => {
    const script = 'mount -t tmpfs -o size=12m tmpfs "$1" && exec "$2" "$3" "$4"';
    const args = [
      ...namespace!,
      'sh',
      '-c',
      script,
      'sh',
      folder,
      process.execPath,
      built('disk-full'),
      JSON.stringify({ ...plan, folder }),
    ];
    const { stdout } = await promisify(execFile)('unshare', args);
    return JSON.parse(stdout) as DiskFullReport;
  });

describe('D5: the disk is full', () => {
  if (namespace === undefined) {
    it('a small file system is not run: this system lets nobody mount one', () => {
      expect(namespaces).toEqual([]);
    });
  } else {
    it('refuses commits as not stored, reads on, and writes on without a restart when there is space', async () => {
      const { faults, ...counts } = await fillDisk({ reserveBytes: 0, ballastBytes: 4 * megabyte });
      console.info(`full disk: ${JSON.stringify(counts)}`);
      expect(faults).toEqual([]);
      expect(counts).toMatchObject({ otherwise: [], fatal: [], repeatedWhileFull: 'repeated' });
      expect(counts.full).toBeGreaterThanOrEqual(16);
      expect(counts.acknowledged).toBeGreaterThan(100);
      // The first commit of every client after the space was freed.
      expect(counts.resumed).toBe(16);
    });

    it('leaves its reserve free, so that it can be closed and started again', async () => {
      const { faults, ...counts } = await fillDisk({ reserveBytes: 3 * megabyte, ballastBytes: 4 * megabyte });
      console.info(`full up to the reserve: ${JSON.stringify(counts)}`);
      expect(faults).toEqual([]);
      expect(counts).toMatchObject({ otherwise: [], fatal: [], repeatedWhileFull: 'repeated' });
      expect(counts.full).toBeGreaterThanOrEqual(16);
      // A checkpoint may have taken some of the reserve since: that is what it is for.
      expect(counts.freeWhenRefused).toBeGreaterThan(megabyte);
    });

    it('calibration: an answer that forgets the full disk is found out', async () => {
      const { faults } = await fillDisk({ reserveBytes: 0, ballastBytes: 4 * megabyte, defect: 'fullIgnored' });
      expect(faults.some((fault) => fault.startsWith('lost:'))).toBe(true);
    });
  }

  if (traceMissing !== undefined) {
    it(`single writes without space are not run: ${traceMissing}`, () => {
      expect(traceMissing).not.toBe('');
    });
  } else {
    it('loses nothing when any single write finds no space', async () => {
      const { faults, ...counts } = await campaign('syscalls', {
        calls: ['pwrite64'],
        does: 'error=ENOSPC',
        pointsMax: 15,
        seed,
      });
      console.info(`ENOSPC at a write: ${JSON.stringify(counts)}`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(counts.injected['pwrite64']).toBe(15);
      expect(counts.indeterminate).toBe(0);
    });
  }
});
