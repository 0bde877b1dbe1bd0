import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { freePort } from '#test/free-port.js';

/*
 * Row O5 where no container engine runs: the production installation is made as deploy/Dockerfile makes it, then
 * started under bubblewrap as the
 * container is: the whole root read-only, no shell in it, uid 10001, no capability, /data the only place to write, /tmp
 * in memory.
 * It is asked whether it is ready, one question, and for its metrics; then it must end by SIGTERM with 0.
 */

/** npm runs scripts there. */
const root = process.cwd();
const uid = 10_001;
const stepTimeout = 600_000;
const readyTimeout = 60_000;
const stopTimeout = 15_000;
/** What the image is built from, and what of it the running image has. */
const sources = ['.npmrc', '.swcrc', 'package.json', 'package-lock.json', 'apps', 'libs', 'test'];
const installed = ['package.json', 'node_modules', 'dist'];

const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`);
};

const whyNot = (): string | undefined => {
  const tried = spawnSync('bwrap', ['--unshare-all', '--uid', String(uid), '--ro-bind', '/', '/', '/bin/true'], {
    encoding: 'utf8',
  });
  if (tried.error !== undefined) return 'bubblewrap is missing; on Debian: apt-get install bubblewrap';
  return tried.status === 0 ? undefined : `bubblewrap cannot make a namespace here: ${tried.stderr.trim()}`;
};

const run = (folder: string, command: string, ...words: readonly string[]): void => {
  // The Node that runs this one, and not the package that brings it: the image has its own, too.
  const { status, error } = spawnSync(command, words, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: stepTimeout,
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, NODE_ENV: '' },
  });
  if (status !== 0)
    throw new Error(`${command} ${words.join(' ')} ended with ${status ?? error?.message ?? 'a signal'}`);
};

/** The same steps as in the Dockerfile; a spec holds the two together. */
const install = (workshop: string, image: string): void => {
  mkdirSync(workshop);
  for (const name of sources.filter((each) => existsSync(join(root, each))))
    cpSync(join(root, name), join(workshop, name), {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist|data)$/.test(path),
    });
  run(workshop, 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  rmSync(join(workshop, 'node_modules/node'), { recursive: true, force: true });
  rmSync(join(workshop, 'node_modules/.bin/node'), { force: true });
  run(workshop, 'npm', 'run', 'build');
  run(workshop, 'npm', 'prune', '--omit=dev', '--ignore-scripts');
  rmSync(join(workshop, 'dist/test'), { recursive: true });
  mkdirSync(image);
  for (const name of installed)
    cpSync(join(workshop, name), join(image, name), { recursive: true, verbatimSymlinks: true });
};

interface Place {
  readonly image: string;
  readonly data: string;
  readonly secrets: string;
  readonly port: number;
  readonly metricsPort: number;
}

/**
 * Libraries, certificates and the resolver's files are all that is there besides the installation: no /bin, so no
 * shell.
 */
const walls = ({ image, data, secrets, port, metricsPort }: Place): readonly string[] => [
  '--unshare-all',
  '--share-net',
  '--uid',
  String(uid),
  '--gid',
  String(uid),
  '--cap-drop',
  'ALL',
  '--new-session',
  '--die-with-parent',
  ...['/lib', '/lib64', '/usr/lib'].filter((path) => existsSync(path)).flatMap((path) => ['--ro-bind', path, path]),
  '--ro-bind-try',
  '/etc/ssl',
  '/etc/ssl',
  '--ro-bind-try',
  '/etc/resolv.conf',
  '/etc/resolv.conf',
  '--ro-bind-try',
  '/etc/hosts',
  '/etc/hosts',
  '--ro-bind',
  process.execPath,
  '/usr/local/bin/node',
  '--ro-bind',
  image,
  '/app',
  '--ro-bind',
  secrets,
  '/run/secrets',
  '--bind',
  data,
  '/data',
  '--proc',
  '/proc',
  '--dev',
  '/dev',
  '--tmpfs',
  '/tmp',
  '--remount-ro',
  '/',
  '--chdir',
  '/app',
  '--clearenv',
  ...Object.entries({
    NODE_ENV: 'production',
    DATA_DIR: '/data',
    STORAGE: 'embedded',
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    BAOBEI_MASTER_KEY_FILE: '/run/secrets/master.key',
    AUTH_ISSUER: 'https://issuer.example',
    AUTH_AUDIENCE: 'baobei',
    AUTH_JWKS_FILE: '/run/secrets/jwks.json',
  }).flatMap(([name, value]) => ['--setenv', name, value]),
];
const node = '/usr/local/bin/node';

/** As the image starts it. */
const entrypoint = (): readonly string[] => {
  const [, list] = /^ENTRYPOINT (\[.*\])$/m.exec(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8')) ?? [];
  if (list === undefined) throw new Error('deploy/Dockerfile has no ENTRYPOINT in the exec form');
  return JSON.parse(list) as readonly string[];
};

const makeSecrets = async (secrets: string): Promise<string> => {
  mkdirSync(secrets);
  writeFileSync(join(secrets, 'master.key'), randomBytes(32).toString('base64url'), { mode: 0o400 });
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  writeFileSync(
    join(secrets, 'jwks.json'),
    JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'main', use: 'sig', alg: 'EdDSA' }] }),
  );
  return new SignJWT({ party: 'somebody' })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'main', typ: 'at+jwt' })
    .setIssuer('https://issuer.example')
    .setAudience('baobei')
    .setSubject('user-1')
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(privateKey);
};

const ask = async (
  url: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly text: string }> => {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000) });
  return { status: answer.status, text: await answer.text() };
};

const ready = async (server: ChildProcess, url: string): Promise<void> => {
  for (const until = performance.now() + readyTimeout; performance.now() < until;) {
    if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode} before it was ready`);
    if (
      await ask(`${url}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error('The server was not ready in time');
};

const expectThat = (holds: boolean, what: string, seen: unknown): void => {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
  say(`  ${what}`);
};

const check = async (place: Place, token: string, server: ChildProcess): Promise<void> => {
  const url = `http://127.0.0.1:${place.port}`;
  await ready(server, url);
  say('  /health/ready answers 200');
  const me = await ask(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ me { party } }' }),
  });
  expectThat(
    me.status === 200 && me.text === '{"data":{"me":{"party":"somebody"}}}\n',
    'GraphQL answers { me { party } }',
    me,
  );
  const metrics = await ask(`http://127.0.0.1:${place.metricsPort}/metrics`);
  expectThat(metrics.status === 200 && /^baobei_ready 1$/m.test(metrics.text), 'metrics say that it is ready', metrics);
  expectThat(
    readdirSync(place.data).some((name) => name.endsWith('.db')),
    '/data holds the log',
    readdirSync(place.data),
  );
  expectThat(
    readdirSync(place.image).toSorted().join() === installed.toSorted().join(),
    'nothing was written beside it',
    readdirSync(place.image),
  );
};

