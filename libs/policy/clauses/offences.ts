import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Code, type Fen, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { compareFen, timesFen } from '#money/fen.js';
import { endOf, type Duration } from '#time/clock.js';
import { FOREVER, sameTimeMonthsLater } from '#time/instant.js';
import { warning, type Clause } from '../clause.js';
import { allowed, clockOf, PolicyMisuse, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { whoSchema, type Caller } from '../whom.js';
import { durationSchema } from '../lengths.js';
import { nameOf } from '../naming.js';
import { both, cited, codes, labelSchema, nameSchema, oneOrMore, yuanSchema, type Messages } from '../words.js';
import { judgeFinder, rolesThatCannot } from './permissions.js';

/** What follows from an offence. Amounts in fen; `until` is exclusive, without it: for good. */
export type Penalty =
  | { readonly kind: 'warning' }
  | { readonly kind: 'fine'; readonly amount: Fen }
  | { readonly kind: 'compensation'; readonly amount: Fen }
  | { readonly kind: 'dismissal' }
  | { readonly kind: 'measure'; readonly measure: Code }
  | { readonly kind: 'suspension'; readonly until?: Instant }
  | { readonly kind: 'ban'; readonly until?: Instant };

const measureSchema = z.strictObject({ measure: nameOf('measure') });
const fixedPenalty = z.union(
  [
    z.enum(['warning', 'dismissal']),
    z.strictObject({ fine: yuanSchema }),
    z.strictObject({ compensation: yuanSchema }),
    measureSchema,
    z.strictObject({ suspension: durationSchema }),
    z.strictObject({ ban: durationSchema }),
  ],
  {
    error: both(
      '处罚写作 warning、dismissal、{fine: 元}、{compensation: 元}、{measure: 措施}、{suspension: 期限} 或 {ban: 期限}。',
      'A penalty is warning, dismissal, {fine: yuan}, {compensation: yuan}, {measure: name}, {suspension: length} or {ban: length}.',
    ),
  },
);
type FixedPenalty = z.output<typeof fixedPenalty>;
const range = z.strictObject({ from: yuanSchema, to: yuanSchema });
/**
 * Between two amounts, so long at most, or one of several: the ruler picks and says why (R17.18, R02.14).
 */
const choosablePenalty = z.union(
  [
    z.enum(['warning', 'dismissal']),
    z.strictObject({ fine: range }),
    z.strictObject({ compensation: range }),
    measureSchema,
    z.strictObject({ suspension: durationSchema }),
    z.strictObject({ ban: durationSchema }),
  ],
  {
    error: both(
      '可选处罚写作 warning、dismissal、{fine: {from, to}}、{compensation: {from, to}}、{measure: 措施}、{suspension: 最长} 或 {ban: 最长}。',
      'A choice is warning, dismissal, {fine: {from, to}}, {compensation: {from, to}}, {measure: name}, {suspension: at most} or {ban: at most}.',
    ),
  },
);

/**
 * What is wrong to do, who may find it, and what follows: `each` time the same, by a `ladder` whose last step repeats,
 * `perCustomer`, or a `choice` of the ruler.
 * `counts` says over which time occurrences are counted for the ladder.
 */
const schema = z
  .array(
    z
      .strictObject({
        name: nameSchema,
        title: labelSchema,
        foundBy: whoSchema.optional(),
        counts: z
          .union([
            z.literal('ever'),
            z.strictObject({ months: z.int().min(1).max(1_200) }),
            z.strictObject({ years: z.int().min(1).max(100) }),
          ])
          .default('ever'),
        each: oneOrMore(fixedPenalty).optional(),
        ladder: z.array(oneOrMore(fixedPenalty)).min(1).max(20).optional(),
        perCustomer: oneOrMore(fixedPenalty).optional(),
        choice: z.array(choosablePenalty).min(1).max(10).optional(),
        vicarious: z
          .strictObject({ relation: nameSchema, penalties: oneOrMore(fixedPenalty) })
          .optional()
          .describe('What another bears for it: the manager of the offender.'),
        ...cited,
      })
      .refine(
        ({ each, ladder, perCustomer, choice }) =>
          [each, ladder, perCustomer, choice].filter((form) => form !== undefined).length === 1,
        both(
          '每项违规须在 each、ladder、perCustomer、choice 中恰好写一个。',
          'An offence has exactly one of each, ladder, perCustomer, choice.',
        ),
      ),
  )
  .max(60)
  .optional();
type Offence = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  OffenceUnknown: {
    zh: '制度中没有这项违规，可选：{offences}。',
    en: 'The policy has no such offence; choose from: {offences}.',
  },
  OccurrenceInvalid: { zh: '次数从 1 开始计。', en: 'Occurrences count from 1.' },
  CustomersNotCounted: { zh: '须写明涉及几个客户。', en: 'Say how many customers are concerned.' },
  PenaltyNotChosen: {
    zh: '制度留有裁量，请选择处罚：{kinds}。',
    en: 'The policy leaves a choice; pick a penalty: {kinds}.',
  },
  PenaltyNotChoosable: {
    zh: '不能选择该处罚{kinds?，可选：}{kinds}。',
    en: 'That penalty cannot be chosen{kinds?; choose from: }{kinds}.',
  },
  PenaltyTooLong: {
    zh: '期限须晚于认定时间{latest?，最长至 }{latest}。',
    en: 'It ends after the finding{latest?, and at the latest on }{latest}.',
  },
  PenaltyOutOfRange: {
    zh: '金额须在 {min|yuan} 至 {max|yuan} 之间。',
    en: 'The amount must be between {min|yuan} and {max|yuan}.',
  },
} as const satisfies Messages;

