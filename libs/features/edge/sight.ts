import { names } from '#policy/names.js';
import { EdgeError } from '#graphql/errors.js';
import { maskTelephones } from '#identity/telephones-in-text.js';
import { isKnownRole, type KnownRole, type Role } from '#policy/roles.js';

/**
 * How much of somebody else's record a reader is shown: everything, everything with telephone numbers masked, or
 * nothing at all.
 */
export type Sight = 'clear' | 'masked' | 'none';

/**
 * Of the claims in a program that are not its own. Whoever works with the customer needs the number; whoever judges,
 * checks, pays or runs the
 * system needs the case and not the number. A party sees nothing of others, and neither does the policy's author: rules
 * are written without names.
 */
const sightOfClaims: Readonly<Record<KnownRole, Sight>> = {
  desk: 'clear',
  reviewer: 'clear',
  arbiter: 'masked',
  auditor: 'masked',
  finance: 'masked',
  administrator: 'masked',
  party: 'none',
  policyOwner: 'none',
};
/** Of parties: names of colleagues, roles, memberships. */
const sightOfParties: Readonly<Record<KnownRole, Sight>> = {
  desk: 'clear',
  reviewer: 'clear',
  arbiter: 'clear',
  auditor: 'clear',
  finance: 'clear',
  administrator: 'clear',
  party: 'none',
  policyOwner: 'none',
};
/** Of offences and penalties. */
const sightOfStandings: Readonly<Record<KnownRole, Sight>> = {
  reviewer: 'clear',
  arbiter: 'clear',
  auditor: 'clear',
  administrator: 'clear',
  desk: 'none',
  finance: 'none',
  party: 'none',
  policyOwner: 'none',
};
/** Of collisions and their verdicts. */
const sightOfCases: Readonly<Record<KnownRole, Sight>> = {
  arbiter: 'masked',
  auditor: 'masked',
  reviewer: 'masked',
  administrator: 'masked',
  desk: 'none',
  finance: 'none',
  party: 'none',
  policyOwner: 'none',
};
/** Of deals and who is credited. */
const sightOfDeals: Readonly<Record<KnownRole, Sight>> = {
  finance: 'clear',
  auditor: 'clear',
  administrator: 'clear',
  arbiter: 'none',
  reviewer: 'none',
  desk: 'none',
  party: 'none',
  policyOwner: 'none',
};
export const sightTables = {
  claims: sightOfClaims,
  parties: sightOfParties,
  standings: sightOfStandings,
  cases: sightOfCases,
  deals: sightOfDeals,
} as const;
export type SightTable = keyof typeof sightTables;

/** The roles that see something of others. */
export const rolesSeeing = (table: SightTable): readonly KnownRole[] =>
  (Object.keys(sightTables[table]) as readonly KnownRole[]).filter((role) => sightTables[table][role] !== 'none');

/** A filter that means something within one program only: without it, it is a mistake of the query. */
export const programMissing = (filter: string): EdgeError =>
  new EdgeError('BAD_INPUT', {
    fields: [
      {
        path: 'programId',
        message: { zh: `使用 ${filter} 时须写明 programId。`, en: `\`${filter}\` goes with a \`programId\`.` },
      },
    ],
  });

/**
 * The answer to whoever may see nothing of a list, whether there is anything in it or not: an empty list would say that
 * there is nothing. Lists are nullable, so that what else was asked beside one is answered.
 */
export const notForYou = (list: string, roles?: readonly Role[]): EdgeError =>
  new EdgeError('FORBIDDEN', {
    ofField: true,
    fields: [
      roles === undefined
        ? {
            path: list,
            message: {
              zh: '此列表不对当前身份开放；谁可查看，由本项目的制度规定。',
              en: 'This list is not for you; the policy of the program says for whom it is.',
            },
          }
        : {
            path: list,
            message: {
              zh: `此列表不对当前身份开放；可以查看的角色：${roles.map((role) => names[role]?.zh ?? role).join('、')}。`,
              en: `This list is not for you; it is for the roles: ${roles.map((role) => names[role]?.en ?? role).join(', ')}.`,
            },
            accepted: { roles },
          },
    ],
  });

const order: readonly Sight[] = ['none', 'masked', 'clear'];
/** The widest that any of the roles opens; one that a policy declares opens what the work does that it is given. */
export const sightOf = (table: SightTable, roles: readonly Role[]): Sight =>
  roles
    .filter(isKnownRole)
    .map((role) => sightTables[table][role])
    .reduce<Sight>((widest, one) => (order.indexOf(one) > order.indexOf(widest) ? one : widest), 'none');

export const shown = <T>(value: T, sight: 'clear' | 'masked'): T =>
  sight === 'masked' && typeof value === 'string' ? (maskTelephones(value) as T) : value;

/** Free text as the other side of a dispute reads it: without telephone numbers and without who the others are. */
export const redacted = <T>(value: T, others: readonly string[]): T =>
  typeof value === 'string'
    ? (others.reduce<string>(
        (text, name) => (name === '' ? text : text.replaceAll(name, '▇▇')),
        maskTelephones(value),
      ) as T)
    : value;
