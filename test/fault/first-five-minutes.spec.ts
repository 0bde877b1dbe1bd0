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
const environment = {
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
const run = (command: string): string => {
  const local = command.replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`).replaceAll('/tmp/', `${folder}/`);
  const { stdout, stderr, status } = spawnSync('bash', ['-c', local], {
    encoding: 'utf8',
    env: environment,
    cwd: process.cwd(),
  });
  if (status !== 0) throw new Error(`${command}\nended with ${status}: ${stderr}`);
  return stdout.trim();
};
const hasCurl = spawnSync('curl', ['--version']).status === 0;
let server: ChildProcess | undefined;

afterAll(async () => {
  if (server !== undefined) {
    server.kill('SIGTERM');
    await new Promise((resolve) => {
      server!.once('exit', resolve);
    });
  }
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
    server = spawn(process.execPath, ['dist/apps/server/main.js'], { env: environment, stdio: 'ignore' });
    for (let look = 0; look < 600; look += 1) {
      if (
        await fetch(`http://127.0.0.1:${port}/health/live`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    for (const { command, output } of questions)
      expect({ command, output: dates(run(command)) }).toEqual({ command, output: dates(output) });
  });
});
