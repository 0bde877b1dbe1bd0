import { systemClock } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { withFolder, Writer } from './children.js';
import type { Defect } from './defects.js';
import { audit, Ledger } from './ledger.js';

export interface KillPlan {
  readonly kills: number;
  readonly seed: number;
  readonly defect?: Defect;
}

export interface KillReport {
  readonly seed: number;
  readonly kills: number;
  readonly acknowledged: number;
  /** Commands that were sent again after a kill and had been stored before it. */
  readonly repeated: number;
  readonly faults: readonly string[];
  readonly slowestOpenMilliseconds: number;
}

const killsPerFolder = 30;
const clients = 64;

/**
 * Kills a writer again and again; its clients go on where they were, each repeating its last command. Every folder is
 * audited at its end.
 */
export const runKills = async ({ kills, seed, defect }: KillPlan): Promise<KillReport> => {
  const random = seededRandom(seed);
  const report = { seed, kills: 0, acknowledged: 0, repeated: 0, faults: [] as string[], slowestOpenMilliseconds: 0 };
  while (report.kills < kills) {
    await withFolder(async (folder) => {
      const ledger = new CountingLedger(clients);
      for (let kill = 0; kill < killsPerFolder && report.kills < kills; kill += 1, report.kills += 1) {
        const writer = new Writer(
          {
            folder,
            next: ledger.next,
            bytes: 300,
            walBytes: 1024 * 1024,
            idleMilliseconds: 20,
            reserveBytes: 0,
            ...(defect === undefined ? {} : { defect }),
          },
          ledger,
        );
        // One kill in five falls into the start, the very first one included; the others among the commits.
        if (random() > 0.2) await writer.ready;
        const { openMilliseconds, signal, complaint } = await killAfter(writer, 5 + random() * random() * 300);
        if (signal !== 'SIGKILL') report.faults.push(`ended by itself: ${complaint}`);
        report.slowestOpenMilliseconds = Math.max(report.slowestOpenMilliseconds, ...openMilliseconds);
      }
      report.faults.push(...(await auditFolder(folder, ledger)));
      report.acknowledged += ledger.acknowledged.size;
      report.repeated += ledger.repeated;
    });
  }
  return report;
};

class CountingLedger extends Ledger {
  repeated = 0;

  override hear(...[command, answer]: Parameters<Ledger['hear']>): void {
    if (answer.kind === 'acknowledged' && answer.outcome === 'repeated') this.repeated += 1;
    super.hear(command, answer);
  }
}

const killAfter = async (writer: Writer, milliseconds: number): ReturnType<Writer['kill']> => {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
  return writer.kill();
};

/** What is wrong with a folder after its last kill; a folder that cannot be opened is the worst of all. */
export const auditFolder = async (folder: string, ledger: Ledger): Promise<readonly string[]> => {
  try {
    const log = await openSqliteEventLog({ folder, clock: systemClock, reserveBytes: 0 });
    const { faults } = await audit(log, ledger);
    await log.close();
    return faults;
  } catch (error) {
    return [`unreadable: ${(error as Error).message}`];
  }
};
