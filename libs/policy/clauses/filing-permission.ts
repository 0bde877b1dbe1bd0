import { z } from 'zod';
import { code, type Instant } from '#event-sourcing/vocabulary.js';
import { endOf, type Duration } from '#time/clock.js';
import { isBefore } from '#time/instant.js';
import type { Clause } from '../clause.js';
import { allowed, allowedBecause, clockOf, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf, partyConditionSchema } from '../naming.js';
import { appliesTo, classFilter } from '../whom.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { cited, type Messages } from '../words.js';

/**
 * A claim may need a check and a grant before it is filed (R04.10–12): the desk looks whether the subject is protected,
 * grants, and hands the form out.
 * Without `validFor` a grant stays good until it is used.
 */
const schema = z
  .array(
    z.strictObject({
      ...classFilter,
      required: z.boolean().default(true),
      when: partyConditionSchema('Over the form and whoever files; without it, always.').optional(),
      validFor: durationSchema.optional(),
      formIssuedTo: nameOf('role').optional().describe('The role that collects the form; kept for the reader.'),
      ...cited,
    }),
  )
  .max(40)
  .optional();

const refusals = {
  PermissionMissing: { zh: '须先查询并取得许可，方可报备。', en: 'Ask first: filing needs a permission.' },
  PermissionForAnother: {
    zh: '许可是给别人的，不能用于本次报备。',
    en: 'The permission was granted to somebody else.',
  },
  PermissionRunOut: { zh: '许可已于 {until} 失效，请重新查询。', en: 'The permission ran out at {until}; ask again.' },
} as const satisfies Messages;

export const filingPermission: Clause<'filingPermission', typeof schema, typeof refusals> = {
  name: 'filingPermission',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['class'] },
  says: {
    reason: {
      zh: '报备前许可{grantedAt?，给予于 }{grantedAt}{length?，有效 }{length}',
      en: 'Permission before filing{grantedAt?, granted at }{grantedAt}{length?, good for }{length}',
    },
    refusals,
  },
  needs: (items) =>
    items.some(({ required }) => required)
      ? [
          {
            operation: 'grantPermission',
            path: ['filingPermission'],
            zh: '报备须先获许可',
            en: 'Filing needs a permission',
          },
        ]
      : [],
  idle: (items) =>
    items?.some(({ required }) => required) === true
      ? []
      : [
          {
            operation: 'grantPermission',
            zh: '可以给予许可，但报备不需要许可。',
            en: 'Somebody may grant permission, but no filing needs one.',
          },
        ],
  again: ({ e, inputs, times }) =>
    allowedBecause(
      judgePermission(e, {
        class: String(inputs['class']),
        party: 'one',
        now: times.recordedAt,
        granted: { at: inputs['grantedAt'] as Instant, to: 'one' },
      }),
      'filingPermission',
    ),
};

/** The first item for a class whose condition holds; where nothing was filled in yet, or is known any more, it does. */
const itemFor = (e: Evaluation, name: string, holds: (condition: string) => boolean = () => true) =>
  e.policy.document.filingPermission?.find(
    (item) => appliesTo(item, name) && (item.when === undefined || holds(item.when)),
  );

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
  return validFor === undefined ? undefined : endOf(validFor, given.at, clockOf(e, 'filingPermission'));
};

/** Whether a party may file now. Rejections: PermissionMissing, PermissionForAnother, PermissionRunOut. */
export const judgePermission = (
  e: Evaluation,
  given: {
    readonly class: string;
    readonly granted?: { readonly at: Instant; readonly until?: Instant | undefined; readonly to: string } | undefined;
    readonly now: Instant;
    readonly party: string;
    /** Whether a condition holds of what was filled in and of whoever files. */
    readonly holds?: (condition: string) => boolean;
  },
): Judgement => {
  const item = itemFor(e, given.class, given.holds);
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
