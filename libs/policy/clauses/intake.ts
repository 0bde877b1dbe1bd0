import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Instant, type Reason, type Reasons } from '#event-sourcing/vocabulary.js';
import { endOf, latestFiling, withinWindow } from '#time/clock.js';
import { addMilliseconds, isBefore, isCalendarDate, startOfDay } from '#time/instant.js';
import { classOf, unsound, warning, type Cited, type Clause, type Unsound } from '../clause.js';
import type { PolicyDocument } from '../document.js';
import { allowed, allowedBecause, clockOf, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { channelNames, wordProblems } from '../known-words.js';
import { nameOf } from '../naming.js';
import type { Path } from '../reading.js';
import { appliesTo, classFilter } from '../whom.js';
import { durationSchema, leadTimeSchema, lengthFacts } from '../lengths.js';
import { cited, codes, labelSchema, nameSchema, oneOrMore, timeOfDaySchema, type Messages } from '../words.js';
import { filedClasses, unknownClass } from './classes.js';
import type { Raised } from './gates.js';

const timeNames = ['occurredAt', 'receivedAt', 'recordedAt'] as const;
const minutesMax = 527_040;

const lateSchema = z
  .strictObject({ flag: nameSchema, title: labelSchema })
  .optional()
  .describe('Without it a late filing is refused; with it, it is taken and marked with this flag.');

/**
 * How claims come in. `ranks` names the time that ranks claims among each other, `windows` the one that windows and
 * lead times are judged by.
 * A time that somebody claims may lie back only as far as `backdating` says: occurredAt before receivedAt, receivedAt
 * before the recording. That holds for a filing and for a visit, a follow-up or a deposit alike.
 */
const schema = z.strictObject({
  ranks: z.enum(timeNames),
  windows: z.enum(timeNames).default('receivedAt'),
  backdating: z
    .strictObject({
      occurredAt: z.strictObject({ minutesMax: z.int().min(0).max(minutesMax) }).optional(),
      receivedAt: z.strictObject({ minutesMax: z.int().min(0).max(minutesMax) }).optional(),
      ...cited,
    })
    .optional(),
  exemption: z
    .enum(['allowed', 'refused'])
    .default('refused')
    .describe('Whether a late filing may be forgiven (operation exempt).'),
  channels: z
    .array(z.strictObject({ ...classFilter, accepts: oneOrMore(nameSchema), ...cited }))
    .min(1)
    .max(40),
  leadTimes: z
    .array(
      z.strictObject({ ...classFilter, before: nameOf('field'), lead: leadTimeSchema, late: lateSchema, ...cited }),
    )
    .max(40)
    .default([]),
  dailyWindows: z
    .array(
      z.strictObject({
        ...classFilter,
        from: timeOfDaySchema,
        to: timeOfDaySchema,
        fromIncluded: z.boolean().optional(),
        toIncluded: z.boolean().optional(),
        ...cited,
      }),
    )
    .max(40)
    .default([]),
  latestAfter: z
    .array(
      z.strictObject({ ...classFilter, after: nameOf('field'), within: durationSchema, late: lateSchema, ...cited }),
    )
    .max(40)
    .default([]),
  ...cited,
});

const refusals = {
  ChannelNotAccepted: {
    zh: '此类别不接受该渠道，可用：{channels}。',
    en: 'This class is not taken by that channel; use: {channels}.',
  },
  OccurredInFuture: {
    zh: '发生时间不能晚于现在（{latest}）。',
    en: 'It cannot have happened later than now ({latest}).',
  },
  ReceivedInFuture: {
    zh: '收到时间不能晚于现在（{latest}）。',
    en: 'It cannot have been received later than now ({latest}).',
  },
  BackdatedTooFar: {
    zh: '时间倒签过多，最早可填 {earliest}。',
    en: 'That lies too far back; the earliest is {earliest}.',
  },
  LeadTimeTooShort: {
    zh: '报备太晚，最迟应在 {latest}。',
    en: 'Filed too late before the event; the latest was {latest}.',
  },
  OutsideWindow: { zh: '不在受理时段内：{from}–{to}。', en: 'Outside the hours of intake: {from}–{to}.' },
  FiledTooLate: { zh: '已过报备期限，应在 {before} 之前。', en: 'Filed too late; it was due before {before}.' },
} as const satisfies Messages;

export const intake: Clause<'intake', typeof schema, typeof refusals> = {
  name: 'intake',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['class'] },
  says: {
    reason: {
      zh: '受理{channel?，渠道 }{channel}{rankedBy?，按}{rankedBy}{rankedAt?排序：}{rankedAt}',
      en: 'Intake{channel? by }{channel}{rankedBy?, ranked by }{rankedBy}{rankedAt?: }{rankedAt}',
    },
    refusals,
    names: {
      ...channelNames,
      occurredAt: { zh: '发生时间', en: 'when it happened' },
      receivedAt: { zh: '收到时间', en: 'when it was received' },
      recordedAt: { zh: '入账时间', en: 'when it was recorded' },
    },
  },
  refers: ({ leadTimes, latestAfter, channels }, document) => [
    ...leadTimes.flatMap((item, index) =>
      undated(document, item.before, item.class, ['intake', 'leadTimes', index, 'before']),
    ),
    ...latestAfter.flatMap((item, index) =>
      undated(document, item.after, item.class, ['intake', 'latestAfter', index, 'after']),
    ),
    ...filedClasses(document.classes)
      .filter((name) => !channels.some((item) => appliesTo(item, name)))
      .map((name) =>
        unsound(
          'ClassWithoutChannel',
          ['intake', 'channels'],
          `类别“${name}”没有报备渠道。`,
          `The class "${name}" has no channel.`,
        ),
      ),
  ],
  lints: ({ ranks, backdating, channels }, { collision }) => [
    ...(ranks === 'occurredAt' && collision?.lateArrival.outcome === 'overturn' && backdating?.occurredAt === undefined
      ? [
          warning(
            'BackdatingOpen',
            ['intake', 'backdating'],
            '按申报的发生时间排序，迟到的较早报备会改判，却没有写明最多可以倒签多久：写明 backdating.occurredAt。',
            'Claims are ranked by the time that somebody states, and an earlier one overturns: say under backdating.occurredAt how far back it may lie.',
          ),
        ]
      : []),
    ...channels.flatMap(({ accepts }, index) =>
      wordProblems('ChannelUnknown', accepts, Object.keys(channelNames), ['intake', 'channels', index, 'accepts'], {
        zh: '已知的渠道',
        en: 'known channel',
      }),
    ),
  ],
  needs: ({ exemption }) =>
    exemption === 'allowed'
      ? [{ operation: 'exempt', path: ['intake', 'exemption'], zh: '允许豁免', en: 'Exemptions are allowed' }]
      : [],
  idle: ({ exemption, leadTimes, latestAfter }, { gates }) =>
    exemption === 'allowed' ||
    [...leadTimes, ...latestAfter].some(({ late }) => late !== undefined) ||
    gates?.some(({ otherwise }) => otherwise === 'flag') === true
      ? []
      : [
          {
            operation: 'exempt',
            zh: '可以豁免，但 intake.exemption 为 refused，也没有标记可以解除。',
            en: 'Somebody may exempt, but intake.exemption is refused, and there is no flag to lift.',
          },
        ],
  declares: ({ leadTimes, latestAfter }) =>
    [...leadTimes, ...latestAfter].flatMap(({ late }) =>
      late === undefined
        ? []
        : [
            {
              kind: 'flag' as const,
              name: late.flag,
              title: late.title,
              path: ['intake', 'flags'],
              repeats: true as const,
            },
          ],
    ),
  again: (cited) => flaggedAgain(cited) ?? filedAgain(cited),
};

