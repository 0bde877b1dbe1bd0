/**
 * Seconds from `npm start` to the first answered query with a long log behind it.
 * `node dist/test/bench/start.js [events = 1000000]`; prints one line of JSON.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import {
  clear,
  type Code,
  type CommandId,
  type Instant,
  type PartyId,
  type ProgramId,
} from '#event-sourcing/vocabulary.js';
import { register } from '#features/dossier/registration/register/register.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { openEmbedded } from '#installation/embedded.js';

const events = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'baobei-start-'));
const key = join(tmpdir(), `baobei-start-${process.pid}.key`);
const programId = 'bench' as ProgramId;
const port = 45_000 + (process.pid % 1_000);
const writers = 64;

let number = 0;
const base = (by: string) => ({
  commandId: `start-${(number += 1)}` as CommandId,
  by: by as PartyId,
  granted: ['administrator' as const],
  receivedAt: systemClock.now(),
  receivedBy: 'system' as Code,
});

const fill = async (): Promise<number> => {
  const installation = await openEmbedded({ folder, masterKeyPath: key });
  const { desk } = installation;
  await desk.send(openProgram, { ...base('root'), programId, title: { zh: clear('压测'), en: clear('bench') } });
  await desk.send(publishPolicy, {
    ...base('root'),
    programId,
    text: readFileSync('libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml', 'utf8'),
    effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
    authority: 'bench',
  });
  await desk.send(enrolParty, { ...base('root'), partyId: 's1' as PartyId, kind: 'person', name: '销售' });
  let customer = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while ((await installation.parts.log.head()) < events) {
        customer += 1;
        await desk.send(register, {
          ...base('s1'),
          granted: [],
          programId,
          class: 'purchase',
          channel: 'paper',
          attachments: [],
          form: { customerName: '王芳', phone: `13${800_000_000 + customer}`, project: `滨江花园${customer}期` },
        });
      }
    }),
  );
  await installation.catchUp();
  const head = await installation.parts.log.head();
  await installation.close();
  return head;
};

const firstAnswer = async (): Promise<number> => {
  const started = performance.now();
  const server: ChildProcess = spawn(process.execPath, ['dist/apps/server/main.js'], {
    env: { ...process.env, DATA_DIR: folder, BAOBEI_MASTER_KEY_FILE: key, PORT: String(port), LOG_LEVEL: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{__typename}"}',
      }).then(
        (response) => response.text(),
        () => '',
      );
      if (answer.includes('"Query"')) return (performance.now() - started) / 1_000;
      await sleep(10);
    }
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => {
      server.once('exit', resolve);
    });
  }
};

const filling = performance.now();
const head = await fill();
const filledIn = (performance.now() - filling) / 1_000;
const seconds = [await firstAnswer(), await firstAnswer(), await firstAnswer()];
process.stdout.write(
  `${JSON.stringify({ bench: 'start', events: head, filledInSeconds: Math.round(filledIn), firstAnswerSeconds: seconds.map((second) => Number(second.toFixed(2))) })}\n`,
);
rmSync(folder, { recursive: true });
rmSync(key, { force: true });
