import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { createKeyPool } from './key-pool.js';
import type { KeyStore } from '../ports/key-store.js';

const watched = (failing: () => boolean = () => false) => {
  const store = memoryKeyStore();
  const writes: number[] = [];
  const keyStore: KeyStore = {
    ...store,
    makeKeys: async (count) => {
      writes.push(count);
      if (failing()) throw new Error('disk full');
      return store.makeKeys(count);
    },
  };
  return { keyStore, writes };
};

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('a pool of subject keys', () => {
  it('gives every key once, from a few writes', async () => {
    const { keyStore, writes } = watched();
    const pool = createKeyPool({ keyStore, size: 100 });
    const taken = await Promise.all(Array.from({ length: 1_000 }, () => pool.take()));
    expect(new Set(taken.map(({ id }) => id)).size).toBe(1_000);
    expect(writes.length).toBeLessThanOrEqual(12);
    expect((await keyStore.openKeys([taken[0]!.id])).get(taken[0]!.id)).toBe(taken[0]!.key);
  });

  it('makes the next keys before the last are gone', async () => {
    const { keyStore, writes } = watched();
    const pool = createKeyPool({ keyStore, size: 10, refillBelow: 4 });
    await pool.prefetch();
    await pool.prefetch();
    expect([pool.size, writes]).toEqual([10, [10]]);
    for (let taken = 0; taken < 6; taken += 1) await pool.take();
    expect(writes).toEqual([10]);
    await pool.take();
    expect(writes).toEqual([10, 10]);
    await turn();
    expect(pool.size).toBe(13);
  });

  it("a refill that fails ahead of need is nobody's error; an empty pool that cannot be filled is", async () => {
    let full = false;
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => {
      unhandled.push(reason);
    };
    process.on('unhandledRejection', note);
    const { keyStore } = watched(() => full);
    const pool = createKeyPool({ keyStore, size: 2, refillBelow: 2 });
    await pool.prefetch();
    full = true;
    await pool.take();
    await pool.take();
    await turn();
    const failed = await Promise.allSettled([pool.take(), pool.take()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(pool.take()).rejects.toThrow('disk full');
    full = false;
    expect((await pool.take()).key.symmetricKeySize).toBe(32);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it("finds a known person's key again, and a destroyed one no more", async () => {
    const { keyStore } = watched();
    const pool = createKeyPool({ keyStore, size: 3 });
    const { id, key } = await pool.take();
    expect((await pool.reopen(id))?.key).toBe(key);
    await keyStore.destroyKeys([id]);
    pool.forget([id]);
    expect(await pool.reopen(id)).toBeUndefined();
  });
});
