/**
 * What a server answers while more comes than it can do: first how many registrations a second it can take, then the
 * same at `factor` times that rate, sent at their times whatever has been answered.
 * `node dist/test/bench/overload.js [seconds = 10] [factor = 3]`; prints one line of JSON.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemTimers } from '#adapters/clock-system/clock-system.js';
import {
  clear,
  type Code,
  type CommandId,
  type Instant,
  type PartyId,
  type ProgramId,
} from '#event-sourcing/vocabulary.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { readConfiguration } from '#installation/configuration.js';
import { openEmbedded } from '#installation/embedded.js';
import { mintDevelopmentToken } from '#server/development-issuer.js';
import { freePort } from '../free-port.js';

const seconds = Number(process.argv[2] ?? 10);
const factor = Number(process.argv[3] ?? 3);
/** Clients that wait for their answer before they ask again: as many as it works on at once. */
const patient = 32;
const parties = 20;
const programId = 'bench' as ProgramId;
const folder = mkdtempSync(join(tmpdir(), 'baobei-overload-'));
const key = join(tmpdir(), `baobei-overload-${process.pid}.key`);

let number = 0;
const base = () => ({
  commandId: `overload-${(number += 1)}` as CommandId,
  by: 'root' as PartyId,
  granted: ['administrator' as const],
  receivedAt: systemClock.now(),
  receivedBy: 'system' as Code,
});

const prepare = async (): Promise<readonly string[]> => {
  const installation = await openEmbedded({ folder, masterKeyPath: key });
  const { desk } = installation;
  await desk.send(openProgram, { ...base(), programId, title: { zh: clear('压测'), en: clear('bench') } });
  await desk.send(publishPolicy, {
    ...base(),
    programId,
    text: readFileSync('libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml', 'utf8'),
    effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
    authority: 'bench',
  });
  const names = Array.from({ length: parties }, (_, n) => `s${n}` as PartyId);
  for (const partyId of names) await desk.send(enrolParty, { ...base(), partyId, kind: 'person', name: '销售' });
  await installation.close();
  const { dataFolder, identity } = readConfiguration({ NODE_ENV: 'development', DATA_DIR: folder });
  return Promise.all(
    names.map((party) => mintDevelopmentToken({ dataFolder, audience: identity.audience, party, clock: systemClock })),
  );
};

interface Answered {
  readonly status: number;
  readonly milliseconds: number;
  readonly endedAt: number;
  /** Answered while the load lasted. */
  readonly inTime?: boolean;
}
/** Connections that are open before the measuring begins, as a proxy in front of the server holds them. */
const connections = 600;
const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections });
const query =
  'mutation R($input: RegisterInput!) { register(input: $input) { __typename ... on RegisterDone { registrationId } } }';

const register = (port: number, tokens: readonly string[]): Promise<Answered> =>
  new Promise((resolve) => {
    const n = (number += 1);
    const began = performance.now();
    const done = (status: number): void => {
      const endedAt = performance.now();
      resolve({ status, milliseconds: endedAt - began, endedAt });
    };
    const input = {
      commandId: `load-${n}`,
      programId,
      class: 'purchase',
      channel: 'paper',
      form: { customerName: '王芳', phone: `13${800_000_000 + n}`, project: `滨江花园${n}期` },
    };
    const sent = request(
      { agent, port, host: '127.0.0.1', path: '/graphql', method: 'POST', timeout: 60_000 },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.once('end', () => {
          done(answer.statusCode === 200 && !text.includes('RegisterDone') ? 500 : answer.statusCode!);
        });
      },
    );
    sent.once('error', () => {
      done(0);
    });
    sent.setHeader('content-type', 'application/json');
    sent.setHeader('authorization', `Bearer ${tokens[n % tokens.length]}`);
    sent.end(JSON.stringify({ query, variables: { input } }));
  });

const closedLoop = async (milliseconds: number, one: () => Promise<Answered>): Promise<readonly Answered[]> => {
  const end = performance.now() + milliseconds;
  const answers: Answered[] = [];
  await Promise.all(
    Array.from({ length: patient }, async () => {
      while (performance.now() < end) answers.push(await one());
    }),
  );
  return answers;
};

const warm = async (port: number): Promise<void> => {
  for (let open = 0; open < connections; open += 50)
    await Promise.all(
      Array.from(
        { length: open + 50 },
        () =>
          new Promise<void>((resolve, reject) => {
            request({ agent, port, host: '127.0.0.1', path: '/health/live' }, (answer) => {
              answer.resume().once('end', resolve);
            })
              .once('error', reject)
              .end();
          }),
      ),
    );
};

const openLoop = async (
  milliseconds: number,
  perSecond: number,
  one: () => Promise<Answered>,
): Promise<readonly Answered[]> => {
  const began = performance.now();
  const sent: Promise<Answered>[] = [];
  for (let now = 0; now < milliseconds; now = performance.now() - began) {
    while (sent.length < (now * perSecond) / 1_000) sent.push(one());
    await systemTimers.sleep(5);
  }
  const answers = await Promise.all(sent);
  return answers.map((answer) => ({ ...answer, inTime: answer.endedAt - began <= milliseconds }));
};

const quantile = (answers: readonly Answered[], share: number): number => {
  const sorted = answers.map(({ milliseconds }) => milliseconds).toSorted((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
};
/** The most memory that the process ever had, in MB. */
const residentMax = (pid: number): number =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);

const tokens = await prepare();
const port = await freePort();
const server = spawn(process.execPath, ['dist/apps/server/main.js'], {
  env: {
    ...process.env,
    NODE_ENV: 'development',
    DATA_DIR: folder,
    BAOBEI_MASTER_KEY_FILE: key,
    PORT: String(port),
    LOG_LEVEL: 'error',
  },
  stdio: ['ignore', 'inherit', 'inherit'],
});
try {
  for (let tries = 0; tries < 600; tries += 1) {
    const { ok } = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => ({ ok: false }));
    if (ok) break;
    await systemTimers.sleep(100);
  }
  const one = (): Promise<Answered> => register(port, tokens);
  await warm(port);
  await closedLoop(2_000, one);
  const before = (await closedLoop(seconds * 1_000, one)).filter(({ status }) => status === 200);
  const capacity = before.length / seconds;
  const answers = await openLoop(seconds * 1_000, capacity * factor, one);
  const taken = answers.filter(({ status }) => status === 200);
  const shed = answers.filter(({ status }) => status === 503);
  const goodput = taken.filter(({ inTime }) => inTime).length / seconds;
  process.stdout.write(
    `${JSON.stringify({
      bench: 'overload',
      seconds,
      factor,
      capacityPerSecond: Math.round(capacity),
      sentPerSecond: Math.round(answers.length / seconds),
      goodputPerSecond: Math.round(goodput),
      goodputShare: Number((goodput / capacity).toFixed(2)),
      takenP50: quantile(taken, 0.5),
      takenP99: quantile(taken, 0.99),
      shed: shed.length,
      shedP99: quantile(shed, 0.99),
      failed: answers.length - taken.length - shed.length,
      residentMegabytesMax: residentMax(server.pid!),
    })}\n`,
  );
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
  rmSync(key, { force: true });
}
process.exit(0);
