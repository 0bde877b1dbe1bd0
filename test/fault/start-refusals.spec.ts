import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#installation/embedded.js';

const place = mkdtempSync(join(tmpdir(), 'baobei-refused-'));
const data = join(place, 'data');
const key = join(place, 'master.key');
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

/** Starts the real server and gives what a person sees when it does not start. */
const refused = (environment: Record<string, string>) => {
  if (!existsSync('dist/apps/server/main.js')) throw new Error('Nothing is compiled: run `npm run build` first');
  const { status, stderr, stdout } = spawnSync(process.execPath, ['dist/apps/server/main.js'], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DATA_DIR: data,
      BAOBEI_MASTER_KEY_FILE: key,
      PORT: '0',
      ...environment,
    },
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, sentences: stderr.trim().split('\n'), stdout };
};

/** A person who starts it is told what to mend in one sentence, in both languages, and nothing is changed. */
describe('what the server says when it cannot start', () => {
  it('D9 the folder is in use: by which process', async () => {
    const installation = await openEmbedded({ folder: data, masterKeyPath: key });
    try {
      const { status, sentences, stdout } = refused({});
      expect({ status, stdout, count: sentences.length }).toEqual({ status: 2, stdout: '', count: 1 });
      expect(sentences[0]).toContain(String(process.pid));
      expect(sentences[0]).toMatch(/请先停止它。 \/ .*stop that one first\.$/);
    } finally {
      await installation.close();
    }
  });

  it('the master key is missing: none is made for data that has one', () => {
    const { status, sentences } = refused({ BAOBEI_MASTER_KEY_FILE: join(place, 'lost.key') });
    expect({ status, count: sentences.length, made: existsSync(join(place, 'lost.key')) }).toEqual({
      status: 2,
      count: 1,
      made: false,
    });
    expect(sentences[0]).toContain('lost.key');
  });

  it('the port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    const { port } = holder.address() as { port: number };
    try {
      const { status, sentences } = refused({ PORT: String(port) });
      expect({ status, said: sentences.at(-1) }).toEqual({
        status: 2,
        said: `端口 ${port} 已被占用，请用 PORT（或 PEER_PORT、METRICS_PORT）另选一个。 / Port ${port} is taken; choose another by PORT (or PEER_PORT, METRICS_PORT).`,
      });
    } finally {
      holder.close();
    }
  });
});
