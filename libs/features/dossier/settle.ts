import type { Instant } from '#event-sourcing/vocabulary.js';
import { UnknownYearError } from '#time/calendar.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { deadlinesOf, type Deadline } from './deadlines.js';
import type { Dossier } from './dossier.js';
import type { DossierId } from './events.js';
import { foldUnrecorded } from './ahead.js';
import { setDuties } from './duty/set-duties.js';
import { withRequestsEnded } from './request-decided.js';
import { byTime, type PlacedEvent } from './placed.js';

/** A deadline has come and cannot be counted. It is asked again until somebody publishes the year. */
export class DeadlineHeldUpError extends Error {
  override readonly name = 'DeadlineHeldUpError';
  constructor(
    readonly dossierId: DossierId,
    { calendarId, year }: UnknownYearError,
  ) {
    super(
      `档案 ${dossierId} 的期限须用日历 ${calendarId} 的 ${year} 年，请公布该年的工作日。 / A deadline of dossier ${dossierId} waits for the year ${year} of the calendar ${calendarId}: publish its working days.`,
    );
  }
}

/** A deadline was met and stands where it stood: a mistake of ours, which would be met for ever. */
export class DeadlineStuckError extends Error {
  override readonly name = 'DeadlineStuckError';
  constructor(
    readonly dossierId: DossierId,
    { kind, owner, dueAt }: Deadline,
  ) {
    super(
      `档案 ${dossierId} 的期限 ${kind}（${owner}，${dueAt}）已到期处理，却仍未移动。 / The deadline ${kind} of ${owner} in dossier ${dossierId} was met at ${dueAt} and has not moved on.`,
    );
  }
}

/** What time alone has decided by now. `heldUp`: a deadline that has come and could not be counted. */
export interface Settled {
  readonly due: readonly PlacedEvent[];
  readonly dossier: Dossier;
  readonly heldUp?: DeadlineHeldUpError | undefined;
}

type Listing = (dossier: Dossier) => readonly Deadline[];

/**
 * What time alone has decided by now: suspensions that have lasted long enough, clocks that ran out, reviews nobody
 * took.
 * Oldest first, and each on what the one before left, so that a late tick gives what a punctual one would have given.
 * It ends however many there are: no deadline is met twice at one instant, and the next of its name lies later.
 */
export const settle = (dossier: Dossier, facts: FactsInForce, listing: Listing = deadlinesOf): Settled => {
  const due: PlacedEvent[] = [];
  const met = new Map<string, Instant>();
  let state = dossier;
  for (;;) {
    const { deadline, events, heldUp } = nextDue(state, facts, listing);
    if (deadline === undefined) return { due, dossier: state, heldUp };
    const name = `${deadline.kind} ${deadline.owner} ${deadline.name ?? ''}`;
    const before = met.get(name);
    if (before !== undefined && !isBefore(before, deadline.dueAt)) throw new DeadlineStuckError(dossier.id!, deadline);
    met.set(name, deadline.dueAt);
    state = foldUnrecorded(state, events, facts);
    const duties = byTime(setDuties(state, facts, deadline.dueAt), deadline.dueAt, facts);
    due.push(...events, ...duties);
    state = foldUnrecorded(state, duties, facts);
  }
};

interface Next {
  readonly deadline?: Deadline;
  readonly events: readonly PlacedEvent[];
  readonly heldUp?: DeadlineHeldUpError | undefined;
}

/** The first that has come. One that cannot be counted waits for its calendar; it holds up no other. */
const nextDue = (dossier: Dossier, facts: FactsInForce, listing: Listing): Next => {
  const come = listing(dossier)
    .filter(({ dueAt }) => !isBefore(facts.now, dueAt))
    .toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : one.dueAt > other.dueAt ? 1 : 0));
  let heldUp: DeadlineHeldUpError | undefined;
  for (const deadline of come) {
    try {
      const fired = withRequestsEnded([dossier], deadline.fires(dossier, facts), facts);
      return { deadline, events: byTime(fired, deadline.dueAt, facts) };
    } catch (error) {
      if (!(error instanceof UnknownYearError)) throw error;
      heldUp ??= new DeadlineHeldUpError(dossier.id!, error);
    }
  }
  return { events: [], heldUp };
};
