import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { openEmbedded } from '#installation/embedded.js';
import { startRefusal } from '#installation/start-refusal.js';
import { checkFolder } from '#installation/stores/full-check.js';
import { storesMustAgree } from '#installation/stores/stores-of-folder.js';
import { campaign } from './campaign.js';
import { straceMissing } from './children.js';
import { copyOf, killedFolder } from './stores-campaign.js';

const seed = Date.now() % 1_000_000;
const place = mkdtempSync(join(tmpdir(), 'baobei-stores-'));
const data = join(place, 'data');
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
});

/** What whoever starts on this folder is told, and whether a byte of it changed; nothing when it may start. */
const refused = (folder: string): { readonly sentence: string; readonly changed: readonly string[] } | undefined => {
  const before = digests(folder);
  try {
    storesMustAgree(folder);
    return undefined;
  } catch (error) {
    const after = digests(folder);
    const changed = Object.keys(before).filter((name) => after[name] !== before[name]);
    return { sentence: startRefusal(error) ?? `no sentence: ${(error as Error).stack}`, changed };
  }
};
/** The index of the write-ahead log is no part of the proof: SQLite makes it anew at every opening. */
const digests = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => statSync(join(folder, name)).isFile() && !name.endsWith('-shm'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  );

const baobei = (folder: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, ['dist/apps/cli/main.js', ...args], {
    env: { ...process.env, DATA_DIR: folder },
    encoding: 'utf8',
  });

let copies = 0;
const copied = (from = data): string => copyOf(from, join(place, `copy-${(copies += 1)}`));

