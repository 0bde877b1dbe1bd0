import type { Code, Instant, Reason } from '#event-sourcing/vocabulary.js';
import { becauseOf, dueOf, dutiesOf, isCalledFor, type Duty } from '#policy/clauses/duties.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import { codes } from '#policy/words.js';
import type { Evaluation } from '#policy/evaluation.js';
import { UnknownYearError } from '#time/calendar.js';
import { remaining, resumeEnd, type Remaining } from '#time/clock.js';
import { calendarDate, isBefore, later, startOfDay } from '#time/instant.js';
import type { FactsInForce } from '../../deciding/decision-facts.js';
import { foldUnrecorded } from '../ahead.js';
import { conditionFacts } from '../condition-facts.js';
import type { Dossier } from '../dossier.js';
import { about, dossierStream, type PlacedEvent } from '../placed.js';
import type { Registration } from '../registration.js';
import type { DutyKept, DutyOf, DutySet } from './duty-events.js';

/**
 * What the duties of a dossier come to at `at`, as it stands by then: an event for each that is not as it was last
 * said. It looks at the dossier alone and may be asked at any time, so a late tick finds what a punctual one found.
 */
export const setDuties = (dossier: Dossier, facts: FactsInForce, at: Instant): readonly PlacedEvent[] =>
  [...dossier.registrations.values()].flatMap((registration) => {
    if (registration.closedAt !== undefined && ![...registration.duties.values()].some(isWaiting)) return [];
    const e = facts.under(registration.policy);
    if (e.policy.document.duties === undefined) return [];
    const called = calledFor(e, dossier, registration, { ...facts, now: at });
    return e.policy.document.duties.flatMap((item) => {
      const duty = new OneDuty(e, item, registration, at);
      const set = called.has(item.name) ? duty.next() : duty.over();
      return set === undefined ? [] : about(registration, set);
    });
  });

/** The same decision, and what it sets of duties in these dossiers. */
export const withDuties = <E extends { readonly stream: string }>(
  dossiers: readonly Dossier[],
  placed: readonly (E | PlacedEvent)[],
  facts: FactsInForce,
  at: Instant = facts.now,
): readonly (E | PlacedEvent)[] => [
  ...placed,
  ...dossiers.flatMap((dossier) => {
    const own = placed.filter(({ stream }) => stream === dossierStream(dossier.id!)) as readonly PlacedEvent[];
    return setDuties(foldUnrecorded(dossier, own, facts), facts, at);
  }),
];

const isWaiting = ({ state }: DutyKept): boolean => state === 'open' || state === 'still';

const calledFor = (
  e: Evaluation,
  dossier: Dossier,
  registration: Registration,
  facts: FactsInForce,
): ReadonlySet<string> => {
  if (registration.closedAt !== undefined) return new Set();
  const known = conditionFacts(facts, [dossier], registration);
  return new Set(
    dutiesOf(e, registration.class)
      // A part that nobody has is nobody's duty.
      .filter((item) => isOfSomebody(ownerOf(item, registration)))
      .filter((item) => isCalledFor(e, item, registration.details, known))
      .map(({ name }) => name),
  );
};

interface Counted {
  readonly dueAt: Instant;
  readonly waitsFor?: Code;
  readonly because: Reason;
}

/** One duty of one registration, as it stands at an instant. */
class OneDuty {
  readonly #known: DutyKept | undefined;
  readonly #owner: DutyOf;

  constructor(
    private readonly e: Evaluation,
    private readonly item: Duty,
    private readonly registration: Registration,
    private readonly at: Instant,
  ) {
    this.#known = registration.duties.get(item.name as Code);
    this.#owner = ownerOf(item, registration);
  }

  /**
   * It is called for no more. What was done or missed stays so. What begins with an act that came too early is over
   * from the start: called for later, it counts from then.
   */
  over(): DutySet | undefined {
    const known = this.#known;
    if (known !== undefined) return isWaiting(known) ? this.#says('over', known.since) : undefined;
    const begun = this.#beginsWithAct() ? this.#begun() : undefined;
    return begun === undefined || this.registration.closedAt !== undefined ? undefined : this.#says('over', begun);
  }

  /** What is to be said of it while it is called for; undefined: it stands as it was said. */
  next(): DutySet | undefined {
    const begun = this.#begun();
    if (begun === undefined) return undefined;
    const known = this.#known;
    if (known === undefined) return this.#begins(begun);
    const since = this.#sinceNow(known, begun);
    if (since === 'done') return known.state === 'done' ? undefined : this.#says('done', known.since);
    if (since !== undefined) return this.#begins(since);
    if (known.state === 'open' && this.#stillSince() !== undefined) return this.#standsStill(known);
    if (known.state === 'still' && this.#stillSince() === undefined) return this.#goesOn(known);
    return undefined;
  }

  /** When what it begins with happened, of a filing and an approval as soon as they are seen; undefined: it has not. */
  #begun(): Instant | undefined {
    const { state, acts, parts } = this.registration;
    const { after } = this.item;
    if (after === 'registered') return this.at;
    if (after === 'approved') return state === 'effective' || state === 'protected' ? this.at : undefined;
    return parts.get(after as Code)?.since ?? acts.get(after as Code)?.lastAt;
  }
  #lastDone(): Instant | undefined {
    const { acts, parts } = this.registration;
    const times = this.item.done.flatMap(
      (name) => parts.get(name as Code)?.since ?? acts.get(name as Code)?.lastAt ?? [],
    );
    return times.length === 0 ? undefined : times.reduce(later);
  }

