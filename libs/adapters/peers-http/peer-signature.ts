import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/**
 * Who may hand us commits: whoever has the secret of this installation's key store. Both directions are signed, the
 * answer together with
 * the question. A message that is sent again does no harm: a command is recorded once.
 */
export const signatureHeader = 'x-baobei-signature';

export const signatureOf = (secret: KeyObject, journalId: string, ...parts: readonly string[]): string => {
  const hmac = createHmac('sha256', secret).update(journalId);
  for (const part of parts) hmac.update(`\n${Buffer.byteLength(part)}\n`).update(part);
  return hmac.digest('hex');
};

export const isSigned = (given: unknown, expected: string): boolean =>
  typeof given === 'string' &&
  given.length === expected.length &&
  timingSafeEqual(Buffer.from(given), Buffer.from(expected));
