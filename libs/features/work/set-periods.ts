import type { Placed } from '#event-sourcing/decision.js';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import {
  becauseOfPeriod,
  periodAt,
  periodicDutiesOf,
  rolesOfEach,
  rolesOfOffice,
  rollingFrom,
  type PeriodDue,
  type PeriodicDuty,
} from '#policy/clauses/periodic-duties.js';
import type { Evaluation } from '#policy/evaluation.js';
import { codes } from '#policy/words.js';
import { UnknownYearError } from '#time/calendar.js';
import { isBefore, later, startOfDay, calendarDate } from '#time/instant.js';
import { actorOf, type DecisionFacts } from '../deciding/decision-facts.js';
import { clockParty } from '../deciding/system-parties.js';
import { rolesAt, type PartyFacts } from '../party/facts.js';
import { policyOf, publishedInForce } from '../program/facts.js';
import type { StandingEvent } from '../standing/events.js';
import { standingFolding, type Standing } from '../standing/facts.js';
import { offenceOfMiss } from './offence-of-miss.js';
import type { Owner, PeriodicDutyMissed, PeriodicDutySet, WorkEvent } from './events.js';
import { applyWork, happenedWithin, workStream, type Done, type PeriodKept, type Work } from './facts.js';

/** Whose duties by period are looked at: a party's, or those of the program's offices. */
export interface OnWork {
  readonly facts: DecisionFacts;
  readonly work: Work;
  readonly party?: { readonly id: PartyId; readonly facts: PartyFacts; readonly standing: Standing };
}
export interface PeriodsSet {
  readonly events: readonly Placed<WorkEvent | StandingEvent>[];
  /** A year whose working days nobody published; what waits for it is looked at again, the others are not held up. */
  readonly heldUp?: UnknownYearError;
}
type Said = PeriodicDutySet | PeriodicDutyMissed;

/**
 * About half of what one command may hold (an event of these has some 1.2 KB, a command 900 KiB), so that what it is
 * recorded with finds room too; what is left is found by the next look, which is due at once.
 */
const saidMax = 400;

/**
 * What the duties by period come to at `now`, as they stand by then. It looks at the log alone, and at what had been
 * recorded before each moment that it rules on, so a late look finds what a punctual one found. `from`: somebody got a
 * role, or a version was published, so that what was not called for may be so from then on.
 */
export const setPeriods = (on: OnWork, from?: Instant): PeriodsSet => {
  const events: Placed<WorkEvent | StandingEvent>[] = [];
  let { work, party } = on;
  let heldUp: UnknownYearError | undefined;
  for (const name of namesOf(on, from)) {
    try {
      for (let since = from; events.length < saidMax; since = undefined) {
        const ruled = new OneDuty({ ...on, work }, name).next(since);
        if (ruled === undefined) break;
        work = foldPlaced(work, ruled, on.facts);
        events.push(ruled);
        if (party === undefined || ruled.event.type !== 'PeriodicDutyMissed') continue;
        const follows = offenceOfMiss(
          { facts: on.facts, partyId: party.id, standing: party.standing },
          { ...ruled, event: ruled.event },
        );
        events.push(...follows);
        party = {
          ...party,
          standing: follows.reduce((next, each) => standingAfter(next, each, on.facts), party.standing),
        };
      }
    } catch (error) {
      if (!(error instanceof UnknownYearError)) throw error;
      heldUp ??= error;
    }
  }
  return heldUp === undefined ? { events } : { events, heldUp };
};

export const foldPlaced = (
  work: Work,
  { event, policy, source }: Placed<WorkEvent>,
  { now, command }: DecisionFacts,
): Work => applyWork(work, { event, policy, at: now, by: source?.actor ?? actorOf(command) });

const standingAfter = (standing: Standing, { event, policy, source }: Placed<StandingEvent>, facts: DecisionFacts) =>
  standingFolding.apply(standing, { event, policy, at: facts.now, by: source?.actor ?? actorOf(facts.command) });

