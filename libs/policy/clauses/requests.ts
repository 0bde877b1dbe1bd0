import { z } from 'zod';
import { code, type Code, type DerivedFact, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf } from '#time/clock.js';
import { isBefore } from '#time/instant.js';
import { unsound, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import {
  all,
  allowed,
  clockOf,
  PolicyMisuse,
  reasonOf,
  refused,
  type Evaluation,
  type Judgement,
} from '../evaluation.js';
import { fieldProblems } from '../field.js';
import { declaredBy, filledIn, readFilled, rulesOf, underRule, type FieldSet, type Filled } from '../filled.js';
import { durationSchema, lengthFacts } from '../lengths.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf } from '../naming.js';
import { stepDeadline, stepNamed, stepProblems, stepSchema, type Steps } from '../steps.js';
import { appliesTo, classFilter, isEntitled, whoSchema, type Caller } from '../whom.js';
import { cited, codes, labelSchema, nameSchema, type Messages } from '../words.js';
import { recordable } from './activities.js';

/**
 * What somebody asks for a registration, in the policy's own words: a special price, a plan, a longer time, its end. It
 * has its own form, and steps of its own that say yes or no, as a review has. A yes is a grant, which conditions see as
 * `granted("specialPrice")`, and does what `then` says.
 */
const schema = z
  .array(
    z.strictObject({
      name: nameSchema,
      title: labelSchema,
      by: whoSchema.describe('Who asks.'),
      ...filledIn,
      within: durationSchema.optional().describe('So long after the filing it may be asked; without it, at any time.'),
      steps: z.array(stepSchema).min(1).max(20),
      grants: z
        .strictObject({
          once: z.boolean().default(false).describe('The first act that a gate lets through for it uses it up.'),
          validFor: durationSchema.optional().describe('From the yes on; without it, for ever.'),
        })
        .prefault({}),
      then: z
        .union([
          z.strictObject({ terminate: nameOf('cause').describe('The registration ends for this cause.') }),
          z.strictObject({
            longerTime: nameOf('field').describe('The review waits until the instant in this field of the request.'),
          }),
        ])
        .optional()
        .describe('What a yes does besides.'),
      ...classFilter,
      ...cited,
    }),
  )
  .max(40)
  .optional();
type Item = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  RequestUnknown: {
    zh: '此类别没有这项申请，可选：{requests}。',
    en: 'Nothing of that name is requested for this class; choose from: {requests}.',
  },
  RequesterNotPermitted: {
    zh: '此项须由以下人员申请：{roles}{relations}。',
    en: 'This is to be requested by: {roles}{relations}.',
  },
  RequestTooLate: {
    zh: '申请已逾期，最迟为 {latest}。',
    en: 'It is too late to request this; the latest was {latest}.',
  },
  RequestWaiting: {
    zh: '同一申请尚待审批，审批后方可再次申请。',
    en: 'The same request is waiting already; it may be made again once that is decided.',
  },
  RequestUndecided: { zh: '按所填内容，没有人审批此项申请。', en: 'Filled in so, no step decides this request.' },
  RequestNotWaiting: { zh: '没有这项待审批的申请。', en: 'No such request is waiting.' },
} as const satisfies Messages;

