import type { Clock } from '#event-sourcing/ports/clock.js';
import { isSystemParty } from '#features/deciding/system-parties.js';
import type { Caller, HeldRole, PartyDirectory } from '#graphql/caller.js';
import { EdgeError } from '#graphql/errors.js';
import { TokenRefusedError, type VerifyToken } from './identity/access-token.js';
import type { Log } from './logging/log.js';

export interface AuthenticationParts {
  readonly verify: VerifyToken;
  readonly parties: PartyDirectory;
  /** Of the log, which dates what parties may do. */
  readonly clock: Clock;
  /** Tokens end by it. */
  readonly wallClock: Clock;
  readonly log: Log;
}

const bearer = /^bearer ([\x21-\x7e]+)$/i;

/** Turns a token into a caller. Every way of being refused gives the same answer; only the log tells them apart. */
export class Authentication {
  constructor(private readonly parts: AuthenticationParts) {}

  /**
   * `authorization` header, or the field of that name in a WebSocket's first message. `undefined` in: undefined out.
   * Throws EdgeError.
   */
  async callerOf(authorization: unknown): Promise<Caller | undefined> {
    if (authorization === undefined) return undefined;
    const token = typeof authorization === 'string' ? bearer.exec(authorization)?.[1] : undefined;
    if (token === undefined) throw this.#refused('SCHEME');
    const { verify, parties, clock } = this.parts;
    const { user, party, expiresAt, developmentRoles } = await verify(token).catch((error: unknown) => {
      throw error instanceof TokenRefusedError ? this.#refused(error.code) : error;
    });
    // What the system does stands in the log under its own names: no token speaks for them.
    if (isSystemParty(party)) throw this.#refused('SYSTEM_PARTY');
    const now = clock.now();
    const [allowed, locked, roles, excludedFrom] = await Promise.all([
      parties.mayAct(party, now),
      parties.isLocked(user),
      parties.rolesOf(party, now),
      parties.excludedFrom(party, now),
    ]);
    if (locked) throw new EdgeError('USER_LOCKED');
    if (!allowed) throw new EdgeError('FORBIDDEN');
    return {
      user,
      party,
      expiresAt,
      excludedFrom,
      grantedRoles: roles,
      roles: [...developmentRoles.map((role) => ({ role })), ...roles],
    };
  }

  /**
   * Whether a caller who entered some time ago may still be served: the token's end, the party's standing, a lock, and
   * the very roles it entered with, where they count.
   * Asked before every message of a subscription, because what an iterator already holds would otherwise outlive a ban.
   */
  async stillHolds(caller: Caller, skewMilliseconds: number): Promise<boolean> {
    const { parties, clock, wallClock } = this.parts;
    const now = clock.now();
    if (Date.parse(wallClock.now()) >= Date.parse(caller.expiresAt) + skewMilliseconds) return false;
    const [allowed, locked, roles, excludedFrom] = await Promise.all([
      parties.mayAct(caller.party, now),
      parties.isLocked(caller.user),
      parties.rolesOf(caller.party, now),
      parties.excludedFrom(caller.party, now),
    ]);
    return (
      allowed &&
      !locked &&
      namesOf(roles) === namesOf(caller.grantedRoles) &&
      excludedFrom.join() === caller.excludedFrom.join()
    );
  }

  #refused(code: string): EdgeError {
    this.parts.log.info('An access token was refused', { code });
    return new EdgeError('UNAUTHENTICATED');
  }
}

const namesOf = (roles: readonly HeldRole[]): string =>
  roles
    .map(({ role, program, worksAs = [] }) => [role, program ?? '', ...worksAs].join(' '))
    .sort()
    .join();
