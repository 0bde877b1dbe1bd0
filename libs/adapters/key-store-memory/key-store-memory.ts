import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { KeyUnknownError, type KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';

/** Keys that end with the process: for tests, simulations and sandboxes. */
export const memoryKeyStore = (): KeyStore => {
  const keys = new Map<SubjectKeyId, KeyObject | undefined>();
  const secrets = new Map<string, KeyObject>();
  return {
    async makeKeys(count) {
      return Array.from({ length: count }, () => {
        const made = {
          id: randomBytes(16).toString('base64url') as SubjectKeyId,
          key: createSecretKey(randomBytes(32)),
        };
        keys.set(made.id, made.key);
        return made;
      });
    },
    async openKeys(ids) {
      const unknown = ids.find((id) => !keys.has(id));
      if (unknown !== undefined) throw new KeyUnknownError(unknown);
      return new Map(ids.map((id) => [id, keys.get(id)]));
    },
    async destroyKeys(ids) {
      for (const id of ids) keys.set(id, undefined);
    },
    async secret(name) {
      const found = secrets.get(name) ?? createSecretKey(randomBytes(32));
      secrets.set(name, found);
      return found;
    },
    async close() {},
  };
};
