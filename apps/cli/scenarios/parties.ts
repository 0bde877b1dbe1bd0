import { z } from 'zod';
import { partyKinds, type PartyKind, type Role } from '#policy/roles.js';
import { codeSchema, momentSchema, nameSchema, oneOrMore } from './words.js';

/** One of ours, or one that the policy names under `roles`. */
export const roleSchema = codeSchema.transform((role) => role as Role);
/** Who somebody is. `enrolled: false`: a stranger, whom nobody has made known. */
const partySchema = z.union([
  oneOrMore(roleSchema).transform((given) => ({ roles: given })),
  z.strictObject({
    roles: oneOrMore(roleSchema).optional(),
    kind: z.enum(partyKinds).optional(),
    memberOf: nameSchema.optional(),
    from: momentSchema.optional(),
    until: momentSchema.optional(),
    enrolled: z.boolean().optional(),
  }),
]);
export const partiesSchema = z.record(nameSchema, partySchema);
export type Parties = z.output<typeof partiesSchema>;

export interface PartyDescription {
  readonly kind: PartyKind;
  readonly roles: readonly Role[];
  readonly enrolled: boolean;
  readonly memberOf?: string;
  readonly from?: string;
  readonly until?: string;
}

/** What a name says by itself, so that most scenarios need no list of parties. The first that fits counts. */
const conventions: readonly { readonly name: RegExp; readonly kind?: PartyKind; readonly roles?: readonly Role[] }[] = [
  { name: /^(?:front-desk|desk)(?:-|$)|^F\d/, roles: ['desk'] },
  { name: /^(?:reviewer|manager)(?:-|$)|^M\d/, roles: ['reviewer'] },
  { name: /^(?:admin|administrator|administration)(?:-|$)/, roles: ['administrator'] },
  { name: /^arbiter(?:-|$)/, roles: ['arbiter'] },
  { name: /^auditor(?:-|$)/, roles: ['auditor'] },
  { name: /^finance(?:-|$)/, roles: ['finance'] },
  { name: /^policy-owner(?:-|$)/, roles: ['policyOwner'] },
  { name: /^dealer(?:-|$)|^D\d/, kind: 'dealer' },
  { name: /^distributor(?:-|$)/, kind: 'distributor' },
  { name: /^agent(?:-|$)/, kind: 'agent' },
  { name: /^designer(?:-|$)|^G\d/, kind: 'designer' },
  { name: /^outlet(?:-|$)/, kind: 'outlet' },
  { name: /^team(?:-|$)|^T\d/, kind: 'team' },
];

/** Who somebody is in this scenario: what it says, and where it is silent what the name says. */
export const describeParty = (name: string, said: Parties): PartyDescription => {
  const convention = conventions.find((each) => each.name.test(name));
  const own = Object.hasOwn(said, name) ? (said[name] as Partial<PartyDescription>) : {};
  return {
    enrolled: true,
    ...own,
    kind: own.kind ?? convention?.kind ?? 'person',
    roles: own.roles ?? convention?.roles ?? [],
  } as PartyDescription;
};
