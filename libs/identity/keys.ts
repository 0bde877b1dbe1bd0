import { createHmac, type KeyObject } from 'node:crypto';
import type { ProgramId, StreamName } from '#event-sourcing/vocabulary.js';

export interface KeyPart {
  readonly kind: string;
  readonly value: string;
}

/**
 * A part of a key that must not be empty was, or held half a surrogate pair: the caller should have refused the text.
 */
export class KeyPartError extends Error {
  override readonly name = 'KeyPartError';
  constructor(readonly problem: 'noParts' | 'emptyPart' | 'loneSurrogate' | 'sameKindTwice' | 'badEpoch') {
    super(problem);
  }
}

/**
 * One text for a key of several parts (name + phone + project, R09.06): the same parts in any order give the same text,
 * and no two
 * different sets of parts do, because each is preceded by its length. Values are normalised before. Throws
 * KeyPartError.
 */
export const composeKey = (parts: readonly KeyPart[]): string => {
  if (parts.length === 0) throw new KeyPartError('noParts');
  if (new Set(parts.map(({ kind }) => kind)).size !== parts.length) throw new KeyPartError('sameKindTwice');
  return parts
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
    .map(({ kind, value }) => lengthPrefixed(kind) + lengthPrefixed(value))
    .join('');
};

/**
 * The stream that says which dossiers an identity key belongs to. Named by a keyed hash, because a name with the phone
 * in it, or its plain
 * hash, could be read back by trying all numbers. Another epoch has another secret and other names.
 */
export const identityKeyStream = (
  epoch: number | string,
  secret: KeyObject,
  program: ProgramId,
  kind: string,
  value: string,
): StreamName => {
  if (!/^[A-Za-z0-9]{1,16}$/.test(String(epoch))) throw new KeyPartError('badEpoch');
  const digest = createHmac('sha256', secret)
    .update([program, kind, value].map(lengthPrefixed).join(''), 'utf8')
    .digest('hex');
  return `key-${epoch}-${digest.slice(0, 32)}` as StreamName;
};

/** Length in UTF-16 units, a colon, the text. */
const lengthPrefixed = (text: string): string => {
  if (text === '') throw new KeyPartError('emptyPart');
  if (!text.isWellFormed()) throw new KeyPartError('loneSurrogate');
  return `${text.length}:${text}`;
};