/** Of a flag its reason keeps the two moments that were compared. */
const flaggedAgain = (cited: Cited): Reason | undefined => {
  const { e, body, inputs } = cited;
  const filedAt = inputs['filedAt'] as Instant | undefined;
  if (filedAt === undefined) return undefined;
  const given = { class: classOf(cited), channel: '', values: inputs as Intake['values'], exempted: false };
  const raised = lateFlags(e, { ...given, occurredAt: filedAt, receivedAt: filedAt, now: filedAt });
  return raised.find(({ flag }) => flag === body['flag'])?.because;
};
const filedAgain = ({ e, inputs, times, body }: Cited): Reason | undefined =>
  allowedBecause(
    judgeIntake(e, {
      class: String(inputs['class']),
      channel: String(inputs['channel']),
      occurredAt: times.occurredAt,
      receivedAt: times.receivedAt,
      now: times.recordedAt,
      values: body['details'] as Intake['values'],
      exempted: inputs['exempted'] === true,
    }),
    'intake',
  );

/** A lead time and a latest day hang on a date that the form of each of their classes must have. */
const undated = (
  { form, classes }: PolicyDocument,
  name: string,
  given: readonly string[] | undefined,
  path: Path,
): readonly Unsound[] =>
  (given ?? filedClasses(classes))
    // A name that no form has at all is an unknown field, and told so.
    .filter(() => form.some(({ fields }) => fields.some((field) => field.name === name)))
    .filter(
      (each) =>
        !form
          .filter((part) => appliesTo(part, each))
          .some(({ fields }) => fields.some((field) => field.name === name && /^(?:date|instant)$/.test(field.type))),
    )
    .map((each) =>
      unsound(
        'FieldNotDated',
        path,
        `类别“${each}”的表单没有日期或时刻字段“${name}”。`,
        `The form of "${each}" has no date or instant "${name}".`,
      ),
    );