export const offences: Clause<'offences', typeof schema, typeof refusals> = {
  name: 'offences',
  schema,
  meaning: wholeMonthsSince,
  binds: 'event',
  items: { by: ['name'] },
  says: {
    reason: {
      zh: '违规：{offence}，第 {occurrence} 次{customers?，涉及客户 }{customers}',
      en: 'Offence: {offence}, occurrence {occurrence}{customers?, customers: }{customers}',
    },
    refusals,
    names: {
      warning: { zh: '警告', en: 'warning' },
      fine: { zh: '罚款', en: 'fine' },
      dismissal: { zh: '除名', en: 'dismissal' },
      compensation: { zh: '赔偿', en: 'compensation' },
      measure: { zh: '措施', en: 'measure' },
      suspension: { zh: '暂停', en: 'suspension' },
      ban: { zh: '禁止报备', en: 'ban' },
    },
  },
  declares: (items) => items.map(({ name, title }) => ({ kind: 'offence', name, title, path: ['offences'] })),
  lints: (items, document) =>
    (items ?? []).length === 0
      ? [warning('SanctionMissing', ['offences'], '没有写明任何违规及其处理。', 'No offence and no sanction is named.')]
      : (items ?? []).flatMap(({ foundBy }, index) =>
          rolesThatCannot(document, 'findOffence', foundBy?.roles, ['offences', index, 'foundBy']),
        ),
  needs: (items) =>
    items.length === 0
      ? []
      : [{ operation: 'findOffence', path: ['offences'], zh: '有违规条款', en: 'There are offences' }],
  again: ({ e, inputs, times }, offence) =>
    penaltyFor(e, {
      offence,
      occurrence: Number(inputs['occurrence']),
      customers: Number(inputs['customers']),
      at: times.recordedAt,
    }).because,
};

export interface OffenceInput {
  readonly offence: string;
  /** Which one it is within the counting window, 1-based. */
  readonly occurrence: number;
  readonly customers: number;
  /** What the ruler picked, where the policy leaves a choice. */
  readonly chosen?: Penalty | undefined;
  /** When it was found; needed by suspensions and bans that run for a time. */
  readonly at?: Instant | undefined;
}
export interface PenaltyRuling {
  readonly judgement: Judgement;
  readonly penalties: readonly Penalty[];
  readonly vicarious?: { readonly relation: string; readonly penalties: readonly Penalty[] };
  readonly because: Reason;
}

const offenceOf = (e: Evaluation, name: string): Offence | undefined =>
  e.policy.document.offences?.find((item) => item.name === name);

/**
 * What the policy makes of an offence. Rejections: OffenceUnknown, OccurrenceInvalid, CustomersNotCounted,
 * PenaltyNotChosen, PenaltyNotChoosable, PenaltyOutOfRange, PenaltyTooLong.
 */
export const penaltyFor = (e: Evaluation, given: OffenceInput): PenaltyRuling => {
  const item = offenceOf(e, given.offence);
  const because = reasonOf(e, item === undefined ? 'offences' : `offences.${item.name}`, item, {
    offence: code(given.offence),
    occurrence: given.occurrence,
    customers: given.customers,
  });
  const no = (rejection: Omit<Rejection, 'because'>): PenaltyRuling => ({
    judgement: refused({ ...rejection, because: [because] }),
    penalties: [],
    because,
  });
  if (item === undefined)
    return no({
      reason: 'OffenceUnknown',
      field: 'offence',
      accepted: { offences: codes((e.policy.document.offences ?? []).map(({ name }) => name)) },
    });
  if (!Number.isSafeInteger(given.occurrence) || given.occurrence < 1)
    return no({ reason: 'OccurrenceInvalid', field: 'occurrence', accepted: { min: 1 } });
  if (item.perCustomer !== undefined && (!Number.isSafeInteger(given.customers) || given.customers < 1))
    return no({ reason: 'CustomersNotCounted', field: 'customers', accepted: { min: 1 } });
  if (item.choice === undefined && given.chosen !== undefined)
    return no({ reason: 'PenaltyNotChoosable', field: 'chosen', accepted: {} });
  const vicarious =
    item.vicarious === undefined
      ? {}
      : {
          vicarious: {
            relation: item.vicarious.relation,
            penalties: item.vicarious.penalties.map((penalty) => fixed(e, penalty, given, 1)),
          },
        };
  if (item.choice !== undefined) {
    const chosen = judgeChoice(e, item.choice, given);
    return 'penalty' in chosen
      ? { judgement: allowed(because), penalties: [chosen.penalty], ...vicarious, because }
      : no(chosen);
  }
  const step = item.each ?? item.perCustomer ?? item.ladder?.[Math.min(given.occurrence, item.ladder.length) - 1] ?? [];
  return {
    judgement: allowed(because),
    penalties: step.map((penalty) => fixed(e, penalty, given, item.perCustomer === undefined ? 1 : given.customers)),
    ...vicarious,
    because,
  };
};

