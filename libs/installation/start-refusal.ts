import { MongoServerSelectionError } from 'mongodb';
import { RowDamagedError } from '#adapters/event-log-sqlite/event-row.js';
import { FolderLockedError } from '#adapters/event-log-sqlite/folder-lock.js';
import { FileUnusableError, fileUnusable } from '#adapters/folder/folder.js';
import { EventStoreUrlError } from '#adapters/journal-eventstoredb/connection.js';
import { OtherJournalError } from '#adapters/journal-eventstoredb/identity.js';
import { EventStoreServerError } from '#adapters/journal-eventstoredb/server-checks.js';
import { KeyBrokenError, MasterKeyError } from '#adapters/key-wrapping/key-wrapping.js';
import { MasterKeyFileError } from '#adapters/master-key/master-key.js';
import { MongoUrlError } from '#adapters/read-store-mongodb/connection.js';
import { ReadStoreUnusableError } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { ClockHeldError } from '#event-sourcing/ports/clock.js';
import { StorageFullError } from '#event-sourcing/ports/event-log.js';
import { KeyUnknownError } from '#event-sourcing/ports/key-store.js';
import { JournalUnavailableError } from '#event-sourcing/ports/journal.js';
import { StoresDisagreeError } from './stores/stores-of-folder.js';

const known = [
  FileUnusableError,
  FolderLockedError,
  RowDamagedError,
  StoresDisagreeError,
  StorageFullError,
  KeyUnknownError,
  MasterKeyFileError,
  MasterKeyError,
  KeyBrokenError,
  ReadStoreUnusableError,
  EventStoreUrlError,
  EventStoreServerError,
  OtherJournalError,
  MongoUrlError,
  ClockHeldError,
] as const;

/**
 * What somebody who starts the process can mend, as the sentence to show; undefined for a bug. None of these repeats a
 * personal value or a password.
 */
export const startRefusal = (error: unknown): string | undefined => {
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  if (error instanceof JournalUnavailableError)
    return 'EventStoreDB 没有应答，请检查 EVENTSTOREDB_URL 及该服务器。 / EventStoreDB does not answer; look at EVENTSTOREDB_URL and at that server.';
  if (error instanceof MongoServerSelectionError)
    return 'MongoDB 没有应答，请检查 MONGODB_URL（及 MONGODB_KEYS_URL）与该服务器。 / MongoDB does not answer; look at MONGODB_URL (and MONGODB_KEYS_URL) and at that server.';
  const { code, port, name, type, path, syscall } = error as {
    readonly code?: unknown;
    readonly port?: number;
    readonly name?: string;
    readonly type?: unknown;
    readonly path?: unknown;
    readonly syscall?: string;
  };
  // The client's errors are all called «Error».
  if (type === 'access-denied')
    return 'EventStoreDB 拒绝了 EVENTSTOREDB_URL 中的用户与口令。 / EventStoreDB refuses the user and password in EVENTSTOREDB_URL.';
  if (name === 'MongoServerError' && (code === 18 || code === 13))
    return 'MongoDB 拒绝了连接地址中的用户与口令，或该用户没有权限。 / MongoDB refuses the user and password of its address, or that user may not do this.';
  if (code === 'EADDRINUSE')
    return `端口 ${port} 已被占用，请用 PORT（或 PEER_PORT、METRICS_PORT）另选一个。 / Port ${port} is taken; choose another by PORT (or PEER_PORT, METRICS_PORT).`;
  if (code === 'EADDRNOTAVAIL' || syscall?.startsWith('getaddrinfo') === true) return otherHost;
  if (code === 'EACCES' && port !== undefined)
    return `没有权限监听端口 ${port}，请用 PORT（或 PEER_PORT、METRICS_PORT）另选一个。 / Not allowed to listen on port ${port}; choose another by PORT (or PEER_PORT, METRICS_PORT).`;
  // A key file, a list of keys, a disk that filled up in the middle of the start.
  if (typeof path === 'string') return fileUnusable(error, path)?.message;
  return name === 'SqliteError' ? fileUnusable(error, 'DATA_DIR')?.message : undefined;
};

const otherHost =
  'HOST（或 PEER_HOST、METRICS_HOST）不是本机的地址：请填本机的地址，或 0.0.0.0（所有地址）、127.0.0.1（仅本机）。 / HOST (or PEER_HOST, METRICS_HOST) is no address of this machine: name one of its own, 0.0.0.0 for all of them, or 127.0.0.1 for this machine alone.';
