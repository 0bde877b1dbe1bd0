import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '#installation/embedded.js';

// As in disk-full.spec.ts.
const namespaces = [['-m'], ['-rm']].filter(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
);
const [namespace] = namespaces;

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

  const once = (environment: Record<string, string>) => {
    const { status, sentences, stdout } = refused(environment);
    expect({ status, stdout, sentences }).toEqual({
      status: 2,
      stdout: '',
      sentences: [expect.stringMatching(/[\u4e00-\u9fff].* \/ [A-Z/].*\.$/)],
    });
    return sentences[0]!;
  };
  const fresh = (name: string): string => {
    const folder = join(place, name);
    mkdirSync(folder);
    return folder;
  };

  it('the folder is a file', () => {
    const file = join(place, 'a-file');
    writeFileSync(file, '');
    expect(once({ DATA_DIR: file, BAOBEI_MASTER_KEY_FILE: join(place, 'k1') })).toContain('is no folder');
    expect(once({ DATA_DIR: join(file, 'below'), BAOBEI_MASTER_KEY_FILE: join(place, 'k1') })).toContain(
      'is no folder',
    );
  });

  it('the place of the key cannot be written', () => {
    const file = join(place, 'no-folder');
    writeFileSync(file, '');
    const folder = fresh('key-place');
    expect(once({ DATA_DIR: folder, BAOBEI_MASTER_KEY_FILE: join(file, 'k') })).toContain(file);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('the lock is garbage: it may be deleted, and nothing else is touched', () => {
    const folder = fresh('garbage-lock');
    writeFileSync(join(folder, 'lock.db'), 'garbage '.repeat(1_000));
    const said = once({ DATA_DIR: folder, BAOBEI_MASTER_KEY_FILE: key });
    expect(said).toMatch(/lock\.db .*其中没有数据.* \/ .*delete it when no server runs/);
    expect(readdirSync(folder)).toEqual(['lock.db']);
  });

  it('a store is missing: the sentence says which, and how to go on', async () => {
    const folder = fresh('lost-keys');
    const theirKey = join(place, 'k2');
    await (await openEmbedded({ folder, masterKeyPath: theirKey })).close();
    rmSync(join(folder, 'keys.db'));
    expect(once({ DATA_DIR: folder, BAOBEI_MASTER_KEY_FILE: theirKey })).toContain('keys.db is missing or emptied');
    expect(existsSync(join(folder, 'keys.db'))).toBe(false);
  });

  it.each(['203.0.113.7', 'no-such-host.invalid'])('HOST %s is not of this machine', (HOST) => {
    const { status, sentences } = refused({ HOST, DATA_DIR: join(place, 'host'), BAOBEI_MASTER_KEY_FILE: key });
    expect({ status, said: sentences.at(-1) }).toEqual({
      status: 2,
      said: expect.stringMatching(/^HOST.*不是本机的地址.* \/ HOST .*no address of this machine/),
    });
  });

  it('the file of keys for tokens is not there', () => {
    const file = join(place, 'no.jwks');
    const said = once({
      AUTH_ISSUER: 'https://a.example',
      AUTH_AUDIENCE: 'a',
      AUTH_JWKS_FILE: file,
      DATA_DIR: join(place, 'host'),
      BAOBEI_MASTER_KEY_FILE: key,
    });
    expect(said).toContain(file);
  });

  if (namespace === undefined) {
    it('a read-only folder and a full disk are not run: this system lets nobody mount one', () => {
      expect(namespaces).toEqual([]);
    });
  } else {
    it.each([
      ['read-only', 'mount -t tmpfs -o ro,size=1m tmpfs "$1"', 'is read-only'],
      [
        'full',
        'mount -t tmpfs -o size=64k tmpfs "$1" && dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null; true',
        'full disk',
      ],
    ])('the folder is on a %s file system', (name, mount, said) => {
      const folder = fresh(`small-${name}`);
      const { status, stderr } = spawnSync(
        'unshare',
        [...namespace, 'sh', '-c', `${mount} && exec "$2" dist/apps/server/main.js`, 'sh', folder, process.execPath],
        {
          env: { ...process.env, NODE_ENV: 'development', DATA_DIR: folder, BAOBEI_MASTER_KEY_FILE: key, PORT: '0' },
          encoding: 'utf8',
          timeout: 60_000,
        },
      );
      expect({ status, lines: stderr.trim().split('\n') }).toEqual({
        status: 2,
        lines: [expect.stringContaining(said)],
      });
    });
  }

  it('a new folder and its files are for their owner alone', async () => {
    if (process.platform === 'win32') return;
    const folder = join(place, 'modes', 'data');
    const installation = await openEmbedded({ folder, masterKeyPath: join(place, 'k3') });
    const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
    await installation.close();
    expect([statSync(join(place, 'modes')).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o700, 0o700]);
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
    expect(modes.length).toBeGreaterThan(5);
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
