import { createCipheriv, createDecipheriv, hash, type KeyObject } from 'node:crypto';
import { canonicalText } from '../canonical.js';
import type { Box, Personal, PersonSlot, PersonalValue } from '../event.js';
import { createKeyCache } from './key-cache.js';
import type { Ids } from '../ports/clock.js';
import type { KeyStore } from '../ports/key-store.js';
import type { EventId, SubjectKeyId } from '../vocabulary.js';

/** A person's key and its name. The name is written, the key never. */
export interface SubjectKey {
  readonly id: SubjectKeyId;
  readonly key: KeyObject;
}

/**
 * One field of an opened box. `salt` (base64url, 16 bytes) goes with the value when it is disclosed, so that its
 * commitment can be checked.
 */
export interface OpenedField {
  readonly salt: string;
  readonly value: PersonalValue;
}

/** The fields of an opened box by path: `note`, or `form.phone` for an entry of a record. */
export type OpenedBox = ReadonlyMap<string, OpenedField>;

/** A box and, per path, the commitment that stands beside it in clear. */
export interface SealedBox {
  readonly box: Box;
  readonly fields: Readonly<Record<string, string>>;
}

/** The box was changed, moved to another event or slot, or given another key: never an erasure. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
  constructor(
    readonly event: EventId,
    readonly slot: PersonSlot,
    options?: ErrorOptions,
  ) {
    super(`The sealed fields (${slot}) of event ${event} do not open: they were changed, or belong elsewhere`, options);
  }
}

const nonceLength = 12;
const saltLength = 16;
const tagLength = 16;

/** What the seal is bound to beside its content: a box opens in its own event and slot only. */
const boundTo = (event: EventId, slot: PersonSlot): Buffer => Buffer.from(`${event}\0${slot}`, 'utf8');

/** Seals one person's fields of one event. `values` by path, at least one. */
export const sealBox = (
  event: EventId,
  slot: PersonSlot,
  values: ReadonlyMap<string, PersonalValue>,
  { id, key }: SubjectKey,
  ids: Pick<Ids, 'bytes'>,
): SealedBox => {
  const random = Buffer.from(ids.bytes(nonceLength + values.size * saltLength));
  const nonce = random.subarray(0, nonceLength);
  const fields: [path: string, commitment: string][] = [];
  let inside = '';
  let from = nonceLength;
  // In canonical order, so that the inside can be written straight away, each value's text once for the seal and for
  // its commitment.
  for (const path of [...values.keys()].toSorted()) {
    const salt = random.subarray(from, (from += saltLength));
    const text = canonicalText(values.get(path));
    fields.push([path, commit(path, salt, text)]);
    inside += `${inside === '' ? '{' : ','}${canonicalText(path)}:{"salt":"${salt.toString('base64url')}","value":${text}}`;
  }
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(boundTo(event, slot));
  const sealed = Buffer.concat([cipher.update(`${inside}}`, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    box: {
      alg: 'A256GCM',
      key: id,
      event,
      slot,
      nonce: nonce.toString('base64url'),
      sealed: sealed.toString('base64url'),
    },
    fields: Object.fromEntries(fields),
  };
};

/** Opens a box with its person's key. Throws `SealBrokenError` unless every bit is as it was sealed. */
export const openBox = (box: Box, key: KeyObject): OpenedBox => {
  try {
    if (box.alg !== 'A256GCM') throw new Error(`Unknown algorithm ${String(box.alg)}`);
    const sealed = Buffer.from(box.sealed, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(box.nonce, 'base64url'), {
      authTagLength: tagLength,
    });
    decipher.setAAD(boundTo(box.event, box.slot));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    const text = decipher.update(sealed.subarray(0, -tagLength), undefined, 'utf8') + decipher.final('utf8');
    return new Map(Object.entries(JSON.parse(text) as Record<string, OpenedField>));
  } catch (cause) {
    throw new SealBrokenError(box.event, box.slot, { cause });
  }
};

/**
 * The commitment to one field (base64url of 32 bytes): SHA-256(salt ‖ path length as uint32be ‖ path ‖ canonical
 * value), texts in UTF-8.
 * `text` is the canonical value. The salt lies in the box, so once the key is gone nobody can try values against it.
 */
const commit = (path: string, salt: Uint8Array, text: string): string => {
  const pathLength = Buffer.byteLength(path, 'utf8');
  const bytes = Buffer.allocUnsafe(salt.length + 4 + pathLength + Buffer.byteLength(text, 'utf8'));
  bytes.set(salt, 0);
  bytes.writeUInt32BE(pathLength, salt.length);
  bytes.write(path, salt.length + 4, 'utf8');
  bytes.write(text, salt.length + 4 + pathLength, 'utf8');
  return hash('sha256', bytes, 'base64url');
};

/** Whether a disclosed field is the one an event committed to. `salt` as it stood in the box (base64url). */
export const verifyDisclosure = (commitment: string, path: string, salt: string, value: PersonalValue): boolean => {
  const bytes = Buffer.from(salt, 'base64url');
  return bytes.length === saltLength && path.isWellFormed() && commit(path, bytes, canonicalText(value)) === commitment;
};

/** One field of an opened box as readers take it; `undefined` when the event did not hold it. */
export const field = <T extends PersonalValue = string>(
  opened: OpenedBox | 'erased',
  path: string,
): Personal<T> | undefined => {
  if (opened === 'erased') return { erased: true };
  const found = opened.get(path);
  return found === undefined ? undefined : { value: found.value as T };
};

/** All entries of a personal record (`form`) of an opened box, by their own names. */
export const record = <T extends PersonalValue = string>(
  opened: OpenedBox | 'erased',
  name: string,
): ReadonlyMap<string, T> | 'erased' =>
  opened === 'erased'
    ? 'erased'
    : new Map(
        [...opened]
          .filter(([path]) => path.startsWith(`${name}.`))
          .map(([path, { value }]) => [path.slice(name.length + 1), value as T]),
      );

/** Opens boxes for the page that is shown. Keeps at most `cacheMax` keys in memory. */
export interface Opener {
  /**
   * In the order given; one call of the key store for all keys that are not at hand. Throws `SealBrokenError` for a
   * forged box.
   */
  open(boxes: readonly Box[]): Promise<readonly (OpenedBox | 'erased')[]>;
  /** Drops keys that were destroyed, so that erasure is immediate here too. */
  forget(keys: readonly SubjectKeyId[]): void;
}

export const createOpener = ({
  keyStore,
  cacheMax = 10_000,
}: {
  readonly keyStore: Pick<KeyStore, 'openKeys'>;
  readonly cacheMax?: number;
}): Opener => {
  const cache = createKeyCache({ keyStore, max: cacheMax });
  return {
    async open(boxes) {
      const keys = await cache.open(boxes.map(({ key }) => key));
      return boxes.map((box) => {
        const key = keys.get(box.key);
        return key === undefined ? 'erased' : openBox(box, key);
      });
    },
    forget: cache.forget,
  };
};