/** Every duty that stands, and every one of the versions in force from then on. */
const namesOf = ({ facts, work, party }: OnWork, from: Instant | undefined): ReadonlySet<Code> => {
  const { program, now } = facts;
  const since = from !== undefined && isBefore(from, now) ? from : now;
  const published = [
    publishedInForce(program, since),
    ...program.policies.filter(({ effectiveFrom }) => isBefore(since, effectiveFrom)),
  ];
  return new Set([
    ...work.duties.keys(),
    ...published
      .flatMap((each) => (each === undefined ? [] : (policyOf(each).document.periodicDuties ?? [])))
      .filter((item) => (party === undefined ? rolesOfOffice(item) : rolesOfEach(item)) !== undefined)
      .map(({ name }) => name as Code),
  ]);
};

interface InForce {
  readonly e: Evaluation;
  readonly item: PeriodicDuty;
  readonly policy: Code;
}
type Next = (InForce & { readonly period: PeriodDue }) | { readonly nextAt: Instant } | undefined;

/** One duty of a party or of an office, as it stands at an instant. */
class OneDuty {
  readonly #kept: PeriodKept | undefined;

  constructor(
    private readonly on: OnWork,
    private readonly name: Code,
  ) {
    this.#kept = on.work.duties.get(name);
  }

  /** What is to be said of it; undefined: it stands as it was said. */
  next(from: Instant | undefined): Placed<WorkEvent> | undefined {
    const kept = this.#kept;
    if (kept === undefined) return from === undefined ? undefined : this.#begins(from);
    switch (kept.state) {
      case 'over':
        if (from !== undefined) return this.#begins(from);
        return this.#hasCome(kept.nextAt) ? this.#begins(kept.nextAt!) : undefined;
      case 'open':
        return this.#open(kept);
      case 'done':
        return this.#hasCome(kept.nextAt) ? this.#begins(kept.nextAt!) : undefined;
      case 'missed':
        return this.#madeGood(kept) ?? (this.#hasCome(kept.nextAt) ? this.#begins(kept.until) : undefined);
    }
  }

