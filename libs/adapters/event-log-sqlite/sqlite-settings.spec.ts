import Database from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventLog } from '#event-sourcing/log/event-log.js';
import { StorageFullError } from '#event-sourcing/ports/event-log.js';
import { append, commit, noon, pendingBytes, readWhole, stream } from '#event-sourcing/testing/commits.js';
import { RowDamagedError } from './event-row.js';
import { localJournal } from '../journal-local/journal-local.js';
import { openSqliteEventLog } from './event-log-sqlite.js';
import { FolderLockedError } from './folder-lock.js';
import { assertSettings, openLogDatabase, prepareConnection } from './log-database.js';
import { lookAtLog } from './look-at-log.js';
import { openLogStore } from './log-store.js';

const folders: string[] = [];
const freshFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'baobei-log-')));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const clock = { now: () => noon };

describe('the settings of every connection', () => {
  it('are FULL for the only copy and OFF for a mirror, with our own checkpoints and no busy waiting', () => {
    for (const [durability, synchronous] of [
      ['durable', 2],
      ['mirror', 0],
    ] as const) {
      const database = openLogDatabase(join(freshFolder(), 'log.db'), durability, () => 'journal-1');
      const settings = [
        'journal_mode',
        'synchronous',
        'fullfsync',
        'checkpoint_fullfsync',
        'wal_autocheckpoint',
        'journal_size_limit',
        'trusted_schema',
        'cell_size_check',
        'busy_timeout',
      ].map((pragma) => database.pragma(pragma, { simple: true }));
      expect(settings).toEqual(['wal', synchronous, 1, 1, 0, 64 * 1024 * 1024, 0, 1, 0]);
      database.close();
    }
  });

  it('are forgotten by SQLite with the connection, and refused when they are not what we promise', () => {
    const file = join(freshFolder(), 'log.db');
    openLogDatabase(file, 'durable', () => 'journal-1').close();
    const bare = new Database(file, { timeout: 0 });
    // NORMAL: the setting that loses acknowledged commits in a power cut.
    expect(bare.pragma('synchronous', { simple: true })).toBe(1);
    expect(() => {
      assertSettings(bare, 'durable');
    }).toThrow(/synchronous must be 2 and is 1/);
    prepareConnection(bare, 'durable');
    expect(() => {
      assertSettings(bare, 'durable');
    }).not.toThrow();
    bare.close();
  });

  it('keep every table strict', () => {
    const database = openLogDatabase(join(freshFolder(), 'log.db'), 'durable', () => 'journal-1');
    const tables = database.pragma('table_list') as readonly { name: string; strict: number }[];
    expect(
      tables
        .filter(({ name }) => !name.startsWith('sqlite_'))
        .map(({ name, strict }) => [name, strict])
        .toSorted(),
    ).toEqual([
      ['events', 1],
      ['journal', 1],
      ['kinds', 1],
      ['streams', 1],
    ]);
    database.close();
  });

  it('refuse a file of another program and of a newer version', async () => {
    const [foreign, newer] = [freshFolder(), freshFolder()];
    const other = new Database(join(foreign, 'log.db'));
    other.exec('CREATE TABLE notes (text TEXT)');
    other.close();
    await expect(openSqliteEventLog({ folder: foreign, clock })).rejects.toThrow(/is not an event log/);
    await (await openSqliteEventLog({ folder: newer, clock })).close();
    const later = new Database(join(newer, 'log.db'));
    later.pragma('user_version = 3');
    later.close();
    await expect(openSqliteEventLog({ folder: newer, clock })).rejects.toThrow(/has version 3/);
  });

  it('takes on a file of version 1, whose events have no check sums, and gives later ones theirs', async () => {
    const folder = freshFolder();
    const file = join(folder, 'log.db');
    const first = await openSqliteEventLog({ folder, clock });
    const old = await append(first);
    await first.close();
    const before = new Database(file);
    before.exec('ALTER TABLE events DROP COLUMN sum');
    before.pragma('user_version = 1');
    before.close();
    expect(lookAtLog(folder)).toMatchObject({ head: 1 });
    const again = await openSqliteEventLog({ folder, clock });
    const later = await append(again);
    expect(await readWhole(again)).toEqual([...old, ...later]);
    await again.close();
    const sums = new Database(file, { readonly: true }).prepare('SELECT sum IS NULL FROM events').pluck().all();
    expect(sums).toEqual([1, 0]);
  });
});

describe('the folder', () => {
  it('belongs to one log: a second one is refused at once and told who holds it', async () => {
    const folder = freshFolder();
    const log = await openSqliteEventLog({ folder, clock });
    const refused = await openSqliteEventLog({ folder, clock }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FolderLockedError);
    expect((refused as Error).message).toContain(`in use by process ${process.pid} (${noon})`);
    await append(log);
    await log.close();
    const next = await openSqliteEventLog({ folder, clock });
    expect(await next.head()).toBe(1);
    await next.close();
  });

  it('keeps its reserve: commits are refused as not stored while less is free, reading goes on', async () => {
    const folder = freshFolder();
    const log = await openSqliteEventLog({ folder, clock });
    const known = commit();
    await log.append(known);
    await log.close();
    const full = await openSqliteEventLog({ folder, clock, reserveBytes: Number.MAX_SAFE_INTEGER });
    await expect(full.append(commit())).rejects.toBeInstanceOf(StorageFullError);
    expect((await full.append(known)).outcome).toBe('repeated');
    expect(await readWhole(full)).toHaveLength(1);
    await full.close();
  });
});