export const requests: Clause<'requests', typeof schema, typeof refusals> = {
  name: 'requests',
  schema,
  meaning: wholeMonthsSince,
  binds: 'event',
  items: { by: ['name', 'kind'], through: ['fields', 'rows', 'attachments', 'steps'] },
  says: {
    reason: { zh: '申请：{item}{length?，期限 }{length}', en: 'Request: {item}{length?, for }{length}' },
    refusals,
  },
  declares: (items) => [
    ...items.map(({ name, title }) => ({ kind: 'request' as const, name, title, path: ['requests'] })),
    ...items.flatMap((item) => declaredBy(item, ['requests'])),
    ...items.flatMap(({ steps }, index) =>
      steps.map(({ name, title }) => ({ kind: 'step' as const, name, title, path: ['requests', index, 'steps'] })),
    ),
  ],
  refers: (items, document) => [
    ...ownFieldProblems(items, [...document.form, ...(document.activities ?? [])]),
    ...items.flatMap((item, index) => [
      ...stepProblems(item.steps, ['requests', index, 'steps']),
      ...nameTaken(item, document, index),
      ...untilWhen(item, index),
    ]),
  ],
  again: ({ e, inputs, body, times }, part) => {
    const [name = '', step] = part.split('.');
    const item = e.policy.document.requests?.find((each) => each.name === name);
    if (item === undefined) return undefined;
    if (step !== undefined)
      return body['type'] === 'Requested'
        ? waitingBecause(e, name, step, (inputs['startedAt'] as Instant | undefined) ?? times.recordedAt)
        : stepNamed(e, requestSteps(e, name), step).because;
    if (inputs['grantedAt'] !== undefined) return grantOf(e, name, inputs['grantedAt'] as Instant).because;
    return inputs['cause'] === undefined
      ? requestBecause(e, name, inputs)
      : requestBecause(e, name, { cause: code(causeOf(e, name) ?? '') });
  },
};

/** What is wrong with the fields of requests, by themselves and against those that others fill in. */
const ownFieldProblems = (items: readonly Item[], others: readonly FieldSet[]): readonly Unsound[] =>
  fieldProblems(
    [...others, ...items].map(({ fields }) => fields),
    ['requests'],
  )
    .map((problem) => ({ problem, index: Number(problem.path[1]) - others.length }))
    .filter(({ index }) => index >= 0)
    .map(({ problem, index }) => ({ ...problem, path: ['requests', index, ...problem.path.slice(2)] }));

/** Gates and conditions call requests, activities and ladders by their names. */
const nameTaken = ({ name }: Item, document: PolicyDocument, index: number): readonly Unsound[] =>
  recordable(document).some((each) => each.name === name)
    ? [
        unsound(
          'RequestTaken',
          ['requests', index, 'name'],
          `“${name}”已是一项记录，请换一个名称。`,
          `"${name}" is recorded already: choose another name.`,
        ),
      ]
    : [];
const untilWhen = ({ fields, then }: Item, index: number): readonly Unsound[] =>
  then === undefined ||
  !('longerTime' in then) ||
  fields.some(({ name, type }) => name === then.longerTime && type === 'instant')
    ? []
    : [
        unsound(
          'LongerTimeUnclear',
          ['requests', index, 'then'],
          'longerTime 须为本申请中类型为 instant 的字段。',
          'longerTime is a field of this request, of the type instant.',
        ),
      ];

/** Who may request and who may decide, as `permissions` would say it. */
export const mayRequest = ({ requests: items = [] }: PolicyDocument) =>
  items.flatMap(({ by, steps, rule }) => [
    { may: ['requestApproval' as const], ...by, rule },
    {
      may: ['decideRequest' as const],
      roles: steps.flatMap(({ roles, escalatesTo = [] }) => [...roles, ...escalatesTo]),
      relations: undefined,
      rule,
    },
  ]);

export interface RequestGiven {
  readonly request: string;
  readonly class: string;
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly attachments: readonly string[];
  readonly who: Caller;
  readonly filedAt: Instant;
  readonly now: Instant;
}
export type JudgedRequest =
  | { readonly allowed: true; readonly because: Reason; readonly filled: Filled }
  | Extract<Judgement, { readonly allowed: false }>;

