import type { Reason } from '#event-sourcing/vocabulary.js';
import type { Cited, Clause } from './clause.js';
import { clauses } from './clauses.js';

const byName = new Map<string, Clause>(clauses.map((clause: Clause) => [clause.name, clause]));

/**
 * The reason that a clause gives today from what the log kept of a ruling; equal byte for byte unless somebody changed
 * a clause's meaning, or the log. Undefined: nothing can ask it again, because the form that it judged is sealed.
 */
export const askAgain = (cited: Cited): Reason | undefined => {
  const [name = '', ...part] = cited.reason.clause.split('.');
  return byName.get(name)?.again?.(cited, part.join('.'));
};
