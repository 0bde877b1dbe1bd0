import { decodeProtectedHeader, jwtVerify, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { Instant, PartyId, User } from '#event-sourcing/vocabulary.js';
import { knownRoles, type Role } from '#policy/roles.js';
import { scanJson } from '../raw-json.js';
import type { FindKey } from './key-set.js';

/** Fixed here, never taken from a token: no symmetric algorithm, no `none`. */
export const algorithms = ['EdDSA', 'ES256', 'RS256'] as const;
export const tokenBytesMax = 8_192;
/** Seconds that clocks of issuer and server may differ. */
export const skewSeconds = 30;
/** A token that lives longer than a day is a password. */
export const lifetimeSecondsMax = 24 * 60 * 60;

export interface VerifiedToken {
  readonly user: User;
  readonly party: PartyId;
  readonly expiresAt: Instant;
  /** Only ever filled from the development issuer. */
  readonly developmentRoles: readonly Role[];
}

/** Why a token was refused: for the log. The client is told that it was, and nothing else. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  constructor(readonly code: string) {
    super(`The access token was refused: ${code}`);
  }
}

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly findKey: FindKey;
  readonly clock: Clock;
  /**
   * True for the development issuer: its tokens may carry roles, so that a first administrator can enter an empty
   * system.
   */
  readonly acceptsRoles: boolean;
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

const compact = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;
/** A thumbprint names a certificate and brings none: many providers send one, and nothing here reads it. */
const headerNames: ReadonlySet<string> = new Set(['alg', 'kid', 'typ', 'x5t', 'x5t#S256']);
/** RFC 9068's own, and what providers send that are older than it: `JWT`, or nothing. */
const types: ReadonlySet<string> = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);
/** What an ID token or a logout token carries and an access token does not: without a `typ` of its own they tell. */
const otherTokensClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events'] as const;
const identifier = /^[A-Za-z0-9][A-Za-z0-9._:@|-]{0,127}$/;

/** Throws TokenRefusedError for everything but a good token. */
export const tokenVerifier =
  (rules: TokenRules): VerifyToken =>
  async (token) => {
    if (Buffer.byteLength(token) > tokenBytesMax) throw new TokenRefusedError('TOO_LARGE');
    if (!compact.test(token)) throw new TokenRefusedError('NOT_COMPACT');
    const [header, payload, signature] = token.split('.') as [string, string, string];
    // One token, one spelling: bits that no byte uses would give a good signature several.
    if (Buffer.from(signature, 'base64url').toString('base64url') !== signature)
      throw new TokenRefusedError('NOT_COMPACT');
    // A name that stands twice means one thing to us and another to the next reader.
    if (!isPlainJson(header) || !isPlainJson(payload)) throw new TokenRefusedError('NOT_PLAIN_JSON');
    checkHeader(token);
    const now = Math.floor(Date.parse(rules.clock.now()) / 1_000);
    return claimsOf(await verify(token, rules, now), rules, now);
  };

const isPlainJson = (part: string): boolean => {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) return false;
  return scanJson(bytes.toString('utf8'), { depthMax: 4, duplicateKeys: 'refuse' }) === undefined;
};

/** A header that brings its own key or says where to fetch one is never read further. */
const checkHeader = (token: string): void => {
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw new TokenRefusedError('HEADER');
  }
  if (Object.keys(header).some((name) => !headerNames.has(name))) throw new TokenRefusedError('HEADER');
  if (typeof header.kid !== 'string' || header.kid === '' || header.kid.length > 256)
    throw new TokenRefusedError('KEY_ID');
  const { typ } = header as { readonly typ?: unknown };
  if (typ !== undefined && (typeof typ !== 'string' || !types.has(typ.toLowerCase())))
    throw new TokenRefusedError('TYPE');
  for (const name of ['x5t', 'x5t#S256'] as const)
    if (header[name] !== undefined && !/^[A-Za-z0-9_-]{1,128}$/.test(String(header[name])))
      throw new TokenRefusedError('HEADER');
};

const verify = async (token: string, { issuer, audience, findKey }: TokenRules, now: number): Promise<JWTPayload> => {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: [...algorithms],
      issuer,
      audience,
      clockTolerance: skewSeconds,
      currentDate: new Date(now * 1_000),
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'party'],
    });
    return payload;
  } catch (error) {
    const code =
      error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'KEY_UNAVAILABLE';
    throw new TokenRefusedError(code);
  }
};

const claimsOf = (
  { sub, party, exp, iat, roles: claimed, ...others }: JWTPayload,
  { issuer, acceptsRoles }: TokenRules,
  now: number,
): VerifiedToken => {
  if (otherTokensClaims.some((name) => name in others)) throw new TokenRefusedError('OTHER_TOKEN');
  if (typeof sub !== 'string' || !identifier.test(sub)) throw new TokenRefusedError('SUB');
  if (typeof party !== 'string' || !identifier.test(party)) throw new TokenRefusedError('PARTY');
  if (!isSeconds(exp) || !isSeconds(iat)) throw new TokenRefusedError('TIMES');
  if (iat > now + skewSeconds) throw new TokenRefusedError('ISSUED_LATER');
  if (exp <= iat || exp - iat > lifetimeSecondsMax) throw new TokenRefusedError('LIFETIME');
  return {
    user: { issuer, subject: sub },
    party: party as PartyId,
    expiresAt: new Date(exp * 1_000).toISOString() as Instant,
    developmentRoles: acceptsRoles ? rolesIn(claimed) : [],
  };
};

/** Whole or broken seconds until the year 9999; jose has checked that they are numbers. */
const isSeconds = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value < 253_402_300_800;
const rolesIn = (claimed: unknown): readonly Role[] =>
  Array.isArray(claimed) ? knownRoles.filter((role) => claimed.includes(role)) : [];
