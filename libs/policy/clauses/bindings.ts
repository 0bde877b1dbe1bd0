import { z } from 'zod';
import { both } from '../words.js';

/**
 * Which version of the policy a clause is taken from, when a new one has come into force meanwhile: `filing`, the one
 * that the registration
 * was filed under, so that nobody's running protection changes its rules; `event`, the one in force when it happens.
 */
const moments = {
  form: 'filing',
  identity: 'filing',
  intake: 'filing',
  filingPermission: 'filing',
  review: 'filing',
  protection: 'filing',
  upgrades: 'filing',
  extension: 'filing',
  ends: 'filing',
  bans: 'filing',
  suspension: 'filing',
  objections: 'filing',
  attribution: 'filing',
  commission: 'filing',
  permissions: 'event',
  collision: 'event',
  offences: 'event',
  visibility: 'event',
  notices: 'event',
} as const;
export type BoundClause = keyof typeof moments;
export type BindingMoment = (typeof moments)[BoundClause];

const bound = <M extends BindingMoment>(moment: M) =>
  z
    .literal(moment, {
      error: both(`这一条款只能绑定 ${moment}。`, `This clause binds at ${moment}, and at nothing else so far.`),
    })
    .optional();

/**
 * A paper that says which version counts can be quoted here. A moment that is not kept is refused rather than promised.
 */
export const bindingsSchema = z.strictObject(
  Object.fromEntries(Object.entries(moments).map(([clause, moment]) => [clause, bound(moment)])) as {
    [C in BoundClause]: ReturnType<typeof bound<(typeof moments)[C]>>;
  },
);

export const bindingOf = (clause: BoundClause): BindingMoment => moments[clause];