describe('the stores of a folder know each other', () => {
  it('after kill -9 at any moment they agree, the first start included', async () => {
    const { faults, ...counts } = await campaign('storesKilled', { times: 40, seed });
    console.info(`stores killed: ${JSON.stringify(counts)}`);
    expect({ seed, faults }).toEqual({ seed, faults: [] });
    expect(counts.times).toBe(40);
    expect(counts.acknowledged).toBeGreaterThan(100);
  });

  const missing = straceMissing();
  if (missing !== undefined) {
    it(`power cuts are not run: ${missing}`, () => {
      expect(missing).not.toBe('');
    });
  } else {
    it('after a power cut at any moment they agree, whatever the disk kept of what was not synced', async () => {
      const { faults, ...counts } = await campaign('storesPowerCut', { times: 200, seed });
      console.info(`stores without power: ${JSON.stringify(counts)}`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
      expect(counts.times).toBe(200);
      expect(counts.acknowledged).toBeGreaterThan(1_000);
    });

    it.each(['log.db', 'keys.db'] as const)('calibration: %s without its syncs is found out', async (unsynced) => {
      const { faults } = await campaign('storesPowerCut', { times: 200, seed, unsynced });
      expect(faults.length).toBeGreaterThan(0);
    });
  }
});

describe('what disagrees does not start, says why and how to mend it, and stays as it is', () => {
  beforeAll(async () => {
    const { acknowledged } = await killedFolder(place);
    expect(acknowledged.length).toBeGreaterThan(20);
    // As after a kill: the newest events are in the write-ahead log alone.
    expect(statSync(join(data, 'log.db-wal')).size).toBeGreaterThan(100_000);
    expect(refused(data)).toBeUndefined();
  });

  it('one flipped bit in the write-ahead log, wherever in front of the newest commits', () => {
    const random = seededRandom(seed);
    for (let flip = 0; flip < 30; flip += 1) {
      const folder = copied();
      const file = join(folder, 'log.db-wal');
      const wal = readFileSync(file);
      const at = Math.floor(random() * wal.length * 0.8);
      wal[at]! ^= 1 << Math.floor(random() * 8);
      writeFileSync(file, wal);
      expect({ at, seed, ...refused(folder) }).toEqual({
        at,
        seed,
        sentence: expect.stringMatching(
          /已确认的事件不见了.*accept-loss.* \/ .*confirmed events are missing.*accept-loss/,
        ),
        changed: [],
      });
      rmSync(folder, { recursive: true });
    }
  });

  it.each<readonly [string, (folder: string) => void, RegExp]>([
    ['the write-ahead log is gone', (folder) => rmSync(join(folder, 'log.db-wal')), /confirmed events are missing/],
    [
      'the log is gone',
      (folder) => {
        for (const name of ['log.db', 'log.db-wal', 'log.db-shm']) rmSync(join(folder, name), { force: true });
      },
      /log\.db is missing or emptied \(it has held \d+ events\)/,
    ],
    [
      'the log and all that saw it are gone',
      (folder) => {
        for (const store of ['log.db', 'read.db', 'positions.db'])
          for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `${store}${suffix}`), { force: true });
        rmSync(join(folder, 'log.mark'));
      },
      /log\.db is missing or emptied \(the keys are there\)/,
    ],
    [
      'the log is emptied',
      (folder) => {
        truncateSync(join(folder, 'log.db'), 0);
        rmSync(join(folder, 'log.db-wal'));
      },
      /log\.db is missing or emptied/,
    ],
    [
      'the keys are gone',
      (folder) => {
        for (const name of ['keys.db', 'keys.db-wal', 'keys.db-shm']) rmSync(join(folder, name), { force: true });
      },
      /keys\.db is missing or emptied, and log\.db has \d+ events/,
    ],
    [
      'the keys are emptied',
      (folder) => {
        truncateSync(join(folder, 'keys.db'), 0);
        rmSync(join(folder, 'keys.db-wal'), { force: true });
      },
      /keys\.db is missing or emptied/,
    ],
    [
      'the log is no database any more',
      (folder) => {
        writeFileSync(join(folder, 'log.db'), 'not a database '.repeat(1_000));
      },
      /log\.db is damaged/,
    ],
  ])('%s', (_, harm, sentence) => {
    const folder = copied();
    harm(folder);
    expect(refused(folder)).toEqual({ sentence: expect.stringMatching(sentence), changed: [] });
  });

  it('goes on from what a log has left when its loss is accepted, and sets the proof aside', async () => {
    const folder = copied();
    const wal = readFileSync(join(folder, 'log.db-wal'));
    wal[Math.floor(wal.length / 2)]! ^= 1;
    writeFileSync(join(folder, 'log.db-wal'), wal);
    expect(baobei(folder, 'check', '--accept-loss')).toMatchObject({ status: 0 });
    expect(refused(folder)).toBeUndefined();
    const aside = readdirSync(folder).find((name) => name.startsWith('set-aside-'))!;
    expect(readFileSync(join(folder, aside, 'log.db-wal')).equals(wal)).toBe(true);
    expect(readdirSync(join(folder, aside))).toContain('log.mark');
    const again = await openEmbedded({ folder, masterKeyPath: join(place, 'master.key') });
    expect(await again.parts.log.head()).toBe(Number(aside.slice('set-aside-'.length)));
    await again.close();
    expect(baobei(folder, 'check', '--accept-loss')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no loss to accept'),
    });
    expect(baobei(folder, 'check')).toMatchObject({ status: 0, stdout: expect.stringContaining('0 findings') });
  });

  it('finds a bit that was flipped in any event by the full check', async () => {
    const folder = copied();
    const log = await openSqliteEventLog({ folder, clock: systemClock });
    await log.close();
    const sound = readFileSync(join(folder, 'log.db'));
    const database = new Database(join(folder, 'log.db'), { readonly: true });
    const some = database
      .prepare<[], { position: number; data: Buffer }>('SELECT position, data FROM events ORDER BY random() LIMIT 10')
      .all();
    database.close();
    for (const { position, data } of some) {
      // The event's own id, also where a page that was divided still has it.
      const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(data.toString('utf8'))!;
      const bytes = Buffer.from(sound);
      for (let at = bytes.indexOf(id); at !== -1; at = bytes.indexOf(id, at + 1)) bytes[at + 10]! ^= 4;
      expect(bytes.equals(sound)).toBe(false);
      writeFileSync(join(folder, 'log.db'), bytes);
      const { findings } = checkFolder(folder);
      expect({ position, findings }).toMatchObject({
        position,
        findings: expect.arrayContaining([
          expect.objectContaining({ en: expect.stringContaining(`position ${position} of the log is damaged`) }),
        ]),
      });
    }
  });

  it('refuses files of another installation and changes no byte of them', async () => {
    const other = mkdtempSync(join(tmpdir(), 'baobei-other-'));
    try {
      await killedFolder(other);
      for (const store of ['log.db', 'keys.db', 'read.db']) {
        const folder = copied();
        for (const suffix of ['', '-wal', '-shm']) {
          rmSync(join(folder, `${store}${suffix}`), { force: true });
          const theirs = join(other, 'data', `${store}${suffix}`);
          if (readdirSync(join(other, 'data')).includes(`${store}${suffix}`))
            copyOf(theirs, join(folder, `${store}${suffix}`));
        }
        expect(refused(folder)).toEqual({
          sentence: expect.stringMatching(/属于另一份日志.* \/ .*belongs to another journal/),
          changed: [],
        });
      }
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });
});