export interface IntakeTimes {
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  /** When it is decided: what the log will record. */ readonly now: Instant;
}
export interface Intake extends IntakeTimes {
  readonly class: string;
  readonly channel: string;
  /** The form's canonical values: lead times look at its dates. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  readonly exempted: boolean;
  /** A desk says when it was received: as far back as `backdating` allows, and nowhere where that says nothing. */
  readonly receiptAttested?: boolean;
}

/** The time that ranks this claim: the earlier one was first, equals are ranked by the log's order. */
export const rankingTime = (e: Evaluation, times: IntakeTimes): Instant => named(times, e.policy.document.intake.ranks);
const named = (times: IntakeTimes, name: (typeof timeNames)[number]): Instant =>
  name === 'recordedAt' ? times.now : times[name];

/**
 * Whether a claim comes in by an accepted channel and in time. Rejections: ClassUnknown, ClassNotFiled,
 * ChannelNotAccepted, OccurredInFuture, ReceivedInFuture,
 * BackdatedTooFar, LeadTimeTooShort, OutsideWindow, FiledTooLate. An exemption forgives the last three and nothing
 * else.
 */
export const judgeIntake = (e: Evaluation, given: Intake): Judgement => {
  const clause = e.policy.document.intake;
  const known = e.policy.document.classes.find(({ name }) => name === given.class);
  const filed = codes(e.policy.document.classes.filter((each) => each.filed).map(({ name }) => name));
  const unknown = unknownClass(e, given.class);
  if (unknown !== undefined || known === undefined) return refused(unknown!);
  if (!known.filed)
    return refused({
      reason: 'ClassNotFiled',
      field: 'class',
      because: [reasonOf(e, `classes.${known.name}`, known)],
      accepted: { classes: filed },
    });
  const forgiven = given.exempted && clause.exemption === 'allowed';
  const late = lateness(e, given);
  const tooLate = [
    ...late.flatMap(({ flag, rejection }) => (flag === undefined ? [rejection] : [])),
    ...windowRejections(e, given),
  ];
  const [first, ...more] = [...channelRejections(e, given), ...timeRejections(e, given), ...(forgiven ? [] : tooLate)];
  const usedUp = forgiven && late.length + tooLate.length > 0;
  return first === undefined ? allowed(accepted(e, given, usedUp)) : refused(first, ...more);
};

