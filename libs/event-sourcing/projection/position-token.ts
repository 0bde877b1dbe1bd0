import { createHash } from 'node:crypto';
import type { Position } from '../vocabulary.js';

/** The token is no position of ours, or was changed on its way. */
export class PositionTokenError extends Error {
  override readonly name = 'PositionTokenError';
}
/** A position of another journal says nothing about this one. */
export class ForeignPositionError extends Error {
  override readonly name = 'ForeignPositionError';
}

const form = 1;
const markLength = 8;
const tokenLength = 1 + markLength + 8;

const markOf = (journalId: string): Buffer => createHash('sha256').update(journalId).digest().subarray(0, markLength);

/**
 * Opaque base64url, 23 characters: the form, a mark of the journal, the position of the last event seen (-1: none yet).
 */
export const encodePosition = (journalId: string, position: Position): string => {
  if (!Number.isSafeInteger(position) || position < -1) throw new RangeError(`${position} is not a position`);
  const bytes = Buffer.alloc(tokenLength);
  bytes.writeUInt8(form, 0);
  markOf(journalId).copy(bytes, 1);
  bytes.writeBigInt64BE(BigInt(position), 1 + markLength);
  return bytes.toString('base64url');
};

/** Throws PositionTokenError on anything malformed, ForeignPositionError on a position of another journal. */
export const decodePosition = (token: string, journalId: string): Position => {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== tokenLength || bytes.toString('base64url') !== token || bytes.readUInt8(0) !== form)
    throw new PositionTokenError('This is not a position');
  if (!bytes.subarray(1, 1 + markLength).equals(markOf(journalId)))
    throw new ForeignPositionError('This position belongs to another journal');
  const position = Number(bytes.readBigInt64BE(1 + markLength));
  if (!Number.isSafeInteger(position) || position < -1) throw new PositionTokenError('This is not a position');
  return position;
};
