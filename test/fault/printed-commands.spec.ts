import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

const port = 44_000 + (process.pid % 900);
/** Dates that the page's run and today's run do not share: seven days from now, as a walk-in is protected. */
const dates = (text: string): string =>
  text.replaceAll(/"lastDay":"20(26-1[12]|2[7-9]|[3-9]\d)[-\d]*"/g, '"lastDay":"<seven days on>"');

/** One reader's terminal: a folder of his own stands for /tmp and for the data, and what he exports stays set. */
class Terminal {
  readonly folder = mkdtempSync(join(tmpdir(), 'baobei-page-'));
  readonly environment: NodeJS.ProcessEnv = {
    ...process.env,
    DATA_DIR: join(this.folder, 'data'),
    BAOBEI_MASTER_KEY_FILE: join(this.folder, 'master.key'),
    PORT: String(port),
    METRICS_PORT: String(port + 1000),
    LOG_LEVEL: 'error',
    NODE_NO_WARNINGS: '1',
  };
  #server: ChildProcess | undefined;

  async run(command: string): Promise<string> {
    if (command.startsWith('export ')) {
      const [name, value] = command.slice('export '.length).split('=') as [string, string];
      if (name !== 'DATA_DIR') this.environment[name] = value;
      return '';
    }
    if (command.includes('curl')) await this.startServer();
    const local = command
      .replaceAll('127.0.0.1:4000', `127.0.0.1:${port}`)
      .replaceAll('127.0.0.1:9464', `127.0.0.1:${port + 1000}`)
      .replaceAll('/tmp/', `${this.folder}/`);
    const { stdout, stderr, status } = spawnSync('bash', ['-c', local], { encoding: 'utf8', env: this.environment });
    if (status !== 0) throw new Error(`${command}\nended with ${status}: ${stderr}`);
    return dates(stdout.trim().replaceAll(`${this.folder}/`, '/tmp/'));
  }

  /** Until it answers; a minute at most, on a machine that does other work too. */
  async startServer(): Promise<void> {
    if (this.#server !== undefined) return;
    this.#server = spawn(process.execPath, ['dist/apps/server/main.js'], { env: this.environment, stdio: 'ignore' });
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
  }

  async close(): Promise<void> {
    if (this.#server !== undefined) {
      const ended = new Promise((resolve) => {
        this.#server!.once('exit', resolve);
      });
      this.#server.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const pages = readdirSync('docs/how-to')
  .filter((name) => name.endsWith('.md'))
  .map((name) => join('docs/how-to', name))
  .filter((page) => printedCommands(readFileSync(page, 'utf8')).length > 0);
const hasCurl = spawnSync('curl', ['--version']).status === 0;
let terminal: Terminal;
beforeEach(() => {
  terminal = new Terminal();
});
afterEach(() => terminal.close());

/** What a stranger reads must be what it then sees. */
describe('what the pages print', () => {
  if (!hasCurl) {
    it('is not run: curl is not installed here', () => {
      expect(hasCurl).toBe(false);
    });
    return;
  }

  const expectAsPrinted = async (page: string): Promise<void> => {
    for (const { command, output } of printedCommands(readFileSync(page, 'utf8')))
      expect({ command, output: await terminal.run(command) }).toEqual({ command, output: dates(output) });
  };

  it('README.md: every command, in order; and a second demonstration is refused, and names a way on', async () => {
    await expectAsPrinted('README.md');
    const { stderr, status } = spawnSync(process.execPath, ['dist/apps/cli/main.js', 'demo'], {
      encoding: 'utf8',
      env: terminal.environment,
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/已有数据.*DATA_DIR.* \/ .*holds data already.*DATA_DIR/),
    });
  });

  it.each(pages)('%s: every command, in order', (page) => expectAsPrinted(page));

  it('the pages by which somebody begins have commands to run', () => {
    expect(pages).toEqual(
      expect.arrayContaining(
        ['import-a-sheet', 'watch-it', 'write-a-policy', 'your-own-company'].map((name) => `docs/how-to/${name}.md`),
      ),
    );
    expect(printedCommands(readFileSync('README.md', 'utf8')).length).toBeGreaterThan(7);
  });
});
