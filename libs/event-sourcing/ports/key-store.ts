import type { KeyObject } from 'node:crypto';
import type { SubjectKeyId } from '../vocabulary.js';

/**
 * Subject keys, wrapped under the master key; apart from events and read models, so that destroying one forgets one
 * person everywhere.
 */
export interface KeyStore {
  /**
   * Makes `count` fresh keys durable in one write and returns them for use. Unused ones of an earlier run are simply
   * never named.
   */
  makeKeys(count: number): Promise<readonly { readonly id: SubjectKeyId; readonly key: KeyObject }[]>;
  /**
   * `undefined`: destroyed. Throws `KeyUnknownError` for a key it never had: losing keys must not look like an erasure.
   */
  openKeys(ids: readonly SubjectKeyId[]): Promise<ReadonlyMap<SubjectKeyId, KeyObject | undefined>>;
  /**
   * After this nothing in the store, its free pages or its journal holds the key's bytes. A key it never had counts as
   * destroyed from now on.
   */
  destroyKeys(ids: readonly SubjectKeyId[]): Promise<void>;
  /** The secret of one epoch of identity keys (`key-<epoch>-…`), or of search tokens; made on first use. */
  secret(name: string): Promise<KeyObject>;
  close(): Promise<void>;
}

/** The store is older than the log that names this key (a backup was put back), or another installation's. */
export class KeyUnknownError extends Error {
  override readonly name = 'KeyUnknownError';
  constructor(readonly key: SubjectKeyId) {
    super(
      `密钥库中没有密钥 ${key}：密钥库比日志旧，或属于另一套系统；请恢复与日志同一时间的密钥库。 / The key store has no key ${key}: it is older than the log or belongs to another installation; restore the key store of the log's own time.`,
    );
  }
}