  /** From when it counts anew; `done`: what had to be done once was done; undefined: it counts as it did. */
  #sinceNow(known: DutyKept, begun: Instant): Instant | 'done' | undefined {
    const last = this.#lastDone();
    const handedOn = known.party !== this.#owner.party;
    if (this.item.every !== undefined) {
      if (known.state === 'over' || handedOn) return this.at;
      return last !== undefined && isBefore(known.since, last) ? last : undefined;
    }
    // Asked for again by what it begins with, after it was done or missed.
    const again = this.#beginsWithAct() && isBefore(known.since, begun);
    if (known.state === 'done') return again && (last === undefined || isBefore(last, begun)) ? begun : undefined;
    if (last !== undefined && !isBefore(last, known.since)) return again && isBefore(last, begun) ? begun : 'done';
    if (known.state === 'over' || handedOn) return this.at;
    // What was asked for before it was missed was missed with it.
    return known.state === 'missed' && again && isBefore(known.dueAt!, begun) ? begun : undefined;
  }
  #beginsWithAct(): boolean {
    return this.item.after !== 'registered' && this.item.after !== 'approved';
  }

  /** It begins to count; what has to be done once and was done already never does. */
  #begins(from: Instant): DutySet | undefined {
    const last = this.#lastDone();
    if (last !== undefined && this.item.within !== undefined && !isBefore(last, from)) return undefined;
    const since = last !== undefined && this.item.every !== undefined ? later(from, last) : from;
    const { because, ...counted } = this.#counted(since);
    const { dueAt } = counted;
    const set: DutySet = { ...this.#says('open', since, because), ...counted };
    const still = this.#stillSince();
    return still === undefined ? set : this.#leaving(set, dueAt, later(still, since));
  }

  #standsStill(known: DutyKept): DutySet {
    return this.#leaving(this.#says('still', known.since), known.dueAt!, later(this.#stillSince()!, known.since));
  }
  #leaving(set: DutySet, dueAt: Instant, from: Instant): DutySet {
    const { dueAt: _, ...rest } = set;
    return { ...rest, state: 'still', left: this.#left(dueAt, from) };
  }
  #left(dueAt: Instant, from: Instant): Remaining {
    const { unit, partialDay } = suspensionRule(this.e);
    return remaining(dueAt, from, { unit, partialDay, zone: this.e.policy.timeZone });
  }
  #goesOn({ since, left, waitsFor }: DutyKept): DutySet {
    if (waitsFor !== undefined) return this.#begins(this.at)!;
    const dueAt = resumeEnd(left!, this.at, { zone: this.e.policy.timeZone });
    const because = becauseOf(this.e, this.item, { state: 'resumed' as Code, since, dueAt });
    return { ...this.#says('open', since, because), dueAt };
  }
  /** Since when the registration's clock stands still, or it waits for a verdict. */
  #stillSince(): Instant | undefined {
    const { state, protection } = this.registration;
    if (protection.state === 'suspended') return protection.since;
    return state === 'inCase' ? this.at : undefined;
  }

  /** A year that nobody published holds up this duty alone: it is looked at again when that year begins. */
  #counted(since: Instant): Counted {
    try {
      return dueOf(this.e, this.item, since);
    } catch (error) {
      if (!(error instanceof UnknownYearError)) throw error;
      const dueAt = startOfDay(calendarDate(`${error.year}-01-01`), this.e.policy.timeZone);
      const because = becauseOf(this.e, this.item, { state: 'uncounted' as Code, since, dueAt });
      return { dueAt, waitsFor: error.year as Code, because };
    }
  }

  #says(state: DutySet['state'], since: Instant, because?: Reason): DutySet {
    return {
      type: 'DutySet',
      registrationId: this.registration.id,
      duty: this.item.name as Code,
      state,
      ...this.#owner,
      since,
      because: [because ?? becauseOf(this.e, this.item, { state: state as Code, since })],
    };
  }
}

const ownerOf = ({ of }: Duty, { holder, filedBy, parts }: Registration): DutyOf => {
  if (typeof of === 'object') return { roles: codes(of.roles) };
  return { party: of === 'holder' ? holder : of === 'filer' ? filedBy : parts.get(of as Code)?.party };
};
const isOfSomebody = ({ party, roles }: DutyOf): boolean => party !== undefined || roles !== undefined;