/** What a filing is marked with that comes late and is taken all the same; an exemption forgives it. */
export const lateFlags = (e: Evaluation, given: Intake): readonly Raised[] =>
  given.exempted && e.policy.document.intake.exemption === 'allowed'
    ? []
    : lateness(e, given).flatMap(({ flag, rejection: { because } }) =>
        flag === undefined ? [] : [{ flag: code(flag), because: because[0] }],
      );
/** How a filing is late; with `flag` it is only marked. */
interface Late {
  readonly flag: string | undefined;
  readonly rejection: Rejection & { readonly because: Reasons };
}
const lateness = (e: Evaluation, given: Intake): readonly Late[] => [
  ...tooShort(e, given),
  ...afterTheLatest(e, given),
];

const accepted = (e: Evaluation, given: Intake, forgiven: boolean): Reason => {
  const clause = e.policy.document.intake;
  const rule = [clause, ...clause.channels, ...clause.leadTimes, ...clause.dailyWindows, ...clause.latestAfter]
    .filter((item) => !('class' in item) || appliesTo(item, given.class))
    .flatMap((item) => item.rule ?? []);
  return reasonOf(
    e,
    'intake',
    { rule: [...new Set(rule)] },
    {
      class: code(given.class),
      channel: code(given.channel),
      exempted: forgiven,
      rankedAt: rankingTime(e, given),
      rankedBy: code(clause.ranks),
    },
  );
};

const channelRejections = (e: Evaluation, given: Intake): Rejection[] => {
  const items = e.policy.document.intake.channels.filter((item) => appliesTo(item, given.class));
  if (items.some(({ accepts }) => accepts.includes(given.channel))) return [];
  const because = [
    reasonOf(
      e,
      'intake.channels',
      { rule: items.flatMap(({ rule }) => rule ?? []) },
      { class: code(given.class), channel: code(given.channel) },
    ),
  ];
  return [
    {
      reason: 'ChannelNotAccepted',
      field: 'channel',
      because,
      accepted: { channels: codes([...new Set(items.flatMap(({ accepts }) => accepts))]) },
    },
  ];
};

const timeRejections = (e: Evaluation, given: Intake): readonly Rejection[] => {
  const { occurredAt, receivedAt, now } = given;
  const later = (['occurredAt', 'receivedAt'] as const).filter((field) => isBefore(now, given[field]));
  return [
    ...later.map((field) => ({
      reason: field === 'occurredAt' ? ('OccurredInFuture' as const) : ('ReceivedInFuture' as const),
      field,
      because: [reasonOf(e, 'intake', undefined, { [field]: given[field], now })],
      accepted: { latest: now },
    })),
    ...backdated(e, { occurredAt, receivedAt, now }, given.receiptAttested),
  ];
};

/**
 * Whether a time that somebody claims lies further back than the policy lets: of a filing, and of everything that is
 * recorded about it later and moves its clock. Rejections: BackdatedTooFar.
 */
export const backdated = (
  e: Evaluation,
  { occurredAt, receivedAt, now }: IntakeTimes,
  receiptAttested = false,
): readonly Rejection[] => {
  const clause = e.policy.document.intake.backdating;
  const tooFar = (field: 'occurredAt' | 'receivedAt', when: Instant, reference: Instant): readonly Rejection[] => {
    const limit = clause?.[field]?.minutesMax ?? (field === 'receivedAt' && receiptAttested ? 0 : undefined);
    if (limit === undefined) return [];
    const earliest = addMilliseconds(reference, -limit * 60_000);
    return isBefore(when, earliest)
      ? [
          {
            reason: 'BackdatedTooFar',
            field,
            because: [reasonOf(e, 'intake.backdating', clause, { minutesMax: limit, [field]: when })],
            accepted: { earliest },
          },
        ]
      : [];
  };
  return [...tooFar('occurredAt', occurredAt, receivedAt), ...tooFar('receivedAt', receivedAt, now)];
};

