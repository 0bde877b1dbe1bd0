import { MongoServerSelectionError } from 'mongodb';
import { FolderLockedError } from '#adapters/event-log-sqlite/folder-lock.js';
import { EventStoreUrlError } from '#adapters/journal-eventstoredb/connection.js';
import { OtherJournalError } from '#adapters/journal-eventstoredb/identity.js';
import { EventStoreServerError } from '#adapters/journal-eventstoredb/server-checks.js';
import { KeyBrokenError, MasterKeyError } from '#adapters/key-wrapping/key-wrapping.js';
import { MasterKeyFileError } from '#adapters/master-key/master-key.js';
import { MongoUrlError } from '#adapters/read-store-mongodb/connection.js';
import { ReadStoreUnusableError } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { ClockHeldError } from '#event-sourcing/ports/clock.js';
import { JournalUnavailableError } from '#event-sourcing/ports/journal.js';

const known = [
  FolderLockedError,
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
  const { code, port, name, type } = error as {
    readonly code?: unknown;
    readonly port?: number;
    readonly name?: string;
    readonly type?: unknown;
  };
  // The client's errors are all called «Error».
  if (type === 'access-denied')
    return 'EventStoreDB 拒绝了 EVENTSTOREDB_URL 中的用户与口令。 / EventStoreDB refuses the user and password in EVENTSTOREDB_URL.';
  if (name === 'MongoServerError' && (code === 18 || code === 13))
    return 'MongoDB 拒绝了连接地址中的用户与口令，或该用户没有权限。 / MongoDB refuses the user and password of its address, or that user may not do this.';
  if (code === 'EADDRINUSE')
    return `端口 ${port} 已被占用，请用 PORT（或 PEER_PORT、METRICS_PORT）另选一个。 / Port ${port} is taken; choose another by PORT (or PEER_PORT, METRICS_PORT).`;
  if (code === 'EACCES' && port !== undefined)
    return `没有权限监听端口 ${port}，请用 PORT（或 PEER_PORT、METRICS_PORT）另选一个。 / Not allowed to listen on port ${port}; choose another by PORT (or PEER_PORT, METRICS_PORT).`;
  return undefined;
};
