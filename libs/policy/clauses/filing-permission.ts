import { z } from 'zod';
import { code, type Instant } from '#event-sourcing/vocabulary.js';
import { endOf, type Duration } from '#time/clock.js';
import { isBefore } from '#time/instant.js';
import { allowed, reasonOf, refused, type Evaluation, type Verdict } from '../evaluation.js';
import { appliesTo, cited, classFilter, durationSchema, lengthFacts, nameSchema } from '../words.js';

/**
 * A claim may need a check and a grant before it is filed (R04.10–12): the desk looks whether the subject is protected,
 * grants, and hands the form out.
 * Without `validFor` a grant stays good until it is used.
 */
export const filingPermissionSchema = z
  .array(
    z.strictObject({
      ...classFilter,
      required: z.boolean().default(true),
      validFor: durationSchema.optional(),
      formIssuedTo: nameSchema.optional().describe('The role that collects the form; kept for the reader.'),
      ...cited,
    }),
  )
  .max(40);

const itemFor = (e: Evaluation, name: string) =>
  e.policy.document.filingPermission?.find((item) => appliesTo(item, name));

export const permissionClause = (
  e: Evaluation,
  name: string,
): { readonly required: boolean; readonly validFor?: Duration } => {
  const item = itemFor(e, name);
  return { required: item?.required ?? false, ...(item?.validFor === undefined ? {} : { validFor: item.validFor }) };
};

/** When a grant given at `at` runs out (exclusive); undefined when it does not. */
export const permissionEnds = (
  e: Evaluation,
  given: { readonly class: string; readonly at: Instant },
): Instant | undefined => {
  const validFor = itemFor(e, given.class)?.validFor;
  return validFor === undefined
    ? undefined
    : endOf(validFor, given.at, {
        zone: e.policy.timeZone,
        ...(e.calendar === undefined ? {} : { calendar: e.calendar }),
      });
};

/** Whether a party may file now. Rejections: PermissionMissing, PermissionForAnother, PermissionRunOut. */
export const judgePermission = (
  e: Evaluation,
  given: {
    readonly class: string;
    readonly granted?: { readonly at: Instant; readonly until?: Instant | undefined; readonly to: string } | undefined;
    readonly now: Instant;
    readonly party: string;
  },
): Verdict => {
  const item = itemFor(e, given.class);
  if (item === undefined || !item.required) return allowed();
  const { granted } = given;
  const because = [
    reasonOf(e, 'filingPermission', item, {
      class: code(given.class),
      granted: granted !== undefined,
      ...(granted === undefined ? {} : { grantedAt: granted.at }),
      ...(item.validFor === undefined ? {} : lengthFacts(item.validFor)),
    }),
  ];
  if (granted === undefined) return refused({ reason: 'PermissionMissing', because, accepted: {} });
  if (granted.to !== given.party) return refused({ reason: 'PermissionForAnother', because, accepted: {} });
  if (granted.until !== undefined && !isBefore(given.now, granted.until))
    return refused({ reason: 'PermissionRunOut', because, accepted: { until: granted.until } });
  return allowed(...because);
};
