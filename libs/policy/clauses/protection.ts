import { z } from 'zod';
import { code, type CalendarDate, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import { endOf, type Duration } from '#time/clock.js';
import { addMilliseconds, endOfDay, isBefore, lastDay, later } from '#time/instant.js';
import { classOf, neverFires, unsound, warning, type Clause, type Needed } from '../clause.js';
import { allowed, clockOf, PolicyMisuse, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import { wholeMonthsSince } from '../mends.js';
import { nameOf } from '../naming.js';
import { appliesTo, type Relation } from '../whom.js';
import { lengthFacts, lengthIn, lengthSchema, measure, rangeProblems, type Length } from '../lengths.js';
import { cited, codes, oneOrMore, timeOfDaySchema, type Messages } from '../words.js';

export const clockEvents = ['registered', 'approved', 'deposit', 'visit', 'followUp'] as const;
/** One of these, or an activity of the policy's own. */
export type ClockEvent = string;

/**
 * How long a registration excludes others: the event that starts the clock, a length with its counting, the time of day
 * at which the last day ends.
 * `rolls`: later events that set the clock going again, `from: event` (counted anew from it) or `from: end` (the length
 * is added to the old end).
 */
const schema = z
  .array(
    z.strictObject({
      class: oneOrMore(nameOf('class')),
      starts: nameOf('clockEvent'),
      lasts: lengthSchema,
      ends: z.union([z.literal('endOfDay'), timeOfDaySchema]).default('endOfDay'),
      rollToWorkingDay: z
        .boolean()
        .default(false)
        .describe('A last day that is not worked moves to the next working day.'),
      rolls: z
        .strictObject({
          on: oneOrMore(nameOf('clockEvent')),
          by: oneOrMore(nameOf('relation')).optional(),
          from: z.enum(['event', 'end']).default('event'),
          ...cited,
        })
        .optional(),
      ...cited,
    }),
  )
  .max(40)
  .default([]);
type Item = z.output<typeof schema>[number];

const refusals = {
  LengthNotChoosable: { zh: '此期限由制度固定，不能选择。', en: 'The policy fixes this length; it cannot be chosen.' },
  LengthOutOfRange: {
    zh: '期限须在 {min} 至 {max} {unit} 之间。',
    en: 'The length must be between {min} and {max} {unit}.',
  },
} as const satisfies Messages;

export const protection: Clause<'protection', typeof schema, typeof refusals, ByClass> = {
  name: 'protection',
  schema,
  meaning: wholeMonthsSince,
  binds: 'filing',
  items: { by: ['class'] },
  says: {
    reason: {
      zh: '保护期：{item}{event?，自}{event}{from?（}{from}{from?）}起{length?，}{length}{endsAt?，至 }{endsAt}',
      en: 'Protection: {item}{event?, from the }{event}{from? at }{from}{length?, }{length}{endsAt?, until }{endsAt}',
    },
    refusals,
    names: {
      registered: { zh: '报备', en: 'registration' },
      approved: { zh: '审批', en: 'approval' },
      deposit: { zh: '定金', en: 'deposit' },
      visit: { zh: '到访', en: 'visit' },
      followUp: { zh: '跟进', en: 'follow-up' },
    },
  },
  refers: (items, { classes }) => [
    ...classes.flatMap(({ name, claims }, index) => {
      const clocks = items.filter((item) => item.class.includes(name)).length;
      if (claims === 'none')
        return clocks === 0
          ? []
          : [
              unsound(
                'RecordWithProtection',
                ['classes', index],
                `类别“${name}”只作记录（claims: none），不能有保护期。`,
                `The class "${name}" is a record (claims: none): it protects nothing.`,
              ),
            ];
      if (clocks === 1) return [];
      return clocks === 0
        ? [
            unsound(
              'ClassWithoutProtection',
              ['classes', index],
              `类别“${name}”没有保护期。`,
              `The class "${name}" has no protection.`,
            ),
          ]
        : [
            unsound(
              'ProtectionTwice',
              ['protection'],
              `类别“${name}”的保护期写了两次。`,
              `The class "${name}" has two protections.`,
            ),
          ];
    }),
    ...items.flatMap(({ lasts }, index) => rangeProblems(lasts, ['protection', index, 'lasts'])),
  ],
  lints: (items, { classes, permissions, intake }) => {
    const permitted = new Set<string>(permissions.flatMap(({ may }) => may));
    return items.flatMap(({ starts, class: names }, index) => {
      // A class that an upgrade leads to begins with that upgrade, whatever starts it otherwise.
      const filedHere = classes.some(({ name, filed }) => filed && names.includes(name));
      const recording = recordings[starts];
      if (!filedHere || recording === undefined) return [];
      if (!permitted.has(recording.operation))
        return [
          neverFires(
            ['protection', index],
            `保护期从 ${starts} 起算，但没有人可以记录它。`,
            `Protection starts at ${starts}, which nobody may record.`,
          ),
        ];
      return intake.backdating?.occurredAt === undefined
        ? [
            warning(
              'BackdatingOpen',
              ['protection', index],
              `保护期从 ${starts} 起算，却没有写明其发生时间最多可以倒签多久：写明 intake.backdating.occurredAt。`,
              `Protection starts at ${starts}, and nothing says how far back it may be dated: say it under intake.backdating.occurredAt.`,
            ),
          ]
        : [];
    });
  },
  needs: (items, { upgrades }) => {
    const moving = new Set([...items.flatMap(({ rolls }) => rolls?.on ?? []), ...(upgrades ?? []).map(({ on }) => on)]);
    return [...moving].flatMap((event) => recordings[event] ?? []);
  },
  again: (cited, name) => {
    const { e, inputs, before, body } = cited;
    if (inputs['event'] === undefined)
      return ranOut(e, { class: classOf(cited), extensionAsked: inputs['extensionAsked'] === true });
    const window = body['protection'] as Running;
    const event = inputs['event'] as ClockEvent;
    const current = body['type'] === 'Upgraded' || body['type'] === 'Rolled' ? before?.current : undefined;
    const from = inputs['from'] as Instant;
    const item = itemOf(e, name);
    // Where a length is added to the old end, it says nothing of when the event was: only that the clock ran.
    const whileItRan = body['type'] === 'Rolled' && item?.rolls?.from === 'end' ? current?.startsAt : undefined;
    return protectionOn(e, {
      class: name,
      event,
      at: current === undefined && event === 'approved' ? window.startsAt : (whileItRan ?? from),
      relations: ['holder', 'filer'],
      registeredAt: from,
      ...(current === undefined ? {} : { current, currentClass: before!.class }),
      ...(item !== undefined && 'from' in item.lasts ? { chosen: lengthIn(inputs) } : {}),
    })?.because;
  },
  compile: (items) => new Map(items.flatMap((item) => item.class.map((name) => [name, item]))),
};
type ByClass = ReadonlyMap<string, Item>;

/** What somebody must record for a clock to be moved by it; the others happen by a filing or its review. */
const recordings: Readonly<Record<string, Needed | undefined>> = {
  visit: { operation: 'recordVisit', path: ['protection'], zh: '到访影响保护期', en: 'A visit moves the clock' },
  followUp: {
    operation: 'recordFollowUp',
    path: ['protection'],
    zh: '跟进影响保护期',
    en: 'A follow-up moves the clock',
  },
  deposit: { operation: 'recordDeposit', path: ['upgrades'], zh: '定金影响保护期', en: 'A deposit moves the clock' },
};

/**
 * Dates as they hold from now on. `startsAt` never moves once protection has begun; `endsAt` is exclusive, `lastDay` is
 * the date a person reads.
 */
export interface Window {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
  readonly because: Reason;
}
export interface Running {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

const itemOf = (e: Evaluation, name: string): Item | undefined => e.policy.compiled.protection.get(name);

export interface ClockInput {
  readonly class: string;
  readonly event: ClockEvent;
  /** When the event happened, by the time that the policy's windows use. */
  readonly at: Instant;
  /** The length that the approver chose, where the policy leaves a choice; judged before with `judgeChosenLength`. */
  readonly chosen?: Duration | undefined;
  /** The protection that is running. */
  readonly current?: Running | undefined;
  /**
   * The class it runs in, where it is not `class`: only an upgrade out of that class lifts it. A second deposit lifts
   * nobody who stands among the deposit-paid already.
   */
  readonly currentClass?: string | undefined;
  /**
   * When the registration was filed: a class that starts at `registered` is counted from there, also when a review ends
   * later.
   */
  readonly registeredAt?: Instant | undefined;
  /** What the one who visited or followed up is to the registration, for clocks that only some may roll (R29.22). */
  readonly relations?: readonly Relation[] | undefined;
}

/** A clock that simply ran out is the protection's own rule, whatever might have been asked. */
export const ranOut = (
  e: Evaluation,
  given: { readonly class?: string | undefined; readonly extensionAsked: boolean },
): Reason => {
  const items = e.policy.document.protection.filter(
    (item) => given.class === undefined || appliesTo(item, given.class),
  );
  const rule = [...new Set(items.flatMap((item) => item.rule ?? []))];
  return reasonOf(e, 'protection', { rule }, { extensionAsked: given.extensionAsked });
};

/**
 * What an event does to the clock: the first start, an upgrade into `class`, a roll; undefined when it does nothing.
 * A running protection is never shortened. Throws UnknownYearError when it counts working days of a year nobody
 * published.
 */
export const protectionOn = (e: Evaluation, given: ClockInput): Window | undefined => {
  const item = itemOf(e, given.class);
  if (item === undefined) return undefined;
  return given.current === undefined
    ? started(e, item, given)
    : (upgraded(e, item, given, given.current) ?? rolled(e, item, given, given.current));
};

const started = (e: Evaluation, item: Item, given: ClockInput): Window | undefined => {
  if (item.starts === given.event) return windowOf(e, item, given, { from: given.at, startsAt: given.at });
  if (item.starts !== 'registered' || given.event !== 'approved' || given.registeredAt === undefined) return undefined;
  const window = windowOf(e, item, given, { from: given.registeredAt, startsAt: given.at });
  // A review that outlasts the protection leaves none.
  return isBefore(given.at, window.endsAt)
    ? window
    : { ...window, endsAt: given.at, lastDay: lastDay(given.at, e.policy.timeZone) };
};

const upgraded = (e: Evaluation, item: Item, given: ClockInput, current: Running): Window | undefined => {
  const upgrade = e.policy.document.upgrades?.find(
    ({ from, to, on }) => to === given.class && on === given.event && from === (given.currentClass ?? given.class),
  );
  return upgrade === undefined
    ? undefined
    : windowOf(e, item, given, {
        from: upgrade.clock === 'event' ? given.at : current.startsAt,
        startsAt: current.startsAt,
        notBefore: current.endsAt,
        rule: upgrade.rule,
      });
};

const rolled = (e: Evaluation, item: Item, given: ClockInput, current: Running): Window | undefined => {
  const { rolls } = item;
  if (rolls === undefined || !rolls.on.includes(given.event) || !isBefore(given.at, current.endsAt)) return undefined;
  if (rolls.by !== undefined && !rolls.by.some((relation) => given.relations?.includes(relation as Relation) === true))
    return undefined;
  return windowOf(e, item, given, {
    from: rolls.from === 'event' ? given.at : fromEnd(e, chosenLength(item.lasts, given.chosen), current.endsAt),
    startsAt: current.startsAt,
    notBefore: current.endsAt,
    rule: rolls.rule,
  });
};

interface Clock {
  readonly from: Instant;
  readonly startsAt: Instant;
  readonly notBefore?: Instant;
  readonly rule?: readonly string[] | undefined;
}

const windowOf = (e: Evaluation, item: Item, given: ClockInput, clock: Clock): Window => {
  const length = chosenLength(item.lasts, given.chosen);
  const end = clockEnd(e, 'protection', length, clock.from, item);
  const endsAt = clock.notBefore === undefined ? end : later(end, clock.notBefore);
  const counted = 'workingDays' in length || item.rollToWorkingDay ? { from: clock.from, to: endsAt } : undefined;
  return {
    startsAt: clock.startsAt,
    endsAt,
    lastDay: lastDay(endsAt, e.policy.timeZone),
    because: reasonOf(
      e,
      `protection.${given.class}`,
      { rule: [...new Set([...(item.rule ?? []), ...(clock.rule ?? [])])] },
      { event: code(given.event), from: clock.from, ...lengthFacts(length), endsAt },
      counted,
    ),
  };
};

/** The exclusive end of a length under the policy's zone and calendar. */
export const clockEnd = (
  e: Evaluation,
  clause: 'protection' | 'extension',
  length: Duration,
  from: Instant,
  setting: Pick<Item, 'ends' | 'rollToWorkingDay'>,
): Instant =>
  endOf(length, from, { ...clockOf(e, clause), ends: setting.ends, rollToWorkingDay: setting.rollToWorkingDay });

/**
 * The start that makes a length of n whole days add exactly n days to a running clock: its last moment, or the moment
 * after it where the first day counts.
 */
export const fromEnd = (e: Evaluation, length: Duration, endsAt: Instant): Instant => {
  const counting = 'counting' in length ? length.counting : 'rolling';
  if (counting === 'rolling') return endsAt;
  const next = endOfDay(lastDay(endsAt, e.policy.timeZone), e.policy.timeZone);
  return counting === 'inclusive' ? next : addMilliseconds(next, -1);
};

/** The length in force. Throws PolicyMisuse for a choice that the policy does not offer: judge it first. */
export const chosenLength = (length: Length, chosen: Duration | undefined): Duration => {
  if (!('from' in length)) return length;
  if (chosen === undefined) return length.otherwise;
  if (!isOffered(length, chosen))
    throw new PolicyMisuse("a length outside the policy's range: judge it with judgeChosenLength first");
  return chosen;
};

/**
 * R28.05: the approver may choose a length within the policy's range. Rejections: LengthNotChoosable, LengthOutOfRange.
 */
export const judgeChosenLength = (
  e: Evaluation,
  given: { readonly class: string; readonly chosen?: Duration | undefined },
): Judgement => {
  const item = itemOf(e, given.class);
  return judgeLength(e, `protection.${given.class}`, item, given.chosen);
};
export const judgeLength = (
  e: Evaluation,
  clause: string,
  item: { readonly lasts: Length; readonly rule?: readonly string[] | undefined } | undefined,
  chosen: Duration | undefined,
): Judgement => {
  if (chosen === undefined) return allowed();
  const because = [reasonOf(e, clause, item, lengthFacts(chosen))];
  if (item === undefined || !('from' in item.lasts))
    return refused({ reason: 'LengthNotChoosable', field: 'chosen', because, accepted: {} });
  if (isOffered(item.lasts, chosen)) return allowed(...because);
  const [from, to] = [measure(item.lasts.from), measure(item.lasts.to)];
  return refused({
    reason: 'LengthOutOfRange',
    field: 'chosen',
    because,
    accepted: { unit: code(from.unit), min: from.count, max: to.count, counting: codes([from.counting]) },
  });
};

const isOffered = ({ from, to }: { readonly from: Duration; readonly to: Duration }, chosen: Duration): boolean => {
  const [least, most, wanted] = [measure(from), measure(to), measure(chosen)];
  return (
    wanted.unit === least.unit &&
    wanted.counting === least.counting &&
    Number.isSafeInteger(wanted.count) &&
    wanted.count >= least.count &&
    wanted.count <= most.count
  );
};
