import { canonicalText } from '#event-sourcing/canonical.js';
import type { Recorded } from '#event-sourcing/event.js';
import type { Code, Position, ProgramId, Reason } from '#event-sourcing/vocabulary.js';
import type { CalendarPublished, ProgramEvent } from '#features/program/events.js';
import { askAgain } from '#policy/again.js';
import type { Before } from '#policy/clause.js';
import type { Evaluation } from '#policy/evaluation.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { calendarYear, type CalendarYear, type WorkingCalendar } from '#time/calendar.js';

/** One reason of the log beside the one that its clause gives today from what was stored. */
export interface Recomputed {
  readonly recorded: Recorded;
  readonly reason: Reason;
  /** Absent: nothing recomputes it, because the form that it judged is sealed. */
  readonly again: Reason | undefined;
  /** Byte for byte. */
  readonly equal: boolean;
}

type Body = Readonly<Record<string, unknown>>;
const bodyOf = ({ event }: Recorded): Body => event as unknown as Body;

/**
 * Asks every reason of these events once more, each under the very text and calendar that it cites. The events of one
 * stream at least must be there from its beginning: a ruling stands on what the log said before.
 */
export const recompute = (events: readonly Recorded[], library: Library): readonly Recomputed[] => {
  const standing = new Map<string, Before>();
  return events.flatMap((recorded) => {
    const body = bodyOf(recorded);
    const id = String(body['registrationId']);
    const before = standing.get(id);
    const found = ((body['because'] ?? []) as readonly Reason[]).map((reason): Recomputed => {
      const e = library.cited(recorded.program, reason, recorded.position);
      const { inputs } = reason;
      const again = e === undefined ? undefined : askAgain({ e, reason, inputs, body, times: recorded.times, before });
      return { recorded, reason, again, equal: again !== undefined && canonicalText(again) === canonicalText(reason) };
    });
    const after = afterwards(before, body);
    if (after !== undefined) standing.set(id, after);
    return found;
  });
};

/** What the log says of a registration from this event on. */
const afterwards = (before: Before | undefined, body: Body): Before | undefined => {
  const known = body['type'] === 'Registered' ? { class: String(body['class']) } : before;
  if (known === undefined) return undefined;
  const restored = body['restored'] as (Partial<Before> & { readonly protection?: Before['current'] }) | undefined;
  const window = (body['protection'] as Before['current']) ?? restored?.protection;
  return {
    ...known,
    ...(window === undefined ? {} : { current: window }),
    class: String(body['class'] ?? restored?.class ?? known.class),
  };
};

/** The policies and working days that a log has published, found as rulings cite them. */
export class Library {
  readonly #policies = new Map<string, Policy>();
  readonly #years = new Map<string, CalendarYear>();
  readonly #published: { readonly position: Position; readonly event: CalendarPublished }[] = [];

  constructor(published: readonly Recorded[]) {
    for (const recorded of published) {
      const event = recorded.event as ProgramEvent | CalendarPublished;
      if (event.type === 'PolicyPublished') this.#publish(event);
      if (event.type === 'CalendarPublished') {
        this.#years.set(`${event.calendarId}-${event.year}.${event.version}`, calendarYear(event.year, event));
        this.#published.push({ position: recorded.position, event });
      }
    }
  }

  #publish(event: Extract<ProgramEvent, { readonly type: 'PolicyPublished' }>): void {
    const loaded = loadPolicy(event.text, event.meanings ?? []);
    if (loaded.ok) this.#policies.set(`${event.programId} ${loaded.policy.reference}`, loaded.policy);
  }

  /** The policy that a reason cites, in the program that it was ruled in. */
  policy(program: ProgramId | undefined, reference: Code): Policy | undefined {
    return program === undefined
      ? [...this.#policies.values()].find((policy) => policy.reference === reference)
      : this.#policies.get(`${program} ${reference}`);
  }

  /** The policy and the calendar of a reason that the event at `position` gives. */
  cited(
    program: ProgramId | undefined,
    { policy: reference, calendars }: Reason,
    position: Position,
  ): Evaluation | undefined {
    const policy = this.policy(program, reference);
    if (policy === undefined) return undefined;
    const named = policy.document.calendar;
    return {
      policy,
      calendar: this.#calendar(calendars) ?? (named === undefined ? undefined : this.#asOf(named, position)),
    };
  }

  /** A reason that names no day counted names no calendar; what was judged with it saw what the log had published. */
  #asOf(id: string, position: Position): WorkingCalendar {
    const seen = this.#published.filter(({ position: at, event }) => event.calendarId === id && at < position);
    return {
      id,
      version: '0',
      years: Object.fromEntries(seen.map(({ event }) => [String(event.year), calendarYear(event.year, event)])),
    };
  }

  /** `china-2026@2`: one year's version. In older rulings each names those of all years read: `@2025.1,2026.2`. */
  #calendar(cited: readonly Code[] = []): WorkingCalendar | undefined {
    const read = cited.flatMap((each) => {
      const [, id, year, version] = /^(.+)-(\d+)@(.+)$/.exec(each) ?? [];
      return id === undefined || year === undefined || version === undefined ? [] : [{ id, year, version }];
    });
    const [first] = read;
    if (first === undefined) return undefined;
    const { id, version } = first;
    const older = version.includes('.');
    const versions = older
      ? version.split(',').map((each) => each.split('.') as [string, string])
      : read.map((each): [string, string] => [each.year, each.version]);
    const years = versions.flatMap(([year, of]) => {
      const days = this.#years.get(`${id}-${year}.${of}`);
      return days === undefined ? [] : [[year, days] as const];
    });
    return {
      id,
      version,
      years: Object.fromEntries(years),
      ...(older ? {} : { versions: Object.fromEntries(versions) }),
    };
  }
}
