import type { KeyObject } from 'node:crypto';
import type { SubjectKeyId } from '../vocabulary.js';

/** Subject keys, wrapped under the master key; apart from events and read models, so that destroying one forgets one person everywhere. */
export interface KeyStore {
  /** Makes `count` fresh keys durable in one write and returns them for use. Unused ones of an earlier run are simply never named. */
  makeKeys(count: number): Promise<readonly { readonly id: SubjectKeyId; readonly key: KeyObject }[]>;
  /** `undefined`: destroyed. */
  openKeys(ids: readonly SubjectKeyId[]): Promise<ReadonlyMap<SubjectKeyId, KeyObject | undefined>>;
  /** After this nothing in the store, its free pages or its journal holds the key's bytes. */
  destroyKeys(ids: readonly SubjectKeyId[]): Promise<void>;
  /** The secret of one epoch of identity keys (`key-<epoch>-…`), or of search tokens; made on first use. */
  secret(name: string): Promise<KeyObject>;
  close(): Promise<void>;
}
