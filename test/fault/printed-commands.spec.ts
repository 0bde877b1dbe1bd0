import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Printed {
  readonly command: string;
  readonly output: string;
}

/** Commands stand behind `$ ` in console blocks; what follows, up to the next one, is their output. */
const printedCommands = (markdown: string): readonly Printed[] =>
  [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command, ...output] = part.split('\n');
        return { command: command!, output: output.join('\n').trim() };
      }),
  );

const folder = mkdtempSync(join(tmpdir(), 'baobei-readme-'));
const port = 44_000 + (process.pid % 900);
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  DATA_DIR: join(folder, 'data'),
  BAOBEI_MASTER_KEY_FILE: join(folder, 'master.key'),
  PORT: String(port),
  LOG_LEVEL: 'error',
  NODE_NO_WARNINGS: '1',
};
/** Dates that the README's run and today's run do not share: seven days from now, as a walk-in is protected. */
const dates = (text: string): string =>
  text.replaceAll(/"lastDay":"20(26-1[12]|2[7-9]|[3-9]\d)[-\d]*"/g, '"lastDay":"<seven days on>"');
const run = (command: string, env = environment): string => {
  const local = command.replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`).replaceAll('/tmp/', `${folder}/`);
  const { stdout, stderr, status } = spawnSync('bash', ['-c', local], { encoding: 'utf8', env, cwd: process.cwd() });
  if (status !== 0) throw new Error(`${command}\nended with ${status}: ${stderr}`);
  return stdout.trim();
};
const hasCurl = spawnSync('curl', ['--version']).status === 0;
let server: ChildProcess | undefined;

/** Until it answers; a minute at most, on a machine that does other work too. */
const startServer = async (env: NodeJS.ProcessEnv): Promise<void> => {
  await stopServer();
  server = spawn(process.execPath, ['dist/apps/server/main.js'], { env, stdio: 'ignore' });
  for (let look = 0; look < 600; look += 1) {
    const answer = fetch(`http://127.0.0.1:${port}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (await answer) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
};
const stopServer = async (): Promise<void> => {
  if (server === undefined) return;
  const ended = new Promise((resolve) => {
    server!.once('exit', resolve);
  });
  server.kill('SIGTERM');
  await ended;
  server = undefined;
};

afterAll(async () => {
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
});

/** What a stranger reads first must be what it then sees. */
describe('the first five minutes of the README', () => {
  if (!hasCurl) {
    it('are not run: curl is not installed here', () => {
      expect(hasCurl).toBe(false);
    });
    return;
  }
  const [folderOfItsOwn, demo, ...questions] = printedCommands(readFileSync('README.md', 'utf8'));

  it('has commands to run, on a folder of its own', () => {
    expect(folderOfItsOwn).toEqual({ command: 'export DATA_DIR=./data-demo', output: '' });
    expect(questions.length).toBeGreaterThan(5);
  });

  it('the demonstration comes out as printed', () => {
    expect(run(demo!.command)).toBe(demo!.output);
  });

  it('a second demonstration is refused, and names a way on', () => {
    const { stderr, status } = spawnSync(process.execPath, ['dist/apps/cli/main.js', 'demo'], {
      encoding: 'utf8',
      env: environment,
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/已有数据.*DATA_DIR.* \/ .*holds data already.*DATA_DIR/),
    });
  });

  it('every question is answered as printed', async () => {
    await startServer(environment);
    for (const { command, output } of questions)
      expect({ command, output: dates(run(command)) }).toEqual({ command, output: dates(output) });
  });
});

describe('docs/how-to/your-own-company.md', () => {
  if (!hasCurl) return;
  const own = { ...environment, DATA_DIR: join(folder, 'own'), BAOBEI_MASTER_KEY_FILE: join(folder, 'own.key') };
  const commands = printedCommands(readFileSync('docs/how-to/your-own-company.md', 'utf8')).filter(
    ({ command }) => !command.startsWith('export '),
  );

  it('leads from an empty folder to the first registration, every command as printed', async () => {
    await stopServer();
    const needsServer = commands.findIndex(({ command }) => command.includes('curl'));
    expect(needsServer).toBeGreaterThan(2);
    for (const [place, { command, output }] of commands.entries()) {
      if (place === needsServer) await startServer(own);
      expect({ command, output: run(command, own) }).toEqual({ command, output });
    }
  });
});
