import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { storesMustAgree } from '#installation/stores/stores-of-folder.js';
import { built, withFolder } from './children.js';
import { crashState } from './crash-states.js';
import { readTrace, tracedCalls, type DiskOperation } from './disk-trace.js';
import type { InstallationPlan } from './installation-child.js';

export interface StoresPlan {
  /** Kills, or states of the disk after a power cut. */
  readonly times: number;
  readonly seed: number;
  /** A store whose syncs are left out of the record, as if it had never asked for them: must be found out. */
  readonly unsynced?: 'log.db' | 'keys.db';
}

export interface StoresReport {
  readonly times: number;
  readonly acknowledged: number;
  readonly operations?: number;
  /** Honest ends after which the stores were said to disagree, or the log lacked what was acknowledged. */
  readonly faults: readonly string[];
}

interface Life {
  readonly ready: Promise<void>;
  readonly ended: Promise<{ readonly acknowledged: readonly number[]; readonly complaint: string }>;
  kill(): void;
}

export const startInstallation = (plan: InstallationPlan, wrapper: readonly string[] = []): Life => {
  const [program, ...args] = [...wrapper, process.execPath, built('installation-child'), JSON.stringify(plan)];
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = Promise.withResolvers<void>();
  const acknowledged: number[] = [];
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'READY') ready.resolve();
    if (line.startsWith('ACK ')) acknowledged.push(Number(line.slice(4)));
  });
  const ended = new Promise<{ acknowledged: readonly number[]; complaint: string }>((resolve) => {
    child.once('close', () => {
      ready.resolve();
      resolve({ acknowledged, complaint });
    });
  });
  return {
    ready: ready.promise,
    ended,
    kill: () => {
      child.kill('SIGKILL');
    },
  };
};

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Kills installations at any moment, their first start included, and starts them again on what is there. */
export const runStoresKilled = async ({ times, seed }: StoresPlan): Promise<StoresReport> => {
  const random = seededRandom(seed);
  const report = { times: 0, acknowledged: 0, faults: [] as string[] };
  const killsPerFolder = 8;
  while (report.times < times)
    await withFolder(async (place) => {
      const folder = join(place, 'data');
      let next = 0;
      for (let kill = 0; kill < killsPerFolder && report.times < times; kill += 1, report.times += 1) {
        const life = startInstallation({ folder, from: next });
        if (random() < 0.4) await sleep(150 + random() * 900);
        else {
          await life.ready;
          await sleep(random() * 300);
        }
        life.kill();
        const { acknowledged, complaint } = await life.ended;
        if (complaint !== '') report.faults.push(`kill ${report.times}: refused or failed: ${complaint}`);
        report.acknowledged += acknowledged.length;
        next = Math.max(next, ...acknowledged.map((person) => person + 1));
        mkdirSync(folder, { recursive: true });
        report.faults.push(...disagreementIn(folder).map((fault) => `kill ${report.times}: ${fault}`));
      }
    });
  return report;
};

/** Records a life with two starts and cuts the power at random moments of it, on the disk of every store at once. */
export const runStoresPowerCuts = async ({ times, seed, unsynced }: StoresPlan): Promise<StoresReport> => {
  const operations = (await recordLife()).filter(
    (operation) => unsynced === undefined || operation.does !== 'sync' || !operation.file.startsWith(unsynced),
  );
  const random = seededRandom(seed);
  const report = { times: 0, acknowledged: 0, operations: operations.length, faults: [] as string[] };
  for (; report.times < times; report.times += 1) {
    // Half of the cuts into the first start, where the files are made.
    const begun = operations.findIndex((operation) => operation.does === 'answer');
    const cut = 1 + Math.floor(random() * (random() < 0.5 ? begun : operations.length));
    await withFolder(async (folder) => {
      for (const [name, content] of crashState(operations, cut, random)) writeFileSync(join(folder, name), content);
      report.faults.push(...disagreementIn(folder).map((fault) => `cut behind operation ${cut}: ${fault}`));
      report.acknowledged += operations
        .slice(0, cut)
        .filter((operation) => operation.does === 'answer' && operation.line.startsWith('ACK ')).length;
    });
  }
  return report;
};

const disagreementIn = (folder: string): readonly string[] => {
  try {
    storesMustAgree(folder);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
};

const recordLife = (): Promise<readonly DiskOperation[]> =>
  withFolder(async (place) => {
    const folder = join(place, 'data');
    const trace = join(place, 'trace');
    const lives: string[] = [];
    for (const from of [0, 40]) {
      const { complaint } = await startInstallation({ folder, from, people: 40 }, [
        ...'strace -f -y -xx -qq -s 1000000 --seccomp-bpf -e'.split(' '),
        `trace=${tracedCalls}`,
        '-o',
        trace,
      ]).ended;
      if (complaint !== '') throw new Error(`The installation did not reach its end: ${complaint}`);
      lives.push(readFileSync(trace, 'utf8'));
    }
    return readTrace(lives.join('\n'), folder);
  });

/** A folder with some people in it whose process was killed while the newest events stood in the write-ahead log alone. */
export const killedFolder = async (place: string): Promise<{ readonly acknowledged: readonly number[] }> => {
  const life = startInstallation({ folder: join(place, 'data'), from: 0 });
  await life.ready;
  await sleep(600);
  life.kill();
  const { acknowledged, complaint } = await life.ended;
  if (complaint !== '') throw new Error(complaint);
  return { acknowledged };
};

export const copyOf = (from: string, to: string): string => {
  cpSync(from, to, { recursive: true });
  return to;
};
