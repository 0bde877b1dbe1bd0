import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { withFolder, Writer } from './children.js';
import { send } from './clients.js';
import { crashState } from './crash-states.js';
import type { Defect } from './defects.js';
import { readTrace, tracedCalls, type DiskOperation } from './disk-trace.js';
import { auditFolder } from './kill-campaign.js';
import { answerLine, hearLine, Ledger } from './ledger.js';

export interface PowerPlan {
  readonly states: number;
  readonly seed: number;
  readonly defect?: Defect;
}
/** `shortBy`: acknowledged bytes that are taken away too, which must be found out. */
export interface WalCutPlan {
  readonly states: number;
  readonly seed: number;
  readonly shortBy?: number;
}

export interface PowerReport {
  readonly seed: number;
  readonly states: number;
  /** States in which something was lost, torn or unreadable. */
  readonly broken: number;
  /** Acknowledged commands that had to survive, summed over all states. */
  readonly acknowledged: number;
  readonly operations: number;
  readonly syncs: number;
  readonly faults: readonly string[];
}

const clients = 4;
const bytes = 300;

/** Records one life of a log, its first start included, and cuts the power at random moments of it. */
export const runPowerCuts = async ({ states, seed, defect }: PowerPlan): Promise<PowerReport> => {
  const operations = await recordLife(defect);
  const random = seededRandom(seed);
  const report = {
    seed,
    states: 0,
    broken: 0,
    acknowledged: 0,
    operations: operations.length,
    syncs: operations.filter(({ does }) => does === 'sync').length,
    faults: [] as string[],
  };
  for (; report.states < states; report.states += 1) {
    const cut = 1 + Math.floor(random() * operations.length);
    const ledger = ledgerOf(
      operations.slice(0, cut).flatMap((operation) => (operation.does === 'answer' ? [operation.line] : [])),
    );
    const faults = await auditFiles(crashState(operations, cut, random), ledger);
    report.acknowledged += ledger.acknowledged.size;
    report.broken += Number(faults.length > 0);
    report.faults.push(...faults.map((fault) => `cut behind operation ${cut}: ${fault}`));
  }
  return report;
};

const recordLife = (defect: Defect | undefined): Promise<readonly DiskOperation[]> =>
  withFolder(async (folder) =>
    withFolder(async (elsewhere) => {
      const trace = join(elsewhere, 'trace');
      const plan = {
        folder,
        next: Array<number>(clients).fill(0),
        commands: 80,
        reopenings: 1,
        bytes,
        walBytes: 100 * 1024,
        idleMilliseconds: 10_000,
        reserveBytes: 0,
        ...(defect === undefined ? {} : { defect }),
      };
      const { finished, complaint } = await new Writer(plan, new Ledger(clients), [
        'strace',
        '-f',
        '-y',
        '-xx',
        '-qq',
        '-s',
        '1000000',
        '--seccomp-bpf',
        '-e',
        `trace=${tracedCalls}`,
        '-o',
        trace,
      ]).ended;
      if (!finished) throw new Error(`The writer did not reach its end: ${complaint}`);
      return readTrace(readFileSync(trace, 'utf8'), folder);
    }),
  );

const ledgerOf = (lines: readonly string[]): Ledger => {
  const ledger = new Ledger(clients);
  for (const line of lines) hearLine(ledger, line);
  return ledger;
};

const auditFiles = (files: ReadonlyMap<string, Uint8Array>, ledger: Ledger): Promise<readonly string[]> =>
  withFolder(async (folder) => {
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
    return auditFolder(folder, ledger);
  });

/** A write-ahead log with, for each acknowledgement, how long it was by then. */
interface WalLife {
  readonly database: Buffer;
  readonly wal: Buffer;
  readonly acknowledgements: readonly { readonly line: string; readonly walBytes: number }[];
}

/** Keeps a write-ahead log up to its last acknowledged byte and cuts or scribbles over it anywhere behind. */
export const runWalCuts = async ({ states, seed, shortBy = 0 }: WalCutPlan): Promise<PowerReport> => {
  const { database, wal, acknowledgements } = await recordWal();
  const random = seededRandom(seed);
  const report = {
    seed,
    states: 0,
    broken: 0,
    acknowledged: 0,
    operations: acknowledgements.length,
    syncs: acknowledgements.length,
    faults: [] as string[],
  };
  for (; report.states < states; report.states += 1) {
    const last = Math.floor(random() * acknowledgements.length);
    const certain = acknowledgements[last]!.walBytes - shortBy;
    const ledger = ledgerOf(acknowledgements.slice(0, last + 1).map(({ line }) => line));
    const faults = await auditFiles(
      new Map([
        ['log.db', database],
        ['log.db-wal', shortBy > 0 ? wal.subarray(0, certain) : damagedBehind(wal, certain, random)],
      ]),
      ledger,
    );
    report.acknowledged += ledger.acknowledged.size;
    report.broken += Number(faults.length > 0);
    report.faults.push(...faults.map((fault) => `behind byte ${certain}: ${fault}`));
  }
  return report;
};

const recordWal = (): Promise<WalLife> =>
  withFolder(async (folder) => {
    const log = await openSqliteEventLog({ folder, clock: systemClock, reserveBytes: 0 });
    const acknowledgements: { line: string; walBytes: number }[] = [];
    for (let number = 0; number < 15; number += 1) {
      for (let client = 0; client < clients; client += 1) {
        const line = answerLine({ client, number }, await send(log, { client, number }, bytes));
        acknowledgements.push({ line, walBytes: statSync(join(folder, 'log.db-wal')).size });
      }
    }
    const life = {
      database: readFileSync(join(folder, 'log.db')),
      wal: readFileSync(join(folder, 'log.db-wal')),
      acknowledgements,
    };
    await log.close();
    return life;
  });

const damagedBehind = (wal: Buffer, certain: number, random: () => number): Buffer => {
  const behind = wal.length - certain;
  const cut = certain + Math.floor(random() * (behind + 1));
  const kind = random();
  if (kind < 0.4) return wal.subarray(0, cut);
  const scribbled = Buffer.from(wal);
  // Whole sectors of noise, of zeros, or single bytes flipped, anywhere behind what was acknowledged.
  if (kind < 0.6) for (let place = cut; place < wal.length; place += 1) scribbled[place] = Math.floor(random() * 256);
  else if (kind < 0.8) scribbled.fill(0, cut, Math.min(wal.length, cut + 512 * (1 + Math.floor(random() * 16))));
  else if (behind > 0)
    for (let flips = 0; flips < 8; flips += 1)
      scribbled[certain + Math.floor(random() * behind)]! ^= 1 << Math.floor(random() * 8);
  return scribbled;
};
