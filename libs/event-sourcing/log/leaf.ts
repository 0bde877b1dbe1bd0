import { createHash } from 'node:crypto';
import type { StoredEvent } from '../ports/event-log.js';

export type Leaf = Pick<StoredEvent, 'stream' | 'revision' | 'id' | 'type' | 'data'>;

/**
 * What the ledger says about one event: stream, revision (8 bytes, big-endian), id, type and data, each behind its
 * length (4 bytes, big-endian),
 * texts in UTF-8. Nothing that a storage adds or may change takes part, so proofs outlive a move between storages.
 */
export const leafBytes = ({ stream, revision, id, type, data }: Leaf): Uint8Array => {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(revision));
  return Buffer.concat(
    [Buffer.from(stream, 'utf8'), place, Buffer.from(id, 'utf8'), Buffer.from(type, 'utf8'), data].flatMap((part) => [
      lengthOf(part),
      part,
    ]),
  );
};

const lengthOf = (part: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(part.length);
  return length;
};

/** SHA-256 over a zero byte and the leaf, as RFC 9162 hashes the leaves of a tree. */
export const leafHash = (event: Leaf): Buffer =>
  createHash('sha256').update(Buffer.of(0)).update(leafBytes(event)).digest();
