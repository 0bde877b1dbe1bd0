import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const server = 'dist/apps/server/main.js';
const commandLine = 'dist/apps/cli/main.js';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
const collect = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    let [out, err] = ['', ''];
    child.stdout?.on('data', (text: Buffer) => {
      out += String(text);
    });
    child.stderr?.on('data', (text: Buffer) => {
      err += String(text);
    });
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
const run = (
  script: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): ChildProcess =>
  spawn(process.execPath, [...options, script, ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), ...settings },
  });
/** Says that it is another Node, as the entry point asks for it. */
const pretend = (version: string): readonly string[] => [
  '--import',
  `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`,
];

describe('the processes, as they are started and stopped (built by `npm run build`)', () => {
  let folder: string;
  beforeAll(async () => {
    expect(existsSync(server)).toBe(true);
    folder = await mkdtemp(join(tmpdir(), 'baobei-process-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const settings = () => ({
    DATA_DIR: join(folder, 'data'),
    MASTER_KEY_FILE: join(folder, 'master.key'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    HOME: folder,
    PORT: '0',
  });
  const start = async (
    options: readonly string[] = [],
  ): Promise<{ readonly child: ChildProcess; readonly url: string; readonly ended: Promise<Ended> }> => {
    const child = run(server, [], settings(), options);
    const ended = collect(child);
    const port = await new Promise<number>((resolve, reject) => {
      let seen = '';
      child.stdout?.on('data', (text: Buffer) => {
        seen += String(text);
        const found = /"port":(\d+)/.exec(seen);
        if (found !== null) resolve(Number(found[1]));
      });
      void ended.then(({ err, out }) => {
        reject(new Error(`The server ended: ${err}${out}`));
      });
    });
    return { child, url: `http://127.0.0.1:${port}`, ended };
  };

  it.each([
    [server, [] as readonly string[]],
    [commandLine, ['token']],
  ])('an older Node is told so in one line: %s', async (script, args) => {
    const { code, err } = await collect(run(script, args, settings(), pretend('20.19.0')));
    expect([code, err.split('\n').filter((line) => line !== '')]).toEqual([
      2,
      [expect.stringMatching(/^报备需要 Node\.js 24 .* \/ Baobei needs Node\.js 24 .*20\.19\.0\.$/) as unknown],
    ]);
  });

  it('O6 wrong settings: one sentence each, exit 2, no stack', async () => {
    const { code, out, err } = await collect(run(server, [], { ...settings(), PORT: 'x', NODE_ENV: 'prod' }));
    expect([code, out, err.trim().split('\n').length]).toEqual([2, '', 2]);
    expect(err).not.toMatch(/\n\s+at /);
    const refused = await collect(run(server, [], { ...settings(), NODE_ENV: 'production' }));
    expect([refused.code, refused.err.trim().split('\n').length]).toEqual([2, 1]);
  });

  it('a token from the command line is one that the server on the same folder takes', async () => {
    const { child, url, ended } = await start();
    const { out } = await collect(
      run(commandLine, ['token', '--party', 'front-desk', '--role', 'desk', 'administrator'], settings()),
    );
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      body: '{"query":"{ me { party roles { role } } }"}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${out.trim()}` },
    });
    expect(await answer.json()).toMatchObject({
      data: {
        me: {
          party: 'front-desk',
          roles: expect.arrayContaining([{ role: 'desk' }, { role: 'administrator' }]) as unknown,
        },
      },
    });
    const wrong = await collect(run(commandLine, ['token', '--role', 'king'], settings()));
    expect([wrong.code, wrong.err]).toEqual([
      2,
      expect.stringMatching(/^没有这样的角色.*No such role: king/) as unknown,
    ]);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('a rejection that nobody handled ends the process with 1; the log says where and not what', async () => {
    const { child, ended } = await start([
      '--import',
      `data:text/javascript,process.on('SIGUSR2',()=>{Promise.reject(new Error('13912345678'))})`,
    ]);
    child.kill('SIGUSR2');
    const { code, out, err } = await ended;
    expect([code, `${out}${err}`.includes('13912345678')]).toEqual([1, false]);
    expect(out).toContain('"msg":"A rejection was not handled; stopping"');
  });

  it('L7 SIGTERM: whoever is being answered gets the answer, and the process ends with 0', async () => {
    let answered = 0;
    for (let round = 0; round < 5; round += 1) {
      const { child, url, ended } = await start();
      const health = fetch(`${url}/health/live`);
      const asked = Array.from({ length: 20 }, () =>
        fetch(`${url}/graphql`, {
          method: 'POST',
          body: '{"query":"{ __typename }"}',
          headers: { 'content-type': 'application/json' },
        }).then(
          async (answer) => ({ status: answer.status, text: await answer.text() }),
          () => undefined,
        ),
      );
      await health;
      child.kill(round % 2 === 0 ? 'SIGTERM' : 'SIGINT');
      for (const answer of await Promise.all(asked)) {
        // Either the answer, or "not any more", or a connection that was never taken: never half an answer.
        if (answer === undefined) continue;
        expect([200, 503]).toContain(answer.status);
        expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
        answered += 1;
      }
      const { code, out } = await ended;
      expect(code).toBe(0);
      expect(out).toContain('"msg":"Stopping"');
    }
    console.log(`L7: 5 stops under load, ${answered} of 100 requests answered, every process ended with 0`);
    expect(answered).toBeGreaterThan(0);
  });
});
