import { z } from 'zod';
import type { Policy } from '../policy.js';

/** Which version of the policy a clause is taken from: the one in force when the registration was filed, when it was approved, or at the clause's own event. */
export const bindingMoments = ['filing', 'approval', 'event'] as const;
export type BindingMoment = (typeof bindingMoments)[number];

const defaults = {
  form: 'filing', identity: 'filing', intake: 'filing', filingPermission: 'filing', review: 'filing', collision: 'event', suspension: 'event', protection: 'approval', upgrades: 'approval',
  extension: 'approval', ends: 'event', bans: 'event', objections: 'event', offences: 'event', attribution: 'filing', commission: 'filing', visibility: 'event', notices: 'event', permissions: 'event',
} as const satisfies Record<string, BindingMoment>;
export type BoundClause = keyof typeof defaults;

export const bindingsSchema = z.partialRecord(z.enum(Object.keys(defaults) as [BoundClause, ...BoundClause[]]), z.enum(bindingMoments));

export const bindingOf = (policy: Policy, clause: BoundClause): BindingMoment => policy.document.bindings?.[clause] ?? defaults[clause];
