import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createEventLog, type EventLogParts, type JournaledLog } from '#event-sourcing/log/event-log.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { LogIndex } from '#event-sourcing/ports/log-index.js';
import { makeFolder } from '../folder/folder.js';
import { Checkpoints, checkpointsByDefault } from './checkpoints.js';
import { once } from './event-log-sqlite.js';
import { lockFolder } from './folder-lock.js';
import { openLogStore, type SqliteLogStore } from './log-store.js';

export interface MirroredEventLogOptions extends Pick<EventLogParts, 'onFatal' | 'limits' | 'turn'> {
  /** Holds `mirror.db`, a cache that may be deleted while no server runs. One folder per server. */
  readonly folder: string;
  /** Where the events are durable. Closed with the log. */
  readonly journal: Journal;
  readonly clock: Clock;
}

/**
 * The event log over a journal elsewhere, with its index in this folder. The mirror is never synced: it is thrown away
 * when it is another
 * journal's, does not end where the journal agrees, cannot be read, or was open when the machine went down; then it is
 * read anew.
 */
export const openMirroredEventLog = async ({
  folder: path,
  journal,
  clock,
  onFatal,
  limits,
  turn,
}: MirroredEventLogOptions): Promise<JournaledLog> => {
  const folder = resolve(path);
  makeFolder(folder);
  const lock = lockFolder(folder, clock.now());
  try {
    const fatal = once(onFatal);
    const store = await openAgreeing(folder, journal);
    const checkpoints = new Checkpoints(store.database, checkpointsByDefault, fatal);
    store.onWritten = () => {
      checkpoints.afterWrite();
    };
    const close = (): void => {
      checkpoints.stop();
      store.close();
      rmSync(openMark(folder), { force: true });
      lock.release();
    };
    return createEventLog({
      index: closingWith(store, close),
      journal,
      onFatal: fatal,
      ...(limits === undefined ? {} : { limits }),
      ...(turn === undefined ? {} : { turn }),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
};

const closingWith = (store: SqliteLogStore, close: () => void): LogIndex => ({
  head: () => store.head(),
  lastRecordedAt: () => store.lastRecordedAt(),
  revision: (stream) => store.revision(stream),
  findCommand: (commandId) => store.findCommand(commandId),
  readStream: (stream, first, last) => store.readStream(stream, first, last),
  readRange: (from, to, filter) => store.readRange(from, to, filter),
  commandBoundary: (position) => store.commandBoundary(position),
  apply: (events) => {
    store.apply(events);
  },
  close,
});

const openAgreeing = async (folder: string, journal: Journal): Promise<SqliteLogStore> => {
  const file = join(folder, 'mirror.db');
  if (wentDownWithMachine(folder)) discard(file);
  writeFileSync(openMark(folder), bootId());
  const store = openReadable(file, journal);
  if (await agrees(store, journal)) return store;
  store.close();
  discard(file);
  return openLogStore(file, 'mirror', () => journal.journalId);
};

const openReadable = (file: string, journal: Journal): SqliteLogStore => {
  const open = (): SqliteLogStore => openLogStore(file, 'mirror', () => journal.journalId);
  try {
    return open();
  } catch {
    discard(file);
    return open();
  }
};

/**
 * The mirror's last event is the journal's event there. A mirror longer than its journal stays: the log itself refuses
 * to go on from that.
 */
const agrees = async (store: SqliteLogStore, journal: Journal): Promise<boolean> => {
  if (store.journalId !== journal.journalId) return false;
  const last = store.head() - 1;
  if (last < 0 || last >= (await journal.head())) return true;
  const [ours] = store.readRange(last, last + 1);
  const [theirs] = await journal.read(last, 1);
  return ours !== undefined && theirs !== undefined && ours.id === theirs.id;
};

const discard = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
};

// ---- A mirror that is open when its process is killed is whole, because the system keeps what was written; when the
// machine goes down it may not be.

const openMark = (folder: string): string => join(folder, 'mirror.open');

const wentDownWithMachine = (folder: string): boolean => {
  try {
    const mark = readFileSync(openMark(folder), 'utf8');
    return mark === unknownBoot || mark !== bootId();
  } catch {
    return false;
  }
};

const unknownBoot = 'unknown';
const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return unknownBoot;
  }
};
