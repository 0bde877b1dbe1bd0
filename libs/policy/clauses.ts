import type { z } from 'zod';
import type { Clause } from './clause.js';
import { activities } from './clauses/activities.js';
import { amendments } from './clauses/amendments.js';
import { attribution } from './clauses/attribution.js';
import { bans } from './clauses/bans.js';
import { classes } from './clauses/classes.js';
import { collision } from './clauses/collision.js';
import { commission } from './clauses/commission.js';
import { duties } from './clauses/duties.js';
import { ends } from './clauses/ends.js';
import { extension } from './clauses/extension.js';
import { filingPermission } from './clauses/filing-permission.js';
import { fourEyes } from './clauses/four-eyes.js';
import { form } from './clauses/form.js';
import { gates } from './clauses/gates.js';
import { identity } from './clauses/identity.js';
import { intake } from './clauses/intake.js';
import { lists } from './clauses/lists.js';
import { measures } from './clauses/measures.js';
import { notices } from './clauses/notices.js';
import { objections } from './clauses/objections.js';
import { offences } from './clauses/offences.js';
import { parts } from './clauses/parts.js';
import { periodicDuties } from './clauses/periodic-duties.js';
import { permissions } from './clauses/permissions.js';
import { protection } from './clauses/protection.js';
import { requests } from './clauses/requests.js';
import { review } from './clauses/review.js';
import { stages } from './clauses/stages.js';
import { statistics } from './clauses/statistics.js';
import { subject } from './clauses/subject.js';
import { suspension } from './clauses/suspension.js';
import { tables } from './clauses/tables.js';
import { upgrades } from './clauses/upgrades.js';
import { visibility } from './clauses/visibility.js';
import type { PolicyDocument } from './document.js';
import type { Messages } from './words.js';

/** The one list of clauses, in the order in which a document is read and its problems are told. */
export const clauses = [
  subject,
  classes,
  identity,
  permissions,
  fourEyes,
  form,
  intake,
  filingPermission,
  review,
  parts,
  activities,
  stages,
  duties,
  periodicDuties,
  requests,
  amendments,
  tables,
  gates,
  protection,
  upgrades,
  extension,
  ends,
  bans,
  collision,
  suspension,
  objections,
  measures,
  offences,
  attribution,
  commission,
  visibility,
  lists,
  statistics,
  notices,
] as const;
export type AnyClause = (typeof clauses)[number];
export type ClauseName = AnyClause['name'];

/** What each clause worked out for a document, by its name. */
export type CompiledClauses = {
  readonly [C in AnyClause as C['name']]: C extends Clause<string, z.ZodType, Messages, infer Compiled>
    ? Compiled
    : never;
};
export const compileClauses = (document: PolicyDocument): CompiledClauses =>
  Object.fromEntries(
    clauses.map((clause: Clause) => [clause.name, clause.compile?.(document[clause.name as ClauseName], document)]),
  ) as unknown as CompiledClauses;
