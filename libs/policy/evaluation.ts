import type { Rejection } from '#event-sourcing/decision.js';
import { code, type Code, type DerivedFact, type Instant, type Reason } from '#event-sourcing/vocabulary.js';
import type { WorkingCalendar } from '#time/calendar.js';
import type { ClockSetting } from '#time/clock.js';
import { dateIn, FOREVER } from '#time/instant.js';
import type { ClauseName } from './clauses.js';
import { wholeMonthsSince } from './mends.js';
import type { Policy } from './policy.js';

/** What every clause is evaluated with. Pure: the calendar is given, the clock is a parameter, nothing is fetched. */
export interface Evaluation {
  readonly policy: Policy;
  readonly calendar?: WorkingCalendar | undefined;
}

/** A clause's answer to "may this be?": with the reasons of the yes, or with every rule that says no. */
export type Judgement<Because extends readonly Reason[] = readonly Reason[]> =
  | { readonly allowed: true; readonly because: Because }
  | { readonly allowed: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

export const allowed = <const Because extends readonly Reason[]>(
  ...because: Because
): { readonly allowed: true; readonly because: Because } => ({ allowed: true, because });
export const refused = (
  first: Rejection,
  ...more: readonly Rejection[]
): Extract<Judgement, { readonly allowed: false }> => ({ allowed: false, rejections: [first, ...more] });

/** All must allow; the rejections of all that do not are given together, so that a caller mends everything at once. */
export const all = (...judgements: readonly Judgement[]): Judgement => {
  const [first, ...more] = judgements.flatMap((judgement) => (judgement.allowed ? [] : judgement.rejections));
  return first === undefined
    ? allowed(...judgements.flatMap((judgement) => (judgement.allowed ? judgement.because : [])))
    : refused(first, ...more);
};

/** The reason of a yes that one clause gave; undefined: it says no today. */
export const allowedBecause = (judgement: Judgement, clause: string): Reason | undefined =>
  judgement.allowed ? judgement.because.find((reason) => reason.clause === clause) : undefined;

/**
 * A clause was asked for something that the policy's load check or an earlier judgement had ruled out: a bug of the
 * caller.
 */
export class PolicyMisuse extends Error {
  override readonly name = 'PolicyMisuse';
}

/** Which days a ruling counted; its reason then names the calendar of each of those years. */
export interface Counted {
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * The reason of one clause. `clause` is the path a reader follows in the document (`protection.walkIn`); its first word
 * has the meaning's version.
 * Inputs that are undefined are left out.
 */
export const reasonOf = (
  { policy, calendar }: Evaluation,
  clause: string,
  item: { readonly rule?: readonly string[] | undefined } | undefined,
  inputs: Readonly<Record<string, DerivedFact | undefined>> = {},
  counted?: Counted,
): Reason => ({
  policy: policy.reference,
  clause: code(clause),
  meaning: meaningOf(policy, clause.split(/[.[]/, 1)[0] ?? clause),
  rules: (item?.rule ?? []).map(code),
  ...(counted === undefined || calendar === undefined
    ? {}
    : { calendars: calendarsRead(calendar, policy.timeZone, counted) }),
  inputs: Object.fromEntries(
    Object.entries(inputs).filter((entry): entry is [string, DerivedFact] => entry[1] !== undefined),
  ),
});

const meaningOf = (policy: Policy, clause: string): Code => code(`${clause}/${policy.meanings.get(clause) ?? 1}`);

/** How a clause counts: in the policy's zone, on its calendar, and a month's end as its meaning has it. */
export const clockOf = ({ policy, calendar }: Evaluation, clause: ClauseName): ClockSetting => ({
  zone: policy.timeZone,
  calendar,
  monthEnds: (policy.meanings.get(clause) ?? 1) < wholeMonthsSince ? 'cut' : 'whole',
});

const calendarsRead = (calendar: WorkingCalendar, zone: string, { from, to }: Counted): readonly Code[] => {
  const [first, last] = [from, to].toSorted().map((when) => Number(dateIn(when, zone).slice(0, 4))) as [number, number];
  // What is cited follows from the dates alone, never from what somebody happened to have read before.
  for (const end of to === FOREVER ? [first] : [first, last])
    if (!Object.hasOwn(calendar.years, end)) {
      const unread = calendar.notLookedUp?.(String(end));
      if (unread !== undefined) throw unread;
    }
  return Object.keys(calendar.years)
    .filter((year) => Number(year) >= first && Number(year) <= last)
    .toSorted()
    .map((year) => code(`${calendar.id}-${year}@${calendar.versions?.[year] ?? calendar.version}`));
};
