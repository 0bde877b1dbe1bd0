import { createHash } from 'node:crypto';
import { recentlyUsed } from '#event-sourcing/recently-used.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { skewSeconds, type VerifiedToken, type VerifyToken } from './access-token.js';

/**
 * As long as a key set is kept before it may be asked for again: a key that is withdrawn is refused no later than
 * without this.
 */
const rememberedSeconds = 30;
const rememberedMax = 10_000;

/**
 * A token that was verified a moment ago needs no second signature check; what its party may do is asked every time all
 * the same.
 * Tokens stand here as hashes, for half a minute and never past their end; refusals are not remembered.
 */
export const rememberedTokens = (verify: VerifyToken, clock: Clock): VerifyToken => {
  const known = recentlyUsed<string, { readonly verified: VerifiedToken; readonly until: number }>(rememberedMax);
  return async (token) => {
    const name = createHash('sha256').update(token).digest('base64');
    const now = Date.parse(clock.now());
    const found = known.get(name);
    if (found !== undefined && now < found.until) return found.verified;
    known.delete(name);
    const verified = await verify(token);
    const until = Math.min(now + rememberedSeconds * 1_000, Date.parse(verified.expiresAt) + skewSeconds * 1_000);
    known.set(name, { verified, until });
    return verified;
  };
};
