import { FolderLockedError } from '#adapters/event-log-sqlite/folder-lock.js';
import { KeyBrokenError, MasterKeyError } from '#adapters/key-wrapping/key-wrapping.js';
import { MasterKeyFileError } from '#adapters/master-key/master-key.js';
import { ReadStoreUnusableError } from '#adapters/read-store-sqlite/read-store-sqlite.js';

const known = [FolderLockedError, MasterKeyFileError, MasterKeyError, KeyBrokenError, ReadStoreUnusableError] as const;

/** What somebody who starts the process can mend, as the sentence to show; undefined for a bug. None of these repeats a personal value. */
export const startRefusal = (error: unknown): string | undefined => {
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, port } = error as { readonly code?: string; readonly port?: number };
  if (code === 'EADDRINUSE') return `端口 ${port} 已被占用，请用 PORT 另选一个。 / Port ${port} is taken; choose another by PORT.`;
  if (code === 'EACCES' && port !== undefined) return `没有权限监听端口 ${port}，请用 PORT 另选一个。 / Not allowed to listen on port ${port}; choose another by PORT.`;
  return undefined;
};
