import { type ExecutionContext, SetMetadata, createParamDecorator } from '@nestjs/common';
import type { KnownRole, Role } from '#policy/roles.js';
import type { Instant, PartyId, ProgramId, User } from '#event-sourcing/vocabulary.js';

export type { Role };

/** A role, in one program or, without one, in all of them. */
export interface HeldRole {
  readonly role: Role;
  readonly program?: ProgramId;
  /** Of a role that the program's policy declares: those whose work it is given, which say what it is shown. */
  readonly worksAs?: readonly KnownRole[];
}

/** Who is asking. The token says who it is; what that party may do comes from our own facts. */
export interface Caller {
  /** `iss` and `sub`: the login behind the party, recorded with everything it does. */
  readonly user: User;
  readonly party: PartyId;
  readonly roles: readonly HeldRole[];
  /** Those of them that our own facts grant; the rest came with a development token. */
  readonly grantedRoles: readonly HeldRole[];
  /** Where it is banned or suspended at present: there it is a plain party. */
  readonly excludedFrom: readonly ProgramId[];
  /** The end of the token, without skew. */
  readonly expiresAt: Instant;
}

/** What the edge asks about parties. Bound to the party and program facts by the composition of the server. */
export interface PartyDirectory {
  /** The roles that `party` holds at `at`; empty for a party nobody knows. */
  rolesOf(party: PartyId, at: Instant): Promise<readonly HeldRole[]>;
  /** False as soon as the party is dismissed: asked for every request and before every message of a subscription. */
  mayAct(party: PartyId, at: Instant): Promise<boolean>;
  /** The programs that a ban or a suspension keeps the party from at `at`. */
  excludedFrom(party: PartyId, at: Instant): Promise<readonly ProgramId[]>;
  /** Whether this one login is locked; asked as often. */
  isLocked(user: User): Promise<boolean>;
}

/** A directory that knows nobody and bars nobody: everyone is a party without roles. */
export const emptyPartyDirectory: PartyDirectory = {
  rolesOf: async () => [],
  mayAct: async () => true,
  excludedFrom: async () => [],
  isLocked: async () => false,
};

/** Whether the caller holds `role` everywhere, or in `program` when one is given. */
export const holds = (caller: Caller, role: Role, program?: ProgramId): boolean =>
  caller.roles.some((held) => held.role === role && (held.program === undefined || held.program === program));

/**
 * The roles of a caller that count: not where it is banned or suspended, and what it holds everywhere only while that
 * is nowhere, but for what belongs to another program. Everybody stays a party.
 */
const counting = ({ roles, excludedFrom }: Caller, program?: ProgramId): readonly HeldRole[] =>
  roles
    .filter(({ program: of }) => program === undefined || of === undefined || of === program)
    .filter(({ role, program: of = program }) =>
      role === 'party' ? true : of === undefined ? excludedFrom.length === 0 : !excludedFrom.includes(of),
    );
export const rolesThatCount = (caller: Caller, program?: ProgramId): readonly Role[] =>
  counting(caller, program).map(({ role }) => role);
/** The same, with those whose work a declared one is given: for what is shown, never for what may be done. */
export const rolesShown = (caller: Caller, program?: ProgramId): readonly Role[] =>
  counting(caller, program).flatMap(({ role, worksAs = [] }) => [role, ...worksAs]);

/**
 * What resolvers find as their third argument, over HTTP and WebSocket alike. One per operation, never kept on a
 * socket.
 */
export interface OperationContext {
  readonly caller: Caller | undefined;
  /** Aborts when the client goes away or the subscription is cut off. */
  readonly signal: AbortSignal;
}

export const withoutTokenKey = 'baobei:without-token';
/** The route answers anybody: health only. */
export const WithoutToken = () => SetMetadata(withoutTokenKey, true);

export const allowedRolesKey = 'baobei:allowed-roles';
/**
 * The operation is refused unless the caller holds one of these roles in some program; what it may see there is the
 * read side's question.
 */
export const AllowedRoles = (...roles: readonly Role[]) => SetMetadata(allowedRolesKey, roles);

export const contextOf = (host: ExecutionContext): OperationContext | undefined =>
  host.getType<'graphql' | 'http'>() === 'graphql' ? host.getArgByIndex<OperationContext>(2) : undefined;

const callers = new WeakMap<object, Caller>();
/** For plain HTTP routes, which have no operation context. */
export const rememberCaller = (request: object, caller: Caller): void => {
  callers.set(request, caller);
};

/** The caller of this operation. The guard has made sure that there is one. */
export const CurrentCaller = createParamDecorator((_: unknown, host: ExecutionContext): Caller => {
  const caller = contextOf(host)?.caller ?? callers.get(host.switchToHttp().getRequest<object>());
  if (caller === undefined) throw new Error('A resolver ran without a caller');
  return caller;
});

/** The caller of an operation whose context is at hand, as subscriptions have it. */
export const contextCaller = ({ caller }: OperationContext): Caller => {
  if (caller === undefined) throw new Error('A resolver ran without a caller');
  return caller;
};
