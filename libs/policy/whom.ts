import { z } from 'zod';
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
/**
 * What the caller is to the registration or command at hand: its holder, who filed it, the one its firm designated, a
 * party to the case, itself the one concerned.
 */
export type Relation = (typeof relations)[number];
/** Who: any of these roles, and (when given) any of these relations. */
export const whoSchema = z.strictObject({
  roles: oneOrMore(nameOf('role')).optional(),
  relations: oneOrMore(z.enum(relations)).optional(),
});
export type Who = z.output<typeof whoSchema>;
export interface Caller {
  readonly roles: readonly string[];
  readonly relations: readonly Relation[];
}

export const isAmong = (who: Who, caller: Caller): boolean =>
  (who.roles === undefined || who.roles.some((role) => caller.roles.includes(role))) &&
  (who.relations === undefined || who.relations.some((relation) => caller.relations.includes(relation)));
