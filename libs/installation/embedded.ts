import { systemClock, systemIds, systemTimers } from '#adapters/clock-system/clock-system.js';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { openSqliteKeyStore } from '#adapters/key-store-sqlite/key-store-sqlite.js';
import { loadMasterKey, type MasterKey } from '#adapters/master-key/master-key.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { openSqlitePositions } from '#adapters/positions-sqlite/positions-sqlite.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { openSqliteReadStore } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import type { Clock, Ids, Timers } from '#event-sourcing/ports/clock.js';
import type { CrashPoint } from '#event-sourcing/ports/read-store.js';
import type { OrganisationId } from '#event-sourcing/vocabulary.js';
import { systemClockGuard, type GuardedClock } from './clock-confirmation.js';
import { storesMustAgree } from './stores/stores-of-folder.js';
import { Installation } from './installation.js';

export interface EmbeddedOptions {
  /** Everything but the master key lies in this one folder. */
  readonly folder: string;
  readonly organisation?: string;
  /** Where the master key lies; outside the folder when absent. */
  readonly masterKeyPath?: string;
  /** Told where a new master key was made, so that somebody copies it before it is missed. */
  readonly onMasterKey?: (key: MasterKey) => void;
  /** The disk failed and only a restart can tell what it holds. */
  readonly onFatal?: (error: unknown) => void;
  /** Told of a reaction that failed and is tried again. */
  readonly onError?: (error: unknown) => void;
  readonly clock?: Clock;
  /** Given, nothing is recorded while the machine's clock cannot be believed. Only for the machine's own clock. */
  readonly guardedClock?: GuardedClock;
  readonly timers?: Timers;
  readonly ids?: Ids;
  readonly reserveBytes?: number;
  readonly crashPoint?: CrashPoint;
}

/**
 * An installation with nothing to install: event log, keys and read models on SQLite in one folder.
 * Throws FolderLockedError when another process has the folder, MasterKeyFileError or MasterKeyError when the key is
 * missing or wrong, StoresDisagreeError when the files of the folder do not belong together.
 */
export const openEmbedded = async ({
  folder,
  organisation = 'default',
  masterKeyPath,
  onMasterKey,
  onFatal,
  onError,
  clock = systemClock,
  guardedClock,
  timers = systemTimers,
  ids = systemIds,
  reserveBytes,
  crashPoint,
}: EmbeddedOptions): Promise<Installation> => {
  // The key comes before the first file: a folder that holds data and has no key is never given a new one.
  const masterKey = loadMasterKey({
    dataFolder: folder,
    ...(masterKeyPath === undefined ? {} : { path: masterKeyPath }),
  });
  if (masterKey.created) onMasterKey?.(masterKey);
  const log = await openSqliteEventLog({
    folder,
    clock,
    beforeOpening: storesMustAgree,
    ...(onFatal === undefined ? {} : { onFatal }),
    ...(reserveBytes === undefined ? {} : { reserveBytes }),
  });
  try {
    const keyStore = await openSqliteKeyStore({ folder, masterKey: masterKey.key, journalId: log.journalId });
    const readStore = await openSqliteReadStore({
      folder,
      journalId: log.journalId,
      ...(crashPoint === undefined ? {} : { crashPoint }),
    });
    const positions = await openSqlitePositions({ folder });
    return await Installation.open({
      log,
      keyStore,
      readStore,
      positions,
      clock,
      ...(guardedClock === undefined ? {} : { clockGuard: systemClockGuard(folder, guardedClock) }),
      timers,
      ids,
      organisation: organisation as OrganisationId,
      ...(onError === undefined ? {} : { onError }),
      ...(crashPoint === undefined ? {} : { crashPoint }),
    });
  } catch (error) {
    await log.close();
    throw error;
  }
};

/** An installation that forgets everything when it ends: for tests and for trying things out. */
export const openInMemory = ({
  organisation = 'default',
  clock = systemClock,
  timers = systemTimers,
  ids = systemIds,
}: Pick<EmbeddedOptions, 'organisation' | 'clock' | 'timers' | 'ids'> = {}): Promise<Installation> =>
  Installation.open({
    log: memoryEventLog(),
    keyStore: memoryKeyStore(),
    readStore: memoryReadStore(),
    positions: memoryPositions(),
    clock,
    timers,
    ids,
    organisation: organisation as OrganisationId,
  });
