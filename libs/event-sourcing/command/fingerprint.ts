import { createHmac, type KeyObject } from 'node:crypto';
import { canonicalText } from '../canonical.js';
import type { Code } from '../vocabulary.js';

const fingerprintBytes = 16;

/**
 * Tells one command from another under the same id, and whoever lacks the secret nothing: a plain hash of a telephone
 * number is the number to anybody who tries them all. Order of fields counts for nothing.
 */
export const fingerprintOf = (secret: KeyObject, name: string, input: unknown): Code =>
  createHmac('sha256', secret)
    .update(canonicalText({ name, input }), 'utf8')
    .digest()
    .subarray(0, fingerprintBytes)
    .toString('base64url') as Code;