/** Whether it may be requested so, all that speaks against it at once. */
export const judgeRequest = (e: Evaluation, given: RequestGiven): JudgedRequest => {
  const known = (e.policy.document.requests ?? []).filter((item) => appliesTo(item, given.class));
  const item = known.find(({ name }) => name === given.request);
  if (item === undefined)
    return refused({
      reason: 'RequestUnknown',
      field: 'request',
      accepted: { requests: codes(known.map(({ name }) => name)) },
    }) as Extract<Judgement, { readonly allowed: false }>;
  const because = requestBecause(e, item.name);
  const filled = readFilled(e, String(because.clause), underRule(item, item.rule), given);
  const [first, ...more] = [...filled.misread, ...filled.missing.map(({ rejection }) => rejection)];
  const judgement = all(
    isEntitled(item.by, given.who)
      ? allowed(because)
      : refused({
          reason: 'RequesterNotPermitted',
          because: [because],
          accepted: { roles: codes(item.by.roles ?? []), relations: codes(item.by.relations ?? []) },
        }),
    tooLate(e, item, given),
    first === undefined ? allowed() : refused(first, ...more),
  );
  return judgement.allowed ? { allowed: true, because, filled } : judgement;
};

const tooLate = (e: Evaluation, item: Item, { filedAt, now }: RequestGiven): Judgement => {
  if (item.within === undefined) return allowed();
  const latest = endOf(item.within, filedAt, clockOf(e, 'requests'));
  return isBefore(now, latest)
    ? allowed()
    : refused({
        reason: 'RequestTooLate',
        because: [reasonOf(e, `requests.${item.name}`, item, { filedAt, ...lengthFacts(item.within) })],
        accepted: { latest },
      });
};

const itemNamed = (e: Evaluation, name: string): Item => {
  const item = e.policy.document.requests?.find((each) => each.name === name);
  if (item === undefined) throw new PolicyMisuse(`${e.policy.reference} has no request ${name}`);
  return item;
};
export const requestSteps = (e: Evaluation, name: string): Steps => ({
  clause: `requests.${name}`,
  steps: itemNamed(e, name).steps,
  clock: clockOf(e, 'requests'),
});
/** Why it may be requested, or what was done for it. */
export const requestBecause = (
  e: Evaluation,
  name: string,
  inputs: Readonly<Record<string, DerivedFact | undefined>> = {},
): Reason => {
  const item = itemNamed(e, name);
  return reasonOf(e, `requests.${name}`, { rule: [...new Set([...(item.rule ?? []), ...rulesOf(item)])] }, inputs);
};
/** Why a step of it is waited for, until when, and on which calendar that was counted. */
export const waitingBecause = (e: Evaluation, name: string, step: string, startedAt: Instant): Reason => {
  const steps = requestSteps(e, name);
  return stepDeadline(e, steps, stepNamed(e, steps, step), startedAt).because;
};

/** What a yes grants: until when (exclusive; absent: for ever), and whether it is good for one act. */
export const grantOf = (
  e: Evaluation,
  name: string,
  grantedAt: Instant,
): { readonly until?: Instant; readonly once: boolean; readonly because: Reason } => {
  const { grants, rule } = itemNamed(e, name);
  const { once, validFor } = grants;
  const clause = `requests.${name}`;
  if (validFor === undefined) return { once, because: reasonOf(e, clause, { rule }, { grantedAt }) };
  const until = endOf(validFor, grantedAt, clockOf(e, 'requests'));
  const counted = 'workingDays' in validFor ? { from: grantedAt, to: until } : undefined;
  const inputs = { grantedAt, ...lengthFacts(validFor) };
  return { once, until, because: reasonOf(e, clause, { rule }, inputs, counted) };
};

/** The cause for which a yes ends the registration. */
export const causeOf = (e: Evaluation, name: string): string | undefined => {
  const { then } = itemNamed(e, name);
  return then !== undefined && 'terminate' in then ? then.terminate : undefined;
};
/** The field of the request that says until when the review waits after a yes. */
export const longerTimeIn = (e: Evaluation, name: string): Code | undefined => {
  const { then } = itemNamed(e, name);
  return then !== undefined && 'longerTime' in then ? code(then.longerTime) : undefined;
};