const fixed = (e: Evaluation, penalty: FixedPenalty, { at }: OffenceInput, times: number): Penalty => {
  if (typeof penalty === 'string') return { kind: penalty };
  if ('fine' in penalty) return { kind: 'fine', amount: timesFen(penalty.fine, times) };
  if ('compensation' in penalty) return { kind: 'compensation', amount: timesFen(penalty.compensation, times) };
  if ('measure' in penalty) return { kind: 'measure', measure: code(penalty.measure) };
  return 'suspension' in penalty
    ? { kind: 'suspension', ...until(e, penalty.suspension, at) }
    : { kind: 'ban', ...until(e, penalty.ban, at) };
};
const until = (e: Evaluation, length: Duration, at: Instant | undefined): { readonly until?: Instant } => {
  if ('permanent' in length) return {};
  if (at === undefined) throw new PolicyMisuse('a suspension or ban for a time needs `at`');
  const end = endOf(length, at, clockOf(e, 'offences'));
  return end === FOREVER ? {} : { until: end };
};

type Option = NonNullable<Offence['choice']>[number];
/** What an option is called: a kind of penalty, or the measure. */
const optionName = (option: Option): string =>
  typeof option === 'string' ? option : 'measure' in option ? option.measure : Object.keys(option)[0]!;

/** What the ruler picked, as the policy lets it be, or why it cannot be picked. */
const judgeChoice = (
  e: Evaluation,
  options: readonly Option[],
  { chosen, at }: OffenceInput,
): { readonly penalty: Penalty } | Omit<Rejection, 'because'> => {
  const accepted = { kinds: codes(options.map(optionName)) };
  if (chosen === undefined) return { reason: 'PenaltyNotChosen', field: 'chosen', accepted };
  const wanted = chosen.kind === 'measure' ? chosen.measure : chosen.kind;
  const option = options.find((each) => optionName(each) === wanted);
  if (option === undefined) return { reason: 'PenaltyNotChoosable', field: 'chosen', accepted };
  if (typeof option === 'string' || 'measure' in option) return { penalty: chosen };
  if ('suspension' in option) return forATime(e, option.suspension, chosen, at);
  if ('ban' in option) return forATime(e, option.ban, chosen, at);
  const { from, to } = 'fine' in option ? option.fine : option.compensation;
  if (!('amount' in chosen)) return { reason: 'PenaltyNotChoosable', field: 'chosen', accepted };
  return compareFen(chosen.amount, from) >= 0 && compareFen(chosen.amount, to) <= 0
    ? { penalty: chosen }
    : { reason: 'PenaltyOutOfRange', field: 'chosen', accepted: { min: from, max: to } };
};
/** Without an end of the ruler's own it lasts as long as the policy lets. */
const forATime = (
  e: Evaluation,
  longest: Duration,
  chosen: Penalty,
  at: Instant | undefined,
): { readonly penalty: Penalty } | Omit<Rejection, 'because'> => {
  const { until: latest } = until(e, longest, at);
  const wanted = 'until' in chosen ? chosen.until : undefined;
  const penalty = { kind: chosen.kind as 'suspension' | 'ban' };
  if (wanted === undefined) return { penalty: { ...penalty, ...(latest === undefined ? {} : { until: latest }) } };
  return (latest === undefined || wanted <= latest) && (at === undefined || wanted > at)
    ? { penalty: { ...penalty, until: wanted } }
    : { reason: 'PenaltyTooLong', field: 'chosen', accepted: latest === undefined ? {} : { latest } };
};

/** Whether this caller may find this offence. Rejections: OffenceUnknown, FinderNotPermitted. */
export const judgeOffenceFinder = (e: Evaluation, given: Caller & { readonly offence: string }): Judgement => {
  const item = offenceOf(e, given.offence);
  if (item === undefined)
    return refused({
      reason: 'OffenceUnknown',
      field: 'offence',
      because: [reasonOf(e, 'offences', undefined)],
      accepted: { offences: codes((e.policy.document.offences ?? []).map(({ name }) => name)) },
    });
  return judgeFinder(e, `offences.${item.name}`, item, given);
};

/** From when occurrences count, for an offence found at `now`: those at or after `since`; undefined: all of them. */
export const countingWindow = (e: Evaluation, offence: string): { since(now: Instant): Instant | undefined } => {
  const counts = offenceOf(e, offence)?.counts ?? 'ever';
  const months = counts === 'ever' ? undefined : 'months' in counts ? counts.months : counts.years * 12;
  return { since: (now) => (months === undefined ? undefined : sameTimeMonthsLater(now, -months, e.policy.timeZone)) };
};
