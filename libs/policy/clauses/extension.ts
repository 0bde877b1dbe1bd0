import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import type { CalendarDate, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { latestFiling, type Duration } from '#time/clock.js';
import { addDays, addMilliseconds, isBefore, lastDay, later, startOfDay } from '#time/instant.js';
import { classOf, neverFires, type Clause } from '../clause.js';
import { allowed, allowedBecause, clockOf, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { appliesTo, classFilter } from '../whom.js';
import { leadTimeSchema, lengthFacts, lengthIn, lengthSchema, rangeProblems, measure } from '../lengths.js';
import { cited, codes, nameSchema, type Messages } from '../words.js';
import { chosenLength, clockEnd, fromEnd, judgeLength, ranOut, type Running } from './protection.js';

/**
 * Whether and how protection may be prolonged. `ask.notLaterThan`: so long before the last protected day (R06.18);
 * `ask.withinLast`: only in the last n days. `without`: what the end is called when nobody asked (R09.07: abandoned).
 */
const schema = z
  .array(
    z.strictObject({
      ...classFilter,
      ask: z
        .strictObject({
          notLaterThan: leadTimeSchema.optional(),
          withinLast: z.strictObject({ days: z.int().min(1).max(3_650) }).optional(),
        })
        .default({}),
      evidence: z.array(nameSchema).max(20).default([]),
      lasts: lengthSchema,
      from: z.enum(['end', 'decision']).default('end'),
      timesMax: z.int().min(1).max(1_000).optional().describe('How often; without it, without limit.'),
      without: z.enum(['abandon', 'expire']).default('expire'),
      ...cited,
    }),
  )
  .max(40)
  .optional();
type Item = NonNullable<z.output<typeof schema>>[number];

const refusals = {
  ExtensionUnavailable: { zh: '本制度不设延期。', en: 'This policy has no extension.' },
  ProtectionRunOut: { zh: '保护期已于 {before} 结束。', en: 'Protection ended at {before}.' },
  ExtensionTimesUsed: {
    zh: '延期次数已用完，最多 {timesMax} 次。',
    en: 'It has been extended as often as allowed: {timesMax}.',
  },
  ExtensionTooLate: {
    zh: '申请延期太晚，最迟应在 {latest}。',
    en: 'Too late to ask for an extension; the latest was {latest}.',
  },
  ExtensionTooEarly: {
    zh: '申请延期太早，最早在 {earliest}。',
    en: 'Too early to ask for an extension; the earliest is {earliest}.',
  },
  EvidenceMissing: { zh: '缺少材料：{evidence}。', en: 'Missing evidence: {evidence}.' },
} as const satisfies Messages;

export const extension: Clause<'extension', typeof schema, typeof refusals> = {
  name: 'extension',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['class'] },
  says: {
    reason: {
      zh: '延期{length?：}{length}{endsAt?，至 }{endsAt}',
      en: 'Extension{length?: }{length}{endsAt?, until }{endsAt}',
    },
    refusals,
    names: {
      latestInformation: { zh: '最新有效信息', en: 'latest valid information' },
      proof: { zh: '证据', en: 'proof' },
    },
  },
  refers: (items) => items.flatMap(({ lasts }, index) => rangeProblems(lasts, ['extension', index, 'lasts'])),
  lints: (items, { protection }) =>
    (items ?? []).flatMap((item, index) => {
      const { notLaterThan, withinLast } = item.ask;
      const needed = notLaterThan !== undefined && 'days' in notLaterThan ? notLaterThan.days : undefined;
      if (needed === undefined) return [];
      const clocks = protection.filter(({ class: names }) => names.some((name) => appliesTo(item, name)));
      const longest = Math.max(...clocks.map(({ lasts }) => daysAtMost('from' in lasts ? lasts.to : lasts)));
      return (withinLast !== undefined && withinLast.days <= needed) || longest <= needed
        ? [
            neverFires(
              ['extension', index, 'ask'],
              `须在届满前 ${needed} 天申请，但届时${withinLast !== undefined && withinLast.days <= needed ? '还不能申请' : '保护期还没有开始'}。`,
              `It must be asked for ${needed} days before the end, when ${withinLast !== undefined && withinLast.days <= needed ? 'it may not be asked for yet' : 'protection has not begun'}.`,
            ),
          ]
        : [];
    }),
  needs: () =>
    (['requestExtension', 'decideExtension'] as const).map((operation) => ({
      operation,
      path: ['extension'],
      zh: '有延期条款',
      en: 'There is an extension clause',
    })),
  idle: (items) =>
    items !== undefined
      ? []
      : [
          {
            operation: 'requestExtension',
            zh: '可以申请延期，但没有 extension。',
            en: 'Somebody may ask for an extension, but there is no extension clause.',
          },
        ],
  again: (cited) => {
    const { e, inputs, before, times, body } = cited;
    const name = classOf(cited);
    if ('extensionAsked' in inputs)
      return endOutcome(e, { class: name, extensionAsked: inputs['extensionAsked'] === true }).because;
    const items = e.policy.document.extension ?? [];
    if ('timesGranted' in inputs)
      return allowedBecause(
        judgeExtensionRequest(e, {
          class: name,
          protection: { startsAt: before!.current!.startsAt, endsAt: inputs['endsAt'] as Instant },
          now: inputs['now'] as Instant,
          timesGranted: Number(inputs['timesGranted']),
          evidence: items.flatMap(({ evidence }) => evidence),
        }),
        'extension',
      );
    return extendedEnd(e, {
      class: name,
      protection: { startsAt: (body['protection'] as Running).startsAt, endsAt: inputs['before'] as Instant },
      decidedAt: times.recordedAt,
      ...(items.some(({ lasts }) => 'from' in lasts) ? { chosen: lengthIn(inputs) } : {}),
    }).because;
  },
};

/** A length in days, counted generously; what has no days is longer than any. */
const daysAtMost = (length: Duration): number => {
  const { unit, count } = measure(length);
  const days: Readonly<Record<string, number>> = { days: 1, months: 31, workingDays: 3, hours: 1 / 24 };
  return days[unit] === undefined ? (unit === 'permanent' ? Infinity : Math.max(1, count)) : count * days[unit];
};

const itemOf = (e: Evaluation, name: string | undefined): Item | undefined =>
  e.policy.document.extension?.find((item) => name === undefined || appliesTo(item, name));

export interface ExtensionRequest {
  readonly class?: string | undefined;
  readonly protection: Running;
  readonly now: Instant;
  readonly timesGranted: number;
  readonly evidence: readonly string[];
}

/**
 * Whether an extension may be asked for now. Rejections, all at once: ExtensionUnavailable, ProtectionRunOut,
 * ExtensionTimesUsed, ExtensionTooLate, ExtensionTooEarly, EvidenceMissing.
 */
export const judgeExtensionRequest = (e: Evaluation, given: ExtensionRequest): Judgement => {
  const item = itemOf(e, given.class);
  const {
    protection: { endsAt },
    now,
  } = given;
  const because = [reasonOf(e, 'extension', item, { endsAt, now, timesGranted: given.timesGranted })];
  if (item === undefined) return refused({ reason: 'ExtensionUnavailable', because, accepted: {} });
  const rejections: Rejection[] = [];
  if (!isBefore(now, endsAt)) rejections.push({ reason: 'ProtectionRunOut', because, accepted: { before: endsAt } });
  if (item.timesMax !== undefined && given.timesGranted >= item.timesMax)
    rejections.push({ reason: 'ExtensionTimesUsed', because, accepted: { timesMax: item.timesMax } });
  const latest =
    item.ask.notLaterThan === undefined
      ? undefined
      : latestFiling(addMilliseconds(endsAt, -1), item.ask.notLaterThan, clockOf(e, 'extension'));
  if (latest !== undefined && isBefore(latest, now))
    rejections.push({ reason: 'ExtensionTooLate', because, accepted: { latest } });
  const earliest =
    item.ask.withinLast === undefined
      ? undefined
      : startOfDay(addDays(lastDay(endsAt, e.policy.timeZone), 1 - item.ask.withinLast.days), e.policy.timeZone);
  if (earliest !== undefined && isBefore(now, earliest))
    rejections.push({ reason: 'ExtensionTooEarly', because, accepted: { earliest } });
  const lacking = item.evidence.filter((kind) => !given.evidence.includes(kind));
  if (lacking.length > 0)
    rejections.push({ reason: 'EvidenceMissing', field: 'evidence', because, accepted: { evidence: codes(lacking) } });
  const [first, ...more] = rejections;
  return first === undefined ? allowed(...because) : refused(first, ...more);
};

/** Whether the length that the decider chose is on offer. Rejections: LengthNotChoosable, LengthOutOfRange. */
export const judgeExtensionLength = (
  e: Evaluation,
  given: { readonly class?: string | undefined; readonly chosen?: Duration | undefined },
): Judgement => judgeLength(e, 'extension', itemOf(e, given.class), given.chosen);

/**
 * The new end when an extension is granted; never before the old one. Without an extension clause the old end stands.
 */
export const extendedEnd = (
  e: Evaluation,
  given: {
    readonly class?: string | undefined;
    readonly protection: Running;
    readonly decidedAt: Instant;
    readonly chosen?: Duration | undefined;
  },
): { readonly endsAt: Instant; readonly lastDay: CalendarDate; readonly because: Reason } => {
  const item = itemOf(e, given.class);
  const { endsAt: before } = given.protection;
  if (item === undefined)
    return {
      endsAt: before,
      lastDay: lastDay(before, e.policy.timeZone),
      because: reasonOf(e, 'extension', undefined, { endsAt: before }),
    };
  const length = chosenLength(item.lasts, given.chosen);
  const setting = e.policy.document.protection.find(
    (each) => given.class === undefined || appliesTo(each, given.class),
  ) ?? { ends: 'endOfDay' as const, rollToWorkingDay: false };
  const from = item.from === 'end' ? fromEnd(e, length, before) : given.decidedAt;
  const endsAt = later(before, clockEnd(e, 'extension', length, from, setting));
  const counted = 'workingDays' in length || setting.rollToWorkingDay ? { from, to: endsAt } : undefined;
  return {
    endsAt,
    lastDay: lastDay(endsAt, e.policy.timeZone),
    because: reasonOf(e, 'extension', item, { before, from, ...lengthFacts(length), endsAt }, counted),
  };
};

/** What the end of a run-out clock is called. */
export const endOutcome = (
  e: Evaluation,
  given: { readonly class?: string | undefined; readonly extensionAsked: boolean },
): { readonly outcome: 'expire' | 'abandon'; readonly because: Reason } => {
  const item = itemOf(e, given.class);
  const outcome = item !== undefined && item.without === 'abandon' && !given.extensionAsked ? 'abandon' : 'expire';
  // Only giving it up by silence is the extension's own rule.
  return {
    outcome,
    because:
      outcome === 'expire'
        ? ranOut(e, given)
        : reasonOf(e, 'extension', item, { extensionAsked: given.extensionAsked }),
  };
};
