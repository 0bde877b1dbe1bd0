import { createKeyCache } from './key-cache.js';
import type { KeyStore } from '../ports/key-store.js';
import type { SubjectKey } from './sealing.js';
import type { SubjectKeyId } from '../vocabulary.js';

export type { SubjectKey };

/**
 * The keys that commands seal with: new ones made ahead of need and already durable, so that a new customer costs no
 * second fsync.
 */
export interface KeyPool {
  /** A key nobody else gets. Waits only when the pool ran dry; rejects then when the key store cannot write. */
  take(): Promise<SubjectKey>;
  /** The key of a person who has one; `undefined` when it was destroyed. */
  reopen(id: SubjectKeyId): Promise<SubjectKey | undefined>;
  /** Fills the pool at start, so that the first customer does not wait. */
  prefetch(): Promise<void>;
  /** Drops keys that were destroyed, so that nothing more is sealed with them. */
  forget(ids: readonly SubjectKeyId[]): void;
  /** New keys at hand. */
  readonly size: number;
}

export interface KeyPoolOptions {
  readonly keyStore: Pick<KeyStore, 'makeKeys' | 'openKeys'>;
  /** Keys made in one write. */
  readonly size?: number;
  /** With fewer than this at hand the next ones are made in the background; default a quarter of `size`. */
  readonly refillBelow?: number;
  /** Keys of known persons kept in memory. */
  readonly cacheMax?: number;
}

export const createKeyPool = ({
  keyStore,
  size = 1000,
  refillBelow = Math.ceil(size / 4),
  cacheMax = 10_000,
}: KeyPoolOptions): KeyPool => {
  const fresh: SubjectKey[] = [];
  const known = createKeyCache({ keyStore, max: cacheMax });
  let refilling: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    try {
      fresh.push(...(await keyStore.makeKeys(size)));
    } finally {
      refilling = undefined;
    }
  };
  const refill = (): Promise<void> => (refilling ??= make());
  // A refill ahead of need may fail: whoever finds the pool empty tries again and hears of it.
  const refillAhead = (): void => {
    refill().catch(() => undefined);
  };
  return {
    async take() {
      while (fresh.length === 0) await refill();
      const taken = fresh.pop()!;
      if (fresh.length < refillBelow) refillAhead();
      known.keep(taken.id, taken.key); // The next command about this person comes soon.
      return taken;
    },
    async reopen(id) {
      const key = (await known.open([id])).get(id);
      return key === undefined ? undefined : { id, key };
    },
    async prefetch() {
      if (fresh.length < Math.max(refillBelow, 1)) await refill();
    },
    forget: known.forget,
    get size() {
      return fresh.length;
    },
  };
};
