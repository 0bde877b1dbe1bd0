import type { KeyObject } from 'node:crypto';
import { recentlyUsed } from '../recently-used.js';
import type { KeyStore } from '../ports/key-store.js';
import type { SubjectKeyId } from '../vocabulary.js';

/** Opened keys that were used lately, at most `max`; those used longest ago leave first. */
export interface KeyCache {
  /** One call of the key store for all keys that are not at hand. `undefined`: destroyed. */
  open(ids: Iterable<SubjectKeyId>): Promise<ReadonlyMap<SubjectKeyId, KeyObject | undefined>>;
  keep(id: SubjectKeyId, key: KeyObject): void;
  /** Drops keys that were destroyed, so that erasure is immediate here too. */
  forget(ids: readonly SubjectKeyId[]): void;
}

export const createKeyCache = ({
  keyStore,
  max,
}: {
  readonly keyStore: Pick<KeyStore, 'openKeys'>;
  readonly max: number;
}): KeyCache => {
  const atHand = recentlyUsed<SubjectKeyId, KeyObject>(max);
  let erasures = 0;
  return {
    keep: (id, key) => {
      atHand.set(id, key);
    },
    async open(ids) {
      const keys = new Map<SubjectKeyId, KeyObject | undefined>();
      for (const id of ids) keys.set(id, atHand.get(id));
      const missing = [...keys.keys()].filter((id) => keys.get(id) === undefined);
      const before = erasures;
      if (missing.length > 0) for (const [id, key] of await keyStore.openKeys(missing)) keys.set(id, key);
      // A key fetched while somebody was being forgotten may be theirs: it serves this call and is not kept.
      if (before === erasures) for (const [id, key] of keys) if (key !== undefined) atHand.set(id, key);
      return keys;
    },
    forget(ids) {
      erasures += 1;
      for (const id of ids) atHand.delete(id);
    },
  };
};
