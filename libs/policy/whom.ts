import { z } from 'zod';
import type { Code } from '#event-sourcing/vocabulary.js';
import { nameOf } from './naming.js';
import { oneOrMore } from './words.js';

/** For whom an item of a clause is: for which classes of registration, for which people. */
export const classFilter = {
  class: oneOrMore(nameOf('class')).optional().describe('The classes this item is for; without it, all of them.'),
};
export const appliesTo = (item: { readonly class?: readonly string[] | undefined }, name: string): boolean =>
  item.class === undefined || item.class.includes(name);

/** What an item of a clause comes to for each class: worked out once; a class that nobody declared gets its own. */
export const perClass = <T>(
  classes: readonly { readonly name: string }[],
  make: (name: string) => T,
): ((name: string) => T) => {
  const made = new Map(classes.map(({ name }) => [name, make(name)]));
  return (name) => made.get(name) ?? make(name);
};

export const relations = ['holder', 'filer', 'designated', 'party', 'self'] as const;
const builtIn: ReadonlySet<string> = new Set(relations);
/**
 * What the caller is to the registration or command at hand: its holder, who filed it, the one its firm designated, a
 * party to the case, itself the one concerned; or it has a part in it that the policy names.
 */
export type Relation = (typeof relations)[number] | Code;
export const isPart = (relation: Relation): relation is Code => !builtIn.has(relation);
/** Who: any of these roles, and (when given) any of these relations. */
export const whoSchema = z.strictObject({
  roles: oneOrMore(nameOf('role')).optional(),
  relations: oneOrMore(nameOf('relation')).optional(),
});
export type Who = z.output<typeof whoSchema>;
export interface Caller {
  readonly roles: readonly string[];
  readonly relations: readonly Relation[];
}

export const isAmong = (who: Who, caller: Caller): boolean =>
  (who.roles === undefined || who.roles.some((role) => caller.roles.includes(role))) &&
  (who.relations === undefined || who.relations.some((relation) => caller.relations.includes(relation as Relation)));

/**
 * Whether an item gives a caller a right. Whoever has nothing but a part in a registration may what names the part, and
 * what their own office may; what every party may do to its own claims is not theirs.
 */
export const isEntitled = (who: Who, { roles, relations: to }: Caller): boolean => {
  const isOnlyPart = to.some(isPart) && to.every((relation) => relation === 'party' || isPart(relation));
  const isNamed = who.relations?.some((relation) => to.includes(relation as Relation) && relation !== 'party');
  return isOnlyPart && isNamed !== true
    ? isAmong(who, { roles: roles.filter((role) => role !== 'party'), relations: [] })
    : isAmong(who, { roles, relations: to });
};
