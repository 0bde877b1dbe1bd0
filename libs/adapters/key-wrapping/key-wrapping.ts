import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';

/** The store was made under another master key. Nothing in it can be opened, and nothing was changed. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
  constructor(place: string, cause: unknown) {
    super(
      `主密钥打不开密钥库 ${place}：它是用另一把主密钥建立的；请用 BAOBEI_MASTER_KEY_FILE 指出原来的那一把。 / The master key does not open the key store ${place}: it was made under another one; name that one by BAOBEI_MASTER_KEY_FILE.`,
      { cause },
    );
  }
}

/** A wrapped key was changed or moved to another name: a damaged store, never an erasure. */
export class KeyBrokenError extends Error {
  override readonly name = 'KeyBrokenError';
  constructor(name: string, cause?: unknown) {
    const which = name.replace('\0', ' ');
    super(
      `密钥库中的 ${which} 已损坏，无法打开；请从备份恢复密钥库。 / In the key store, ${which} is damaged and does not open; restore the key store from a backup.`,
      { cause },
    );
  }
}

/** Nonce (12 bytes), the key under AES-256-GCM (32), tag (16), authenticated with the name it is kept under. */
export const wrappedLength = 60;
/** What stands where a key was: as long as one, so that it takes its very place. */
export const destroyed: Buffer = Buffer.alloc(wrappedLength);
export const isDestroyed = (wrapped: Uint8Array): boolean => destroyed.equals(wrapped);

export type WrappedKind = 'key' | 'secret';
const nameIn = (kind: WrappedKind, name: string): string => `${kind}\0${name}`;

/** `nonce` is 12 random bytes that were never used before. */
export const wrap = (
  masterKey: KeyObject,
  kind: WrappedKind,
  name: string,
  bytes: Uint8Array,
  nonce: Uint8Array = randomBytes(12),
): Buffer => {
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce);
  cipher.setAAD(Buffer.from(nameIn(kind, name), 'utf8'));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};

/** Throws `KeyBrokenError`. */
export const unwrap = (masterKey: KeyObject, kind: WrappedKind, name: string, wrapped: Uint8Array): KeyObject => {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(nameIn(kind, name), 'utf8'));
  decipher.setAuthTag(wrapped.subarray(-16));
  try {
    return createSecretKey(Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]));
  } catch (cause) {
    throw new KeyBrokenError(nameIn(kind, name), cause);
  }
};

/** What makes an id its own, the key, a nonce. */
const drawnPerKey = 10 + 32 + 12;

export interface NewKey {
  readonly id: SubjectKeyId;
  readonly bytes: Uint8Array;
  /** For `wrap`. */ readonly nonce: Uint8Array;
}
/**
 * Ids of one batch share their first bytes, so that they lie together in the index. All that is random is drawn at
 * once.
 */
export const newKeys = (count: number): readonly NewKey[] => {
  const batch = Buffer.alloc(6);
  batch.writeUIntBE(Date.now(), 0, 6);
  const random = randomBytes(count * drawnPerKey);
  return Array.from({ length: count }, (_, place) => {
    const drawn = random.subarray(place * drawnPerKey, (place + 1) * drawnPerKey);
    return {
      id: Buffer.concat([batch, drawn.subarray(0, 10)]).toString('base64url') as SubjectKeyId,
      bytes: drawn.subarray(10, 42),
      nonce: drawn.subarray(42),
    };
  });
};

/** The store's own first secret opens under the right master key only. Throws `MasterKeyError`. */
export const proveMasterKey = async (store: Pick<KeyStore, 'secret'>, place: string): Promise<void> => {
  try {
    await store.secret(proofName);
  } catch (error) {
    if (error instanceof KeyBrokenError) throw new MasterKeyError(place, error);
    throw error;
  }
};
export const proofName = 'master-key-proof';

/** A key or secret as it is kept: under the master key, or overwritten by zeros. */
export interface WrappedKey {
  readonly kind: WrappedKind;
  readonly name: string;
  readonly wrapped: Uint8Array;
}

/** How keys move between storages: as they are, under the same master key. */
export interface WrappedKeys {
  /**
   * In a stable order, from behind `after` on; at most `max`. The proof of the master key is the store's own and stays.
   */
  exportWrapped(after: Pick<WrappedKey, 'kind' | 'name'> | undefined, max: number): Promise<readonly WrappedKey[]>;
  /**
   * Takes what is missing and destroys what was destroyed there; a destroyed key never comes back. Throws
   * `KeyBrokenError` where another key has the name.
   */
  importWrapped(keys: readonly WrappedKey[]): Promise<void>;
}

/** What becomes of a kept key when one of the same name comes from elsewhere. */
export const merged = ({ kind, name, wrapped }: WrappedKey, kept: Uint8Array): 'stays' | 'destroyed' => {
  if (isDestroyed(kept) || Buffer.compare(kept, wrapped) === 0) return 'stays';
  if (isDestroyed(wrapped) && kind === 'key') return 'destroyed'; // Secrets are never destroyed.
  throw new KeyBrokenError(nameIn(kind, name));
};
