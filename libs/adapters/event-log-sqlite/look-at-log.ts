import type Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Position, SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { FileUnusableError, lookInto } from '../folder/folder.js';
import { eventOf, type EventRow } from './event-row.js';
import { mustBeLog, schemaVersion } from './log-database.js';
import { eventColumns } from './statements.js';

export const logFile = 'log.db';

/** What a log says of itself, read before anything may change in its folder. */
export interface LogSeen {
  readonly journalId: string;
  /** Position of the next event: how many there are. */
  readonly head: Position;
  /** Of the identity keys that streams are named by: without its secret nobody finds a customer again. */
  readonly epochs: readonly string[];
  /** Keys that its newest events are sealed with. */
  readonly newestKeys: readonly SubjectKeyId[];
}

/** Larger files are looked at in samples, so that the start stays short. */
const checkedWholeMax = 256 * 1024 * 1024;
const newestLookedAt = 1_000;
const samples = 40;
const sampleEvents = 100;

/**
 * Undefined where there is no log: no file, or one that holds no journal. Throws `FileUnusableError` and
 * `RowDamagedError` for damage that a look of bounded length finds.
 */
export const lookAtLog = (folder: string): LogSeen | undefined => {
  const file = join(folder, logFile);
  return existsSync(file) ? lookInto(file, seenIn) : undefined;
};

const seenIn = (database: Database.Database): LogSeen | undefined => {
  if (database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0) return undefined;
  mustBeLog(database);
  mustBeSound(database);
  const journalId = database.prepare<[], string>('SELECT id FROM journal').pluck().get();
  if (journalId === undefined) return undefined;
  const last = database.prepare<[], Position | null>('SELECT max(position) FROM events').pluck().get();
  const head = (last ?? -1) + 1;
  const newest = rowsIn(database, head - newestLookedAt, head);
  for (let sample = 0; sample < samples; sample += 1) {
    const from = Math.floor(Math.random() * head);
    for (const row of rowsIn(database, from, from + sampleEvents)) eventOf(row);
  }
  return {
    journalId,
    head,
    epochs: epochsIn(database),
    newestKeys: [...new Set(newest.flatMap((row) => keysIn(eventOf(row).data)))],
  };
};

const mustBeSound = (database: Database.Database): void => {
  if (statSync(database.name).size > checkedWholeMax) return;
  const found = database.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw damaged(database.name, String(found));
};

export const damaged = (file: string, found: string): FileUnusableError =>
  new FileUnusableError(
    file,
    `已损坏（${found}）；没有改动任何内容。请运行 \`baobei check\` 查看范围，并从备份恢复。`,
    `is damaged (${found}); nothing was changed. Run \`baobei check\` to see how far, and restore it from a backup.`,
  );

/** Events as they stand in a file of any version that this program reads. */
export const rowsIn = (database: Database.Database, from: Position, to: Position): readonly EventRow[] =>
  database
    .prepare<[Position, Position], EventRow>(
      `SELECT ${eventColumns(mustBeLog(database) >= schemaVersion)} WHERE events.position >= ? AND events.position < ? ORDER BY events.position`,
    )
    .all(from, to);

/** From `key-<epoch>-<hash>`, one question for each epoch. */
const epochsIn = (database: Database.Database): readonly string[] => {
  const next = database
    .prepare<[string], string>("SELECT name FROM streams WHERE name > ? AND name < 'key.' ORDER BY name LIMIT 1")
    .pluck();
  const epochs: string[] = [];
  for (let name = next.get('key-'); name !== undefined; name = next.get(`key-${epochs.at(-1)}.`))
    epochs.push(name.split('-')[1]!);
  return epochs;
};

/** Of the boxes in an event's bytes; none in bytes that are no envelope. */
export const keysIn = (bytes: Uint8Array): readonly SubjectKeyId[] => {
  try {
    const { boxes } = JSON.parse(Buffer.from(bytes).toString('utf8')) as {
      readonly boxes?: Readonly<Record<string, { readonly key: SubjectKeyId }>>;
    };
    return Object.values(boxes ?? {}).map(({ key }) => key);
  } catch {
    return [];
  }
};
