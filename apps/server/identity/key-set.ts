import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '#event-sourcing/ports/clock.js';

/** Picks the key that a token names. Throws when there is none. */
export type FindKey = JWTVerifyGetKey;

/** Brings the text of a key set. Rejects when it cannot. */
export type FetchKeySet = (url: URL) => Promise<string>;

export interface RemoteKeysOptions {
  readonly clock: Clock;
  readonly fetchKeySet: FetchKeySet;
  /** At most one request to the issuer in this time, whatever tokens come. */
  readonly cooldown?: number;
  /** Keys older than this are asked for again; until the answer comes, and when none comes, the old ones stay. */
  readonly refreshAfter?: number;
}

export const keySetBytesMax = 64 * 1_024;
const keysMax = 32;
const fetchTimeout = 5_000;

/**
 * The keys in `text` that may sign access tokens: asymmetric and public only. Throws when the text is no key set or
 * holds none.
 */
export const parseKeySet = (text: string): JSONWebKeySet => {
  if (Buffer.byteLength(text) > keySetBytesMax) throw new Error('The key set is too large');
  const parsed: unknown = JSON.parse(text);
  const listed =
    typeof parsed === 'object' && parsed !== null && 'keys' in parsed && Array.isArray(parsed.keys)
      ? (parsed.keys as readonly unknown[])
      : [];
  if (listed.length > keysMax) throw new Error('The key set has too many keys');
  const keys = listed.filter(isSigningKey);
  if (keys.length === 0) throw new Error('The key set holds no signing key');
  return { keys };
};

/**
 * A symmetric key in a public document is a secret that everybody has; a private one is no better. Neither ever
 * verifies anything here.
 */
const isSigningKey = (key: unknown): key is JWK => {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, kid, use, d, k } = key as JWK;
  return (
    (kty === 'OKP' || kty === 'EC' || kty === 'RSA') &&
    typeof kid === 'string' &&
    kid !== '' &&
    (use === undefined || use === 'sig') &&
    d === undefined &&
    k === undefined
  );
};

/** The file of AUTH_JWKS_FILE is no key set; the sentence says so at the start. */
export class KeySetFileError extends Error {
  override readonly name = 'KeySetFileError';
}

/**
 * Keys from a file: a wrong one stops the start. Looked at with each token that is not remembered and read again when
 * it was changed; a change that cannot be read leaves the keys as they were, so that half a file locks nobody out.
 */
export const keysFromFile = async (path: string): Promise<FindKey> => {
  let seen = await stateOf(path);
  let current = createLocalJWKSet(await keySetIn(path));
  return async (header, token) => {
    const now = await stateOf(path).catch(() => seen);
    if (now !== seen) {
      const read = await keySetIn(path).catch(() => undefined);
      if (read !== undefined) [seen, current] = [now, createLocalJWKSet(read)];
    }
    return current(header, token);
  };
};

const stateOf = async (path: string): Promise<string> => {
  const { ino, size, mtimeMs } = await stat(path);
  return `${ino} ${size} ${mtimeMs}`;
};

const keySetIn = async (path: string): Promise<JSONWebKeySet> => {
  const text = await readFile(path, 'utf8');
  try {
    return parseKeySet(text);
  } catch (cause) {
    throw new KeySetFileError(
      `AUTH_JWKS_FILE ${path} 不是可用的密钥集（JWKS）：须含至少一把带 kid 的公钥（OKP、EC 或 RSA），不含私钥。 / AUTH_JWKS_FILE ${path} is no usable key set (JWKS): it holds at least one public key (OKP, EC or RSA) with a kid, and no private one.`,
      { cause },
    );
  }
};

/**
 * Keys from the issuer's address. An unknown key id asks again, but never sooner than `cooldown` after the last
 * request: a thousand forged
 * tokens cause one. A failed or malformed answer changes nothing, so verification goes on with the keys that were good.
 */
export const keysFromUrl = (
  url: URL,
  { clock, fetchKeySet, cooldown = 30_000, refreshAfter = 600_000 }: RemoteKeysOptions,
): FindKey => {
  let current: FindKey | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const now = (): number => Date.parse(clock.now());
  const ask = (): Promise<void> => {
    asking ??= (async () => {
      askedAt = now();
      try {
        current = createLocalJWKSet(parseKeySet(await fetchKeySet(url)));
        fetchedAt = now();
      } catch {
        // The old keys stay: an issuer that is down must not lock out those whose tokens are good.
      } finally {
        asking = undefined;
      }
    })();
    return asking;
  };
  const mayAsk = (): boolean => asking !== undefined || now() - askedAt >= cooldown;
  return async (header, token) => {
    if (current === undefined && mayAsk()) await ask();
    else if (now() - fetchedAt >= refreshAfter && mayAsk()) void ask();
    if (current === undefined) throw new Error('No key set has been fetched yet');
    try {
      return await current(header, token);
    } catch (unknownKey) {
      if (!mayAsk()) throw unknownKey;
      await ask();
      return current(header, token);
    }
  };
};

/** The issuer's answer, within a time and a size, from that address and no other. */
export const fetchKeySetOverHttp: FetchKeySet = async (url) => {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(fetchTimeout),
    headers: { accept: 'application/json' },
  });
  if (!response.ok || response.body === null) throw new Error('The issuer did not answer with a key set');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > keySetBytesMax) throw new Error('The key set is too large');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};
