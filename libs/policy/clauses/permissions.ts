import { z } from 'zod';
import { all, allowed, reasonOf, refused, type Evaluation, type Verdict } from '../evaluation.js';
import { cited, codes, isAmong, oneOrMore, whoSchema, type Caller, type Relation } from '../words.js';

export const operations = [
  'register',
  'registerForOther',
  'approve',
  'reject',
  'returnForMore',
  'recall',
  'resubmit',
  'requestExtension',
  'decideExtension',
  'recordVisit',
  'recordFollowUp',
  'recordDeposit',
  'exempt',
  'release',
  'terminate',
  'transfer',
  'rescindRuling',
  'grantPermission',
  'ask',
  'object',
  'arbitrate',
  'findOffence',
  'recordDeal',
  'agreeSplit',
  'seeOthers',
  'amendRegistration',
] as const;
export type Operation = (typeof operations)[number];

/** Who may do what. An operation that no item names is nobody's. */
export const permissionsSchema = z
  .array(z.strictObject({ may: oneOrMore(z.enum(operations)), ...whoSchema.shape, ...cited }))
  .min(1)
  .max(100);

/**
 * Whether a caller may do an operation: any item that names it and fits is enough. Refused: OperationNotPermitted, with
 * the roles that may.
 */
export const permits = (
  e: Evaluation,
  operation: Operation,
  who: { readonly roles: readonly string[]; readonly relations: readonly Relation[] },
): Verdict => {
  const items = e.policy.document.permissions.filter(({ may }) => may.includes(operation));
  const item = items.find((each) => isAmong(each, who));
  const clause = `permissions.${operation}`;
  if (item !== undefined)
    return allowed(
      reasonOf(e, clause, item, { roles: codes(item.roles ?? []), relations: codes(item.relations ?? []) }),
    );
  const rule = items.flatMap((each) => each.rule ?? []);
  return refused({
    reason: 'OperationNotPermitted',
    because: [reasonOf(e, clause, { rule }, { roles: codes(who.roles), relations: codes(who.relations) })],
    accepted: {
      roles: codes([...new Set(items.flatMap(({ roles }) => roles ?? []))]),
      relations: codes([...new Set(items.flatMap(({ relations }) => relations ?? []))]),
    },
  });
};

/** A clause that names its own finders (a cause of termination, an offence): on top of `permits`. */
export const judgeFinder = (
  e: Evaluation,
  clause: string,
  item: { readonly foundBy?: z.output<typeof whoSchema> | undefined; readonly rule?: readonly string[] | undefined },
  who: Caller,
): Verdict => {
  if (item.foundBy === undefined || isAmong(item.foundBy, who))
    return all(allowed(reasonOf(e, clause, item, { roles: codes(who.roles) })));
  return refused({
    reason: 'FinderNotPermitted',
    because: [reasonOf(e, clause, item, { roles: codes(who.roles), relations: codes(who.relations) })],
    accepted: { roles: codes(item.foundBy.roles ?? []), relations: codes(item.foundBy.relations ?? []) },
  });
};
