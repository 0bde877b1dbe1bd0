import type { KeyObject } from 'node:crypto';
import { KeyUnknownError, type KeyStore } from '../ports/key-store.js';
import type { SubjectKeyId } from '../vocabulary.js';

export interface KeyStoreUnderTest {
  readonly store: KeyStore;
  /** Closes the store and opens it again as another process would; absent for one that ends with its process. */
  readonly reopen?: () => Promise<KeyStore>;
}

const bytesOf = (key: KeyObject | undefined): string | undefined => key?.export().toString('hex');

/** What every key store promises. */
export const keyStoreContract = (name: string, open: () => Promise<KeyStoreUnderTest>): void => {
  describe(`key store: ${name}`, () => {
    let under: KeyStoreUnderTest;
    let store: KeyStore;
    beforeEach(async () => {
      under = await open();
      store = under.store;
    });
    afterEach(async () => {
      await store.close();
    });

    it('makes keys of 32 bytes that all differ, and opens each by its name', async () => {
      const made = await store.makeKeys(1000);
      expect(new Set(made.map(({ id }) => id)).size).toBe(1000);
      expect(new Set(made.map(({ key }) => bytesOf(key))).size).toBe(1000);
      expect(made.every(({ key }) => key.symmetricKeySize === 32)).toBe(true);
      const opened = await store.openKeys(made.map(({ id }) => id));
      expect(made.every(({ id, key }) => bytesOf(opened.get(id)) === bytesOf(key))).toBe(true);
    });

    it('opens nothing when asked for nothing, and a key once when asked twice', async () => {
      const [made] = await store.makeKeys(1);
      expect((await store.openKeys([])).size).toBe(0);
      expect((await store.openKeys([made!.id, made!.id])).size).toBe(1);
    });

    it('answers a destroyed key with undefined and keeps the others', async () => {
      const [one, other] = await store.makeKeys(2);
      await store.destroyKeys([one!.id]);
      const opened = await store.openKeys([one!.id, other!.id]);
      expect(opened.has(one!.id)).toBe(true);
      expect(opened.get(one!.id)).toBeUndefined();
      expect(bytesOf(opened.get(other!.id))).toBe(bytesOf(other!.key));
    });

    it('may be asked to destroy again', async () => {
      const [made] = await store.makeKeys(1);
      await store.destroyKeys([made!.id]);
      await store.destroyKeys([made!.id]);
      expect((await store.openKeys([made!.id])).get(made!.id)).toBeUndefined();
    });

    it('refuses a key it never had: a lost key must not look like an erasure', async () => {
      await expect(store.openKeys(['nobody' as SubjectKeyId])).rejects.toBeInstanceOf(KeyUnknownError);
    });

    it('counts a key it never had as destroyed once it was told to', async () => {
      await store.destroyKeys(['lost' as SubjectKeyId]);
      expect((await store.openKeys(['lost' as SubjectKeyId])).get('lost' as SubjectKeyId)).toBeUndefined();
    });

    it('makes a secret on first use and gives the same one ever after', async () => {
      const first = await store.secret('epoch-1');
      expect(first.symmetricKeySize).toBe(32);
      expect(bytesOf(await store.secret('epoch-1'))).toBe(bytesOf(first));
      expect(bytesOf(await store.secret('epoch-2'))).not.toBe(bytesOf(first));
    });

    it('keeps keys, erasures and secrets when it is opened again', async () => {
      const [kept, gone] = await store.makeKeys(2);
      const secret = await store.secret('epoch-1');
      await store.destroyKeys([gone!.id]);
      if (under.reopen !== undefined) store = await under.reopen();
      const opened = await store.openKeys([kept!.id, gone!.id]);
      expect(bytesOf(opened.get(kept!.id))).toBe(bytesOf(kept!.key));
      expect(opened.get(gone!.id)).toBeUndefined();
      expect(bytesOf(await store.secret('epoch-1'))).toBe(bytesOf(secret));
    });
  });
};