/** Walls that hold nothing back would let everything pass: what must not be possible is tried. */
const tryWalls = (place: Place): void => {
  const script = `
    const { writeFileSync, readFileSync } = require('node:fs');
    const { spawnSync } = require('node:child_process');
    const writes = ['/data/x', '/tmp/x', '/app/x', '/app/dist/x', '/run/secrets/x', '/run/x', '/x', '/usr/x'].filter((path) => { try { writeFileSync(path, ''); return true; } catch { return false; } });
    const [, capabilities] = /^CapEff:\\s*(\\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    console.log(JSON.stringify({ writes, uid: process.getuid(), capabilities: Number(capabilities), shell: spawnSync('/bin/sh', ['-c', 'true']).error?.code ?? 'there' }));
    require('node:fs').rmSync('/data/x');`;
  const { stdout, stderr } = spawnSync('bwrap', [...walls(place), node, '-e', script], { encoding: 'utf8' });
  expectThat(
    stdout.trim() === JSON.stringify({ writes: ['/data/x', '/tmp/x'], uid, capabilities: 0, shell: 'ENOENT' }),
    'inside, only /data and /tmp can be written; uid 10001, no capability, no shell',
    stdout + stderr,
  );
};

const stopped = (server: ChildProcess): Promise<number | string | null> =>
  new Promise((resolve) => {
    const tooLate = setTimeout(() => {
      server.kill('SIGKILL');
    }, stopTimeout);
    server.once('exit', (code, signal) => {
      clearTimeout(tooLate);
      resolve(code ?? signal);
    });
  });

/** bwrap is the parent and takes no signals along; the server is its only child's child. */
const serverPid = (bwrap: number): number => {
  const childOf = (pid: number): number | undefined =>
    Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]) || undefined;
  let pid = bwrap;
  for (let child = childOf(pid); child !== undefined; child = childOf(pid)) pid = child;
  return pid;
};

const megabytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  ) / 1_000_000;

const main = async (): Promise<void> => {
  const reason = whyNot();
  if (reason !== undefined) {
    say(`not run: ${reason}`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'baobei-contained-'));
  try {
    const place: Place = {
      image: join(folder, 'image'),
      data: join(folder, 'data'),
      secrets: join(folder, 'secrets'),
      port: await freePort(),
      metricsPort: await freePort(),
    };
    say('Making the production installation as deploy/Dockerfile does');
    install(join(folder, 'workshop'), place.image);
    say(`  ${Math.round(megabytes(place.image))} MB without Node`);
    mkdirSync(place.data);
    const token = await makeSecrets(place.secrets);
    say(`Starting it under bubblewrap: ${entrypoint().join(' ')}`);
    tryWalls(place);
    const server = spawn('bwrap', [...walls(place), node, ...entrypoint().slice(1)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    try {
      await check(place, token, server);
      const ended = stopped(server);
      process.kill(serverPid(server.pid!), 'SIGTERM');
      const code = await ended;
      expectThat(code === 0, 'ends by SIGTERM with 0', code);
    } finally {
      if (server.exitCode === null) server.kill('SIGKILL');
    }
    say('1 passed, 0 failed');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

await main();