const walBytes = (folder: string): number => statSync(join(folder, 'log.db-wal')).size;

describe('a full disk', () => {
  it('leaves no trace of the batch it refused: the same streams and types are written when there is space', async () => {
    const file = join(freshFolder(), 'log.db');
    const store = openLogStore(file, 'durable', () => 'journal-1');
    const log = createEventLog({ index: store, journal: localJournal(store) });
    await append(log, { to: 'dossier-1' });
    const pages = Number(store.database.pragma('page_count', { simple: true }));
    // Room for the first of the two events, so that the refusal comes when half of the batch is in.
    store.database.pragma(`max_page_count = ${pages + 16}`);
    const events = () => [pendingBytes(Buffer.alloc(50_000), 'Extended')];
    const writes = () =>
      ['dossier-1', 'standing-new'].map((name) => ({
        stream: stream(name),
        expected: 'any' as const,
        events: events(),
      }));
    await expect(log.append(commit({ writes: writes() }))).rejects.toBeInstanceOf(StorageFullError);
    expect(await log.revisions(['dossier-1', 'standing-new'].map(stream))).toEqual([0, 'none']);
    store.database.pragma(`max_page_count = ${pages + 100}`);
    const stored = await append(log, { writes: writes() });
    expect(stored.map(({ position, revision }) => [position, revision])).toEqual([
      [1, 1],
      [2, 0],
    ]);
    await log.close();
    const again = openLogStore(file, 'durable', () => 'never');
    expect(again.readRange(0, 10, { types: ['Extended'] }).map((event) => event.stream)).toEqual([
      'dossier-1',
      'standing-new',
    ]);
    again.close();
  });
});

describe('checkpoints', () => {
  it('keep the write-ahead log near its limit while others read and write, and empty it when nobody writes', async () => {
    const folder = freshFolder();
    const walMax = 2 * 1024 * 1024;
    const log = await openSqliteEventLog({ folder, clock, checkpoints: { walBytes: walMax, idleMilliseconds: 50 } });
    let longest = 0;
    for (let round = 0; round < 120; round += 1) {
      await append(log, { to: `dossier-${round}`, events: [pendingBytes(Buffer.alloc(200 * 1024, round))] });
      await log.readAll(0, { max: 10 });
      longest = Math.max(longest, walBytes(folder));
    }
    // 24 MB were written; looks come every 16 writes, so 16 × 200 KB may be on top.
    expect(longest).toBeGreaterThan(walMax / 2);
    expect(longest).toBeLessThan(walMax + 17 * 220 * 1024);
    for (let waited = 0; walBytes(folder) > 0 && waited < 100; waited += 1) await sleep(50);
    expect(walBytes(folder)).toBe(0);
    await log.close();
  });
});

describe('a damaged file', () => {
  it('stops the reader at the record that is not what we wrote', async () => {
    const folder = freshFolder();
    const log = await openSqliteEventLog({ folder, clock });
    for (let command = 0; command < 3; command += 1)
      await append(log, { events: [pendingBytes(Buffer.from('the sealed record'))] });
    await log.close();
    const file = join(folder, 'log.db');
    const bytes = readFileSync(file);
    // A record's header says what its columns are: a blob of 16 bytes (44), a text of 36 (85), a blob of 17 (46). One
    // bit makes the last a text (47).
    const header = bytes.lastIndexOf(Buffer.from([44, 85, 46]));
    expect(header).toBeGreaterThan(0);
    bytes[header + 2] = 47;
    writeFileSync(file, bytes);
    const store = openLogStore(file, 'durable', () => 'never');
    expect(() => store.readStream(stream('dossier-1'), 0, 2)).toThrow(RowDamagedError);
    expect(store.readStream(stream('dossier-1'), 1, 2)).toHaveLength(2);
    expect(JSON.stringify(store.database.pragma('integrity_check'))).toMatch(/non-BLOB value/);
    store.close();
  });
});

describe('a flipped bit', () => {
  it('in the bytes of an event stops the reader, though the page and the JSON stay sound', async () => {
    const folder = freshFolder();
    const log = await openSqliteEventLog({ folder, clock });
    await append(log, { events: [pendingBytes(Buffer.from('{"days":30}'))] });
    await log.close();
    const file = join(folder, 'log.db');
    const bytes = readFileSync(file);
    bytes[bytes.lastIndexOf('{"days":30}') + 8]! ^= 1;
    writeFileSync(file, bytes);
    expect(() => openLogStore(file, 'durable', () => 'never')).toThrow(RowDamagedError);
    expect(() => lookAtLog(folder)).toThrow(RowDamagedError);
  });
});

describe('another process', () => {
  it('can read with a connection of its own while we write', async () => {
    const folder = freshFolder();
    const log = await openSqliteEventLog({ folder, clock });
    await append(log);
    const script = `import Database from 'better-sqlite3'; console.log(new Database(process.argv[1], { readonly: true }).prepare('SELECT count(*) FROM events').pluck().get())`;
    const counted = execFileSync(process.execPath, ['--input-type=module', '-e', script, join(folder, 'log.db')], {
      encoding: 'utf8',
    });
    expect(counted.trim()).toBe('1');
    await append(log);
    expect(await log.head()).toBe(2);
    await log.close();
  });
});
