import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import { send, type Answer } from './clients.js';
import type { Defect } from './defects.js';
import { audit, Ledger } from './ledger.js';

/** Told to a process that stands on a small file system of its own. */
export interface DiskFullPlan {
  readonly folder: string;
  readonly reserveBytes: number;
  readonly ballastBytes: number;
  readonly defect?: Defect;
}
export interface DiskFullReport {
  readonly acknowledged: number;
  /** Commits answered `StorageFullError`, and with anything else. */
  readonly full: number;
  readonly otherwise: readonly string[];
  readonly repeatedWhileFull: string;
  readonly freeWhenRefused: number;
  /** Clients whose first commit after space was freed is stored. */
  readonly resumed: number;
  readonly fatal: readonly string[];
  readonly faults: readonly string[];
}

const clients = 16;
const bytes = 2_000;

/** Writes until the disk is full, reads, frees space, writes on, fills again, restarts on what is left. */
const run = async ({ folder, reserveBytes, ballastBytes, defect }: DiskFullPlan): Promise<DiskFullReport> => {
  const fatal: string[] = [];
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(ballastBytes));
  const open = () =>
    openSqliteEventLog({
      folder: join(folder, 'data'),
      clock: systemClock,
      reserveBytes,
      checkpoints: { walBytes: 1024 * 1024, idleMilliseconds: 10_000 },
      onFatal: (error) => {
        fatal.push(error.message);
      },
    });
  const ledger = new Ledger(clients);
  const refusals: string[] = [];
  const log = await open();
  await fill(log, ledger, refusals, defect);
  const { bavail, bsize } = statfsSync(folder);
  const whileFull = (await audit(log, ledger)).faults;
  const repeated = await send(log, { client: 0, number: 0 }, bytes);

  rmSync(ballast);
  const resumed = await tryAll(log, ledger, refusals);
  const afterwards = (await audit(log, ledger)).faults;

  await fill(log, ledger, refusals, defect);
  await log.close();
  const again = await open();
  const restarted = (await audit(again, ledger)).faults;
  await again.close();
  return {
    acknowledged: ledger.acknowledged.size,
    full: refusals.filter((error) => error === 'StorageFullError').length,
    otherwise: refusals.filter((error) => error !== 'StorageFullError'),
    repeatedWhileFull: repeated.kind === 'acknowledged' ? repeated.outcome : repeated.kind,
    freeWhenRefused: bavail * bsize,
    resumed,
    fatal,
    faults: [...whileFull, ...afterwards, ...restarted],
  };
};

/** All clients send until each has been refused. */
const fill = async (log: EventLog, ledger: Ledger, refusals: string[], defect: Defect | undefined): Promise<void> => {
  for (let accepted = clients; accepted > 0;) accepted = await tryAll(log, ledger, refusals, defect);
};

const tryAll = async (log: EventLog, ledger: Ledger, refusals: string[], defect?: Defect): Promise<number> => {
  const answers = await Promise.all(
    ledger.next.map(async (number, client) => {
      const answer = await send(log, { client, number }, bytes);
      const told: Answer =
        defect === 'fullIgnored' && answer.kind === 'refused'
          ? { kind: 'acknowledged', outcome: 'appended', position: -1, digest: '-' }
          : answer;
      ledger.hear({ client, number }, told);
      if (answer.kind !== 'acknowledged') refusals.push(answer.kind === 'refused' ? answer.error : answer.kind);
      return answer;
    }),
  );
  return answers.filter(({ kind }) => kind === 'acknowledged').length;
};

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2]!) as DiskFullPlan)));
