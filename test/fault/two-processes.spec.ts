import { withFolder, Writer, type Ended } from './children.js';
import type { Defect } from './defects.js';
import { auditFolder } from './kill-campaign.js';
import { untilFound } from './until-found.js';
import { Ledger } from './ledger.js';

const clients = 4;
const start = (folder: string, ledger: Ledger, defect?: Defect): Writer =>
  new Writer(
    { folder, next: ledger.next, bytes: 100, reserveBytes: 0, ...(defect === undefined ? {} : { defect }) },
    ledger,
  );
const ran = (ended: Ended): boolean => ended.openMilliseconds.length > 0;

describe('D9: two processes on one folder', () => {
  it('refuses the second within a second, in one sentence that names the first, and lets it write nothing', async () => {
    await withFolder(async (folder) => {
      const [ours, theirs] = [new Ledger(clients), new Ledger(clients)];
      const holder = start(folder, ours);
      await holder.ready;
      // A machine that is busy may be late once; a second process that waited would be late each time.
      await untilFound(async () => {
        const refused = await start(folder, theirs).ended;
        expect(refused).toMatchObject({ code: 1, openMilliseconds: [] });
        expect(refused.complaint).toContain(`in use by process ${holder.child.pid} `);
        return Number(/after (\d+) ms/.exec(refused.complaint)?.[1]) < 1_000;
      });

      holder.child.kill('SIGSTOP');
      expect(ran(await start(folder, theirs).ended)).toBe(false);
      await holder.kill();
      const next = start(folder, ours);
      await next.ready;
      expect(ran(await next.kill())).toBe(true);
      expect(theirs.acknowledged.size).toBe(0);
      expect(ours.acknowledged.size).toBeGreaterThan(0);
      expect(await auditFolder(folder, ours)).toEqual([]);
    });
  });

  it('lets exactly one of four in that start at the same moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      await withFolder(async (folder) => {
        const ledgers = Array.from({ length: 4 }, () => new Ledger(clients));
        const writers = ledgers.map((ledger) => start(folder, ledger));
        await Promise.all(writers.map((writer) => writer.ready));
        const ended = await Promise.all(writers.map((writer) => writer.kill()));
        expect(ended.filter(ran)).toHaveLength(1);
        expect(await auditFolder(folder, ledgers[ended.findIndex(ran)]!)).toEqual([]);
      });
    }
  });

  it('calibration: without the lock the second gets in', async () => {
    // It may meet the first one in the middle of a commit, which SQLite forbids by itself.
    expect(
      await untilFound(() =>
        withFolder(async (folder) => {
          const holder = start(folder, new Ledger(clients), 'noLock');
          await holder.ready;
          const second = start(folder, new Ledger(clients), 'noLock');
          await second.ready;
          const gotIn = ran(await second.kill());
          await holder.kill();
          return gotIn;
        }),
      ),
    ).toBeGreaterThan(0);
  });
});