  #hasCome(at: Instant | undefined): boolean {
    return at !== undefined && !isBefore(this.on.facts.now, at);
  }

  #open(kept: PeriodKept): Placed<WorkEvent> | undefined {
    const dueAt = kept.dueAt!;
    const under = this.#under(kept.since);
    if (under === undefined) return this.#isOver(kept);
    const done = this.#doneFor(kept, under, ({ recordedAt }) => isBefore(recordedAt, dueAt));
    if (done.doneAt !== undefined) return this.#isDone(kept, under, done.doneAt);
    if (!this.#hasCome(dueAt)) return undefined;
    if (!this.#holds(under.item, dueAt)) return this.#isOver(kept);
    const because = becauseOfPeriod(under.e, under.item, {
      state: 'missed' as Code,
      since: kept.since,
      dueAt,
      short: done.short,
    });
    return this.#placed(
      {
        type: 'PeriodicDutyMissed',
        ...this.#about(under),
        since: kept.since,
        until: kept.until,
        dueAt,
        ...(under.item.every === undefined ? { nextAt: later(kept.until, dueAt) } : {}),
        short: done.short,
        because: [because],
      },
      under.policy,
      dueAt,
    );
  }

  /** Done too late, before it is asked for again, it is listed as missed no longer; what followed from the miss stands. */
  #madeGood(kept: PeriodKept): Placed<WorkEvent> | undefined {
    const under = this.#under(kept.since);
    if (under === undefined) return undefined;
    const { doneAt } = this.#doneFor(
      kept,
      under,
      ({ recordedAt }) => kept.nextAt === undefined || isBefore(recordedAt, kept.nextAt),
    );
    return doneAt === undefined ? undefined : this.#isDone(kept, under, doneAt);
  }

  #isDone(kept: PeriodKept, under: InForce, doneAt: Instant): Placed<WorkEvent> {
    const because = becauseOfPeriod(under.e, under.item, { state: 'done' as Code, since: kept.since });
    return this.#placed(
      {
        type: 'PeriodicDutySet',
        ...this.#about(under),
        state: 'done',
        since: kept.since,
        until: kept.until,
        nextAt: under.item.every === undefined ? kept.until : doneAt,
        doneAt,
        because: [because],
      },
      under.policy,
      doneAt,
    );
  }

  /**
   * When it had been done as often as it has to be; else how many are missing. A report counts until it is due, also in
   * the next period; what is counted counts within its own.
   */
  #doneFor(
    kept: PeriodKept,
    { item }: InForce,
    inTime: (done: Done) => boolean,
  ): { readonly doneAt?: Instant; readonly short: number } {
    const wanted = item.atLeast ?? 1;
    const from = kept.doneAt === undefined ? kept.since : later(kept.since, kept.doneAt);
    const until = item.atLeast === undefined ? later(kept.until, kept.dueAt ?? kept.until) : kept.until;
    const found = item.done
      .flatMap((activity) => this.on.work.acts.get(activity as Code)?.recent ?? [])
      .filter(inTime)
      .filter((done) =>
        item.every === undefined
          ? happenedWithin(done, kept.since, until) && (kept.doneAt === undefined || kept.doneAt < done.happenedAt)
          : isBefore(from, done.happenedAt),
      )
      .map(({ happenedAt }) => happenedAt)
      .toSorted();
    const doneAt = found[wanted - 1];
    return { ...(doneAt === undefined ? {} : { doneAt }), short: Math.max(0, wanted - found.length) };
  }

  /** It is called for no more: nobody has the role, or no version asks for it. */
  #isOver(kept: PeriodKept): Placed<WorkEvent> | undefined {
    return this.#over(kept, this.#nextOwed(kept.until, kept.until));
  }

  /** What it is from `from` on. */
  #begins(from: Instant): Placed<WorkEvent> | undefined {
    const kept = this.#kept;
    // A period that was looked at once is not begun again.
    const found = this.#nextOwed(from, kept?.until);
    if (found !== undefined && 'period' in found && !isBefore(this.on.facts.now, found.period.since))
      return this.#opens(found, found.period);
    if (kept === undefined && found === undefined) return undefined;
    return this.#over(kept ?? { state: 'over', since: from, until: from }, found);
  }

  #over(kept: PeriodKept, found: Next): Placed<WorkEvent> | undefined {
    const nextAt = found === undefined ? undefined : 'period' in found ? found.period.since : found.nextAt;
    if (kept.state === 'over' && this.#kept !== undefined && kept.nextAt === nextAt) return undefined;
    const under = this.#under(kept.since) ?? (found !== undefined && 'period' in found ? found : this.#lastKnown());
    if (under === undefined) return undefined;
    // What was missed stays missed.
    const since = kept.state === 'missed' ? kept.until : kept.since;
    const because = becauseOfPeriod(under.e, under.item, { state: 'over' as Code, since });
    return this.#placed(
      {
        type: 'PeriodicDutySet',
        ...this.#about(under),
        state: 'over',
        since,
        until: kept.until,
        ...(nextAt === undefined ? {} : { nextAt }),
        because: [because],
      },
      under.policy,
      later(kept.since, kept.until),
    );
  }

  #opens(under: InForce, { since, until, dueAt, because }: PeriodDue): Placed<WorkEvent> {
    return this.#placed(
      { type: 'PeriodicDutySet', ...this.#about(under), state: 'open', since, until, dueAt, because: [because] },
      under.policy,
      since,
    );
  }

  /**
   * The first period that is owed, of those that run at `from`, begin with a role or a version, or follow these. It is
   * owed if the version in force at its beginning asks for it, and the role was held by then.
   */
  #nextOwed(from: Instant, notBefore: Instant | undefined): Next {
    const { program } = this.on.facts;
    const begins = [
      ...program.policies.map(({ effectiveFrom }) => effectiveFrom),
      ...(this.on.party?.facts.roles.map((role) => role.from) ?? []),
    ];
    for (const when of [from, ...begins.filter((begin) => isBefore(from, begin)).toSorted()]) {
      const under = this.#under(when);
      if (under === undefined) continue;
      const found =
        under.item.every === undefined ? this.#periodFrom(under, when, notBefore) : this.#rollingFrom(under, when);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #rollingFrom(under: InForce, when: Instant): Next {
    if (!this.#holds(under.item, when)) return undefined;
    if (!this.#hasCome(when)) return { nextAt: when };
    const since = this.#kept?.state === 'done' ? when : (this.#lastDone(under.item) ?? when);
    return { ...under, period: rollingFrom(under.e, under.item, since) };
  }

  #lastDone({ done }: PeriodicDuty): Instant | undefined {
    const times = done.flatMap((activity) => this.on.work.acts.get(activity as Code)?.lastAt ?? []);
    return times.length === 0 ? undefined : times.reduce(later);
  }

  #periodFrom({ e, item }: InForce, when: Instant, notBefore: Instant | undefined): Next {
    let start = when;
    // The one that runs, and the one behind it.
    for (let tried = 0; tried < 2; tried += 1) {
      try {
        const { since, until } = periodAt(e, item, start);
        const under = this.#under(since);
        const isNew = notBefore === undefined || !isBefore(since, notBefore);
        if (isNew && under !== undefined && this.#holds(under.item, since) && under.item.each !== undefined)
          return { ...under, period: periodAt(under.e, under.item, since) };
        start = until;
      } catch (error) {
        if (!(error instanceof UnknownYearError)) throw error;
        const nextAt = startOfDay(calendarDate(`${error.year}-01-01`), e.policy.timeZone);
        // Until that year begins nobody has to know its working days.
        if (this.#hasCome(nextAt)) throw error;
        return { nextAt };
      }
    }
    return undefined;
  }

  /** The version that asks for it of this owner at an instant. */
  #under(at: Instant): InForce | undefined {
    const published = publishedInForce(this.on.facts.program, at);
    if (published === undefined) return undefined;
    const policy = policyOf(published).reference;
    const e = this.on.facts.under(policy);
    const item = periodicDutiesOf(e).find(({ name }) => name === this.name);
    const roles =
      item === undefined ? undefined : this.on.party === undefined ? rolesOfOffice(item) : rolesOfEach(item);
    return item === undefined || roles === undefined ? undefined : { e, item, policy };
  }
  #lastKnown(): InForce | undefined {
    const { program } = this.on.facts;
    return program.policies
      .map(({ effectiveFrom }) => this.#under(effectiveFrom))
      .findLast((under) => under !== undefined);
  }

  /** An office is always there; a party owes what its roles say. */
  #holds(item: PeriodicDuty, at: Instant): boolean {
    const { party, facts } = this.on;
    if (party === undefined) return true;
    const held: readonly string[] = rolesAt(party.facts, facts.programId, at);
    return rolesOfEach(item)?.some((role) => held.includes(role)) === true;
  }

  #about({ item }: InForce): { readonly programId: DecisionFacts['programId']; readonly duty: Code } & Owner {
    const { party, facts } = this.on;
    return {
      programId: facts.programId,
      duty: this.name,
      ...(party === undefined ? { roles: codes(rolesOfOffice(item) ?? []) } : { partyId: party.id }),
    };
  }

  /** What time alone has decided is time's own, whoever's command it is recorded with. */
  #placed(event: Said, policy: Code, at: Instant): Placed<WorkEvent> {
    const { facts, party } = this.on;
    const { now } = facts;
    return {
      stream: workStream(facts.programId, party?.id),
      event,
      policy,
      source: {
        actor: { party: clockParty },
        occurredAt: isBefore(at, now) ? at : now,
        receivedAt: now,
        receivedBy: 'clock' as Code,
      },
    };
  }
}
