import { writeSync } from 'node:fs';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { send, type Answer, type Command } from './clients.js';
import { openLog, type Defect } from './defects.js';
import { answerLine } from './ledger.js';

/** What a child process does: its clients go on from `next`, each repeating the command in front of it first. */
export interface WriterPlan {
  readonly folder: string;
  readonly next: readonly number[];
  /** Commands that each client sends before the log is closed; without it they go on until the process ends. */
  readonly commands?: number;
  /** Closes and opens the log again this often on the way. */
  readonly reopenings?: number;
  readonly bytes: number;
  readonly walBytes?: number;
  readonly idleMilliseconds?: number;
  readonly reserveBytes?: number;
  readonly defect?: Defect;
}

// One write(2) per line: what was written before a kill is whole, and a trace shows where it stands among the syncs.
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const plan = JSON.parse(process.argv[2]!) as WriterPlan;

const open = () =>
  openLog(
    {
      folder: plan.folder,
      clock: systemClock,
      onFatal: (error) => {
        say(`FATAL ${error.message}`);
        setImmediate(() => {
          process.exit(3);
        });
      },
      ...(plan.reserveBytes === undefined ? {} : { reserveBytes: plan.reserveBytes }),
      checkpoints: {
        ...(plan.walBytes === undefined ? {} : { walBytes: plan.walBytes }),
        ...(plan.idleMilliseconds === undefined ? {} : { idleMilliseconds: plan.idleMilliseconds }),
      },
    },
    plan.defect,
  );

const early: Answer = { kind: 'acknowledged', outcome: 'appended', position: -1, digest: '-' };

const playClient = async (
  log: Awaited<ReturnType<typeof open>>,
  client: number,
  from: number,
  until: number,
): Promise<void> => {
  for (let number = Math.max(0, from - 1); number < until; number += 1) {
    const command: Command = { client, number };
    if (plan.defect === 'ackEarly') say(answerLine(command, early));
    const answer = await send(log, command, plan.bytes);
    if (plan.defect !== 'ackEarly') say(answerLine(command, answer));
    if (answer.kind !== 'acknowledged') return;
  }
};

const begun = performance.now();
const rounds = (plan.reopenings ?? 0) + 1;
const share = Math.ceil((plan.commands ?? Number.MAX_SAFE_INTEGER) / rounds);
try {
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const log = await open();
    say(`READY ${Math.round(performance.now() - started)}`);
    await Promise.all(
      plan.next.map((next, client) => playClient(log, client, next + round * share, next + (round + 1) * share)),
    );
    await log.close();
  }
  say('END');
} catch (error) {
  process.stderr.write(`${(error as Error).message}\nafter ${Math.round(performance.now() - begun)} ms\n`);
  process.exitCode = 1;
}
