import { systemClock } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { countCalls, runInjected, withFolder, type Injection } from './children.js';
import { send } from './clients.js';
import type { Defect } from './defects.js';
import { audit, Ledger } from './ledger.js';
import type { WriterPlan } from './writer.js';

export interface SyscallReport {
  readonly seed: number;
  readonly points: number;
  /** Faults that were really met, per system call. A point that meets none proves nothing. */
  readonly injected: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  readonly indeterminate: number;
  /** Faults that were met, and after which the writer went on to its end as if nothing had been. */
  readonly unnoticed: readonly string[];
  /** Faults that met a sync of the log's own folder. */
  readonly inFolder: number;
  readonly faults: readonly string[];
}

const clients = 4;
const bytes = 300;
/** Everything a log does in its life: first start, commits, checkpoints, closing, a second start on what is there. */
const script = (folder: string, next: readonly number[], defect?: Defect): WriterPlan => ({
  folder,
  next,
  commands: 40,
  reopenings: 1,
  bytes,
  walBytes: 100 * 1024,
  idleMilliseconds: 10_000,
  reserveBytes: 0,
  ...(defect === undefined ? {} : { defect }),
});

export interface SyscallPlan {
  readonly calls: readonly string[];
  readonly does: Injection['does'];
  /** Points in all; fewer when the script makes fewer calls. */
  readonly pointsMax: number;
  readonly seed: number;
  /** From the N-th call on instead of only there, for every second point. */
  readonly lasting?: boolean;
  readonly defect?: Defect;
}

/**
 * Repeats one script, each time with the fault at another of its system calls, and settles with the clients after each.
 */
export const runSyscallFaults = async ({
  calls,
  does,
  pointsMax,
  seed,
  lasting = false,
  defect,
}: SyscallPlan): Promise<SyscallReport> => {
  const counts = await withFolder((folder) => countCalls(script(folder, fresh().next), fresh(), calls));
  const report = {
    seed,
    points: 0,
    injected: Object.fromEntries(calls.map((call) => [call, 0])),
    acknowledged: 0,
    indeterminate: 0,
    inFolder: 0,
    unnoticed: [] as string[],
    faults: [] as string[],
  };
  for (const { call, place } of spread(counts, pointsMax, seed)) {
    await withFolder(async (folder) => {
      const ledger = fresh();
      const when = lasting && report.points % 2 === 1 ? `${place}+` : `${place}`;
      const ended = await runInjected(script(folder, ledger.next, defect), ledger, { call, when, does });
      report.points += 1;
      report.injected[call]! += Number(ended.injected > 0);
      report.inFolder += Number(ended.inFolder);
      report.acknowledged += ledger.acknowledged.size;
      report.indeterminate += ledger.indeterminate.size;
      if (ended.injected > 0 && ended.finished && ended.code === 0)
        report.unnoticed.push(`${call} ${when}${ended.inFolder ? ' of the folder' : ''}`);
      report.faults.push(...(await settle(folder, ledger)).map((fault) => `${call} ${when}: ${fault}`));
    });
  }
  return report;
};

const fresh = (): Ledger => new Ledger(clients);

/** Points over all calls: every one of the rare calls, a random sample of the frequent ones. */
const spread = (
  counts: ReadonlyMap<string, number>,
  pointsMax: number,
  seed: number,
): readonly { readonly call: string; readonly place: number }[] => {
  const random = seededRandom(seed);
  const rareFirst = [...counts].toSorted(([, one], [, other]) => one - other);
  let left = pointsMax;
  return rareFirst.flatMap(([call, count], index) => {
    const share = Math.min(count, Math.floor(left / (rareFirst.length - index)));
    left -= share;
    const places = Array.from({ length: count }, (_, place) => ({ call, place: place + 1, draw: random() }));
    return places.toSorted((one, other) => one.draw - other.draw).slice(0, share);
  });
};

/** Restarts, compares, lets every client repeat its last two commands, and compares again. */
const settle = async (folder: string, ledger: Ledger): Promise<readonly string[]> => {
  try {
    const log = await openSqliteEventLog({ folder, clock: systemClock, reserveBytes: 0 });
    const before = await audit(log, ledger);
    const unanswered: string[] = [];
    for (const [client, next] of [...ledger.next].entries()) {
      for (const number of [next - 1, next].filter((each) => each >= 0)) {
        const command = { client, number };
        const answer = await send(log, command, bytes);
        ledger.hear(command, answer);
        if (answer.kind !== 'acknowledged')
          unanswered.push(`unsettled: client-${client}.${number} is ${JSON.stringify(answer)}`);
      }
    }
    const after = await audit(log, ledger);
    await log.close();
    return [...before.faults, ...unanswered, ...after.faults];
  } catch (error) {
    return [`unreadable: ${(error as Error).message}`];
  }
};