/** A date is its first moment: a lead time before a day runs to the start of that day. */
const momentOf = (e: Evaluation, value: string | number | boolean | undefined): Instant | undefined => {
  if (typeof value !== 'string') return undefined;
  return isCalendarDate(value) ? startOfDay(value, e.policy.timeZone) : (value as Instant);
};
const formMoment = (e: Evaluation, given: Intake, field: string): Instant | undefined =>
  momentOf(e, Object.hasOwn(given.values, field) ? given.values[field] : undefined);

const tooShort = (e: Evaluation, given: Intake): readonly Late[] => {
  const { leadTimes, windows } = e.policy.document.intake;
  const filedAt = named(given, windows);
  return leadTimes
    .filter((item) => appliesTo(item, given.class))
    .flatMap((item): Late[] => {
      const eventAt = formMoment(e, given, item.before);
      if (eventAt === undefined) return []; // An empty field is the form's concern.
      const latest = latestFiling(eventAt, item.lead, clockOf(e, 'intake'));
      if (filedAt <= latest) return [];
      const counted = 'workingDays' in item.lead ? { from: latest, to: eventAt } : undefined;
      const because = [reasonOf(e, 'intake.leadTimes', item, { filedAt, [item.before]: eventAt }, counted)] as const;
      return [
        {
          flag: item.late?.flag,
          rejection: { reason: 'LeadTimeTooShort', field: item.before, because, accepted: { latest } },
        },
      ];
    });
};

const windowRejections = (e: Evaluation, given: Intake): Rejection[] => {
  const { dailyWindows, windows } = e.policy.document.intake;
  const items = dailyWindows.filter((item) => appliesTo(item, given.class));
  const filedAt = named(given, windows);
  if (items.length === 0 || items.some((item) => withinWindow(filedAt, window(item), e.policy.timeZone))) return [];
  const because = [reasonOf(e, 'intake.dailyWindows', { rule: items.flatMap(({ rule }) => rule ?? []) }, { filedAt })];
  return [
    {
      reason: 'OutsideWindow',
      field: windows,
      because,
      accepted: { from: codes(items.map(({ from }) => from)), to: codes(items.map(({ to }) => to)) },
    },
  ];
};
const window = ({ from, to, fromIncluded, toIncluded }: z.output<typeof schema>['dailyWindows'][number]) => ({
  from,
  to,
  ...(fromIncluded === undefined ? {} : { fromIncluded }),
  ...(toIncluded === undefined ? {} : { toIncluded }),
});

const afterTheLatest = (e: Evaluation, given: Intake): readonly Late[] => {
  const { latestAfter, windows } = e.policy.document.intake;
  const filedAt = named(given, windows);
  return latestAfter
    .filter((item) => appliesTo(item, given.class))
    .flatMap((item): Late[] => {
      const eventAt = formMoment(e, given, item.after);
      if (eventAt === undefined) return [];
      const until = endOf(item.within, eventAt, clockOf(e, 'intake'));
      if (isBefore(filedAt, until)) return [];
      const counted = 'workingDays' in item.within ? { from: eventAt, to: until } : undefined;
      const inputs = { filedAt, [item.after]: eventAt, ...lengthFacts(item.within) };
      const because = [reasonOf(e, 'intake.latestAfter', item, inputs, counted)] as const;
      return [
        {
          flag: item.late?.flag,
          rejection: { reason: 'FiledTooLate', field: item.after, because, accepted: { before: until } },
        },
      ];
    });
};
