import { z } from 'zod';
import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { addMilliseconds, isBefore } from '#time/instant.js';
import { unsound, type Clause } from '../clause.js';
import type { ConditionFacts } from '../facts.js';
import type { PolicyDocument } from '../document.js';
import { all, allowed, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { fieldProblems } from '../field.js';
import { declaredBy, filledIn, readFilled, rulesOf, underRule, type Filled } from '../filled.js';
import { tablesCited } from '../tables-at-hand.js';
import { appliesTo, classFilter, isEntitled, whoSchema, type Caller } from '../whom.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';
import { ladderActivities } from './stages.js';

/** What has commands and events of its own; conditions and clocks know these names beside the policy's. */
export const recordedActs = ['visit', 'followUp', 'deposit'] as const;
const reserved = new Set<string>([...recordedActs, 'registered', 'approved']);

/**
 * What happens to a registration, or is handed in for it, in the policy's own words: a quotation, a sample, a minute.
 * Each kind says who records it and what is filled in; clocks, ladders, gates and conditions know it by its name.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      about: z
        .enum(['registration', 'program', 'party'])
        .default('registration')
        .describe('What it is about: a registration; the program, and then it is of whoever records it; a party.'),
      by: whoSchema.describe('Who records it.'),
      ...filledIn,
      backdating: z
        .strictObject({ minutesMax: z.int().min(0).max(1_000_000) })
        .optional()
        .describe('How long before it was received it may have happened; without it, as `intake.backdating` says.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(60)
  .optional();
export type Activity = NonNullable<z.output<typeof schema>>[number] & {
  /** The step of a ladder, which is recorded in the same way. */
  readonly ladder?: true;
};

const refusals = {
  ActivityUnknown: {
    zh: '此类别没有这项记录，可选：{activities}。',
    en: 'Nothing of that name is recorded for this class; choose from: {activities}.',
  },
  RecorderNotPermitted: {
    zh: '此项须由以下人员记录：{roles}{relations}。',
    en: 'This is to be recorded by: {roles}{relations}.',
  },
  PartyToName: { zh: '须写明此项涉及的当事方。', en: 'Name the party that this is about.' },
  PartyNotAsked: { zh: '此项不涉及其他当事方，请勿填写。', en: 'This is about no other party: leave it out.' },
  ActivityBackdated: {
    zh: '时间倒签过多，最早可填 {earliest}。',
    en: 'That lies too far back; the earliest is {earliest}.',
  },
} as const satisfies Messages;

export const activities: Clause<'activities', typeof schema, typeof refusals> = {
  name: 'activities',
  schema,
  binds: 'event',
  items: { by: ['name', 'kind'], through: ['fields', 'rows', 'attachments', 'checks'] },
  says: { reason: { zh: '记录：{item}', en: 'Recorded: {item}' }, refusals },
  declares: (items) => [
    ...items.map(({ name, title }) => ({ kind: 'activity' as const, name, title, path: ['activities'] })),
    ...items.flatMap((item) => declaredBy(item, ['activities'])),
  ],
  refers: (items, { form, stages }) => [
    ...fieldProblems([...form, ...items].map(({ fields }) => fields)).map((problem) => ({
      ...problem,
      path: ['activities'],
    })),
    ...items.flatMap(({ name }, index) =>
      reserved.has(name) || (stages ?? []).some((ladder) => ladder.name === name)
        ? [
            unsound(
              'ActivityTaken',
              ['activities', index, 'name'],
              `“${name}”已另有含义，请换一个名称。`,
              `"${name}" means something else already: choose another name.`,
            ),
          ]
        : [],
    ),
  ],
  again: ({ e, inputs }, name) => {
    const item = e.policy.document.activities?.find((each) => each.name === name);
    return item === undefined ? undefined : recordedBecause(e, item, inputs['tables'] as readonly Code[] | undefined);
  },
};

/** Everything that somebody may record of a registration: the policy's activities, and the steps of its ladders. */
export const recordable = ({ activities: items = [], stages }: PolicyDocument): readonly Activity[] => [
  ...items.filter(({ about }) => about === 'registration'),
  ...ladderActivities(stages),
];
/** What somebody may record that is about no registration: of the program, of a party. */
export const recordableWork = ({ activities: items = [] }: PolicyDocument): readonly Activity[] =>
  items.filter(({ about }) => about !== 'registration');

export interface ActivityGiven {
  readonly activity: string;
  /** Of the registration; absent: it is about none. */
  readonly class?: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly attachments: readonly string[];
  readonly who: Caller;
  /** When it happened as somebody says, and when the channel had it. */
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly facts?: ConditionFacts;
}
export type JudgedActivity =
  | {
      readonly allowed: true;
      readonly judgement: Extract<Judgement, { readonly allowed: true }>;
      readonly filled: Filled;
    }
  | Extract<Judgement, { readonly allowed: false }>;

/** Whether it may be recorded so, all that speaks against it at once. */
export const judgeActivity = (e: Evaluation, given: ActivityGiven): JudgedActivity => {
  const { document } = e.policy;
  const known =
    given.class === undefined
      ? recordableWork(document)
      : recordable(document).filter((item) => appliesTo(item, given.class!));
  const item = known.find(({ name }) => name === given.activity);
  if (item === undefined)
    return refused({
      reason: 'ActivityUnknown',
      field: 'activity',
      accepted: { activities: codes(known.map(({ name }) => name)) },
    }) as Extract<Judgement, { readonly allowed: false }>;
  const clause = clauseOf(item);
  const filled = readFilled(e, clause, underRule(item, item.rule), given);
  const [first, ...more] = [...filled.misread, ...filled.missing.map(({ rejection }) => rejection), ...filled.unsound];
  const judgement = all(
    isEntitled(item.by, given.who)
      ? allowed(recordedBecause(e, item, lookedInto(item, given.facts)))
      : refused({
          reason: 'RecorderNotPermitted',
          because: [reasonOf(e, clause, item)],
          accepted: { roles: codes(item.by.roles ?? []), relations: codes(item.by.relations ?? []) },
        }),
    backdated(e, clause, item, given),
    first === undefined ? allowed() : refused(first, ...more),
  );
  return judgement.allowed ? { allowed: true, judgement, filled } : judgement;
};

const clauseOf = ({ ladder, name }: Activity): string => `${ladder === true ? 'stages' : 'activities'}.${name}`;
/** Why it is taken as recorded. */
const recordedBecause = (e: Evaluation, item: Activity, tables?: readonly Code[]): Reason =>
  reasonOf(e, clauseOf(item), { rule: [...new Set([...(item.rule ?? []), ...rulesOf(item)])] }, { tables });
/** The versions of the tables that what was filled in was compared with. */
const lookedInto = ({ checks }: Activity, facts: ConditionFacts | undefined): readonly Code[] | undefined =>
  facts === undefined ? undefined : tablesCited(checks.map(({ holds }) => holds).join(' '), facts.tables);
const backdated = (e: Evaluation, clause: string, item: Activity, given: ActivityGiven): Judgement => {
  const within = item.backdating ?? e.policy.document.intake.backdating?.occurredAt;
  if (within === undefined) return allowed();
  const earliest = addMilliseconds(given.receivedAt, -within.minutesMax * 60_000);
  return isBefore(given.occurredAt, earliest)
    ? refused({
        reason: 'ActivityBackdated',
        field: 'occurredAt',
        because: [reasonOf(e, clause, item, { minutesMax: within.minutesMax })],
        accepted: { earliest },
      })
    : allowed();
};
