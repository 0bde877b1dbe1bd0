import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hearLine, type Ledger } from './ledger.js';
import type { WriterPlan } from './writer.js';

const rootAbove = (folder: string): string =>
  existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
const root = rootAbove(import.meta.dirname);

/** A program of this folder as it is built: child processes run what is shipped. */
export const built = (name: string): string => {
  const file = join(root, 'dist', 'test', 'fault', `${name}.js`);
  if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\` first`);
  return file;
};

const fastestFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** `onDisk`: where a sync costs what it costs. Otherwise in memory, when the machine has such a place. */
export const withFolder = async <T>(use: (folder: string) => Promise<T>, { onDisk = false } = {}): Promise<T> => {
  const folder = mkdtempSync(join(onDisk ? tmpdir() : fastestFolder, 'baobei-fault-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly fatal: boolean;
  readonly finished: boolean;
  readonly openMilliseconds: readonly number[];
  readonly complaint: string;
}

/** A writer whose answers go into the ledger as they come. */
export class Writer {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<Ended>;

  constructor(
    plan: WriterPlan,
    private readonly ledger: Ledger,
    wrapper: readonly string[] = [],
  ) {
    const [program, ...args] = [...wrapper, process.execPath, built('writer'), JSON.stringify(plan)];
    this.child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    this.ended = this.#listen(ready.resolve);
  }

  #listen(ready: () => void): Promise<Ended> {
    let [text, complaint, fatal, finished] = ['', '', false, false];
    const openMilliseconds: number[] = [];
    this.child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk;
    });
    this.child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        if (hearLine(this.ledger, line)) continue;
        if (line.startsWith('READY ')) {
          openMilliseconds.push(Number(line.slice(6)));
          ready();
        }
        fatal ||= line.startsWith('FATAL');
        finished ||= line === 'END';
      }
    });
    return new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        ready();
        resolve({ code, signal, fatal, finished, openMilliseconds, complaint });
      });
    });
  }

  kill(): Promise<Ended> {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

/** Why system calls cannot be traced here, or nothing when they can. */
export const straceMissing = (): string | undefined => {
  const tried = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']);
  if (tried.error !== undefined) return 'strace is not installed';
  return tried.status === 0 ? undefined : 'this system does not allow ptrace';
};

export interface Injection {
  readonly call: string;
  /** `when=`: `7` the seventh call, `7+` from the seventh on. */
  readonly when: string;
  readonly does: 'signal=SIGKILL' | `error=${'EIO' | 'ENOSPC'}` | `retval=${number}`;
}

/**
 * Runs a writer to its end with one fault, and says how often the fault was met, and whether it met the sync of a
 * folder.
 */
export const runInjected = async (
  plan: WriterPlan,
  ledger: Ledger,
  { call, when, does }: Injection,
): Promise<Ended & { readonly injected: number; readonly inFolder: boolean }> =>
  withFolder(async (folder) => {
    const trace = join(folder, 'trace');
    // Signals are not injected into calls that the kernel filters beforehand.
    const filtered = does === 'signal=SIGKILL' ? [] : ['--seccomp-bpf'];
    const writer = new Writer(plan, ledger, [
      'strace',
      '-f',
      '-y',
      '-qq',
      ...filtered,
      '-o',
      trace,
      '-e',
      `trace=${call}`,
      '-e',
      `inject=${call}:${does}:when=${when}`,
    ]);
    const ended = await writer.ended;
    const text = readFileSync(trace, 'utf8');
    const injected =
      does === 'signal=SIGKILL' ? Number(text.includes('killed by SIGKILL')) : text.split('(INJECTED)').length - 1;
    return {
      ...ended,
      injected,
      inFolder: text.split('\n').some((line) => line.includes('(INJECTED)') && line.includes(`<${plan.folder}>`)),
    };
  });

/** How often a writer makes each of the calls, so that faults can be aimed at every one. */
export const countCalls = async (
  plan: WriterPlan,
  ledger: Ledger,
  calls: readonly string[],
): Promise<ReadonlyMap<string, number>> =>
  withFolder(async (folder) => {
    const trace = join(folder, 'trace');
    await new Writer(plan, ledger, [
      'strace',
      '-f',
      '-qq',
      '--seccomp-bpf',
      '-o',
      trace,
      '-e',
      `trace=${calls.join(',')}`,
    ]).ended;
    const main = mainThreadLines(readFileSync(trace, 'utf8'));
    return new Map(calls.map((call) => [call, main.filter((line) => line.startsWith(`${call}(`)).length]));
  });

/** The thread that does the storage's work is the one that started; others only serve the runtime. */
const mainThreadLines = (text: string): readonly string[] => {
  const lines = text.split('\n').map((line) => line.split(/\s+(.*)/s));
  const main = lines[0]?.[0];
  return lines.filter(([thread]) => thread === main).map(([, line = '']) => line);
};
