import { z } from 'zod';
import type { BindingMoment } from './clause.js';
import { clauses, type AnyClause } from './clauses.js';
import { both } from './words.js';

type BoundClause = Extract<AnyClause, { readonly binds?: BindingMoment }>['name'];

/**
 * Which version of the policy a clause is taken from, when a new one has come into force meanwhile: `filing`, the one
 * that the registration was filed under, so that nobody's running protection changes its rules; `event`, the one in
 * force when it happens. A paper that says which version counts can be quoted here; a moment that is not kept is
 * refused rather than promised.
 */
export const bindingsSchema = z.strictObject(
  Object.fromEntries(
    clauses.flatMap(({ name, binds }) => (binds === undefined ? [] : [[name, quotable(binds)]])),
  ) as Record<BoundClause, ReturnType<typeof quotable>>,
);

function quotable(moment: BindingMoment) {
  return z
    .literal(moment, {
      error: both(`这一条款只能绑定 ${moment}。`, `This clause binds at ${moment}, and at nothing else so far.`),
    })
    .optional();
}
