import type { Happening } from '#event-sourcing/event.js';
import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { Code, Instant, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { recentlyUsed } from '#event-sourcing/recently-used.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { calendarYear, type CalendarYear, type WorkingCalendar } from '#time/calendar.js';
import type { CalendarPublished, ProgramEvent } from './events.js';

export const programStream = (program: ProgramId): StreamName => `program-${program}` as StreamName;
export const calendarStream = (calendar: Code, year: number): StreamName =>
  `calendar-${calendar}-${year}` as StreamName;

/** One version of a policy as it was published; the text is parsed when somebody needs it. */
export interface PublishedPolicy {
  readonly version: Code;
  readonly digest: Code;
  readonly text: string;
  /** Which meanings it was published under; none: the first of each clause. */
  readonly meanings: readonly Code[];
  readonly effectiveFrom: Instant;
  readonly publishedAt: Instant;
}
export interface ProgramFacts {
  readonly programId?: ProgramId;
  readonly title?: { readonly zh: string; readonly en: string };
  readonly policies: readonly PublishedPolicy[];
}

const applyProgram = (facts: ProgramFacts, { event, at }: Happening<ProgramEvent>): ProgramFacts => {
  switch (event.type) {
    case 'ProgramOpened':
      return { ...facts, programId: event.programId, title: event.title };
    case 'PolicyPublished':
      return {
        ...facts,
        policies: [
          // A version that had not begun was published again: its later date and text hold.
          ...facts.policies.filter(({ version }) => version !== event.version),
          {
            version: event.version,
            digest: event.digest,
            text: event.text,
            meanings: event.meanings ?? [],
            effectiveFrom: event.effectiveFrom,
            publishedAt: at,
          },
        ],
      };
    case 'PolicyWithdrawn':
      return { ...facts, policies: facts.policies.filter(({ version }) => version !== event.version) };
  }
};
export const programFolding: Folding<ProgramFacts, ProgramEvent> = {
  name: 'program-facts',
  initial: { policies: [] },
  apply: applyProgram,
};

/**
 * The version in force at an instant: the latest effective date that has come; of two with the same date the one
 * published later.
 */
export const publishedInForce = <P extends PublishedPolicy>(
  { policies }: { readonly policies: readonly P[] },
  at: Instant,
): P | undefined =>
  policies.reduce<P | undefined>(
    (best, policy) =>
      policy.effectiveFrom <= at && (best === undefined || best.effectiveFrom <= policy.effectiveFrom) ? policy : best,
    undefined,
  );

/**
 * The version that rulings of that moment cite: a version that was published later did not exist for them. Before the
 * first publication, the one that was put into force for that time afterwards.
 */
export const publishedCitedAt = <P extends PublishedPolicy>(
  facts: { readonly policies: readonly P[] },
  at: Instant,
): P | undefined =>
  publishedInForce({ policies: facts.policies.filter(({ publishedAt }) => publishedAt <= at) }, at) ??
  publishedInForce(facts, at);

/** A decision that is under way while a version begins is recorded a little later than it was made. */
const underWayMax = 60_000;
/** Whether a ruling may cite it by now: then it is moved, changed or withdrawn no more. */
export const hasBegun = ({ effectiveFrom }: Pick<PublishedPolicy, 'effectiveFrom'>, now: Instant): boolean =>
  Date.parse(effectiveFrom) <= Date.parse(now) + underWayMax;

const parsed = recentlyUsed<string, Policy>(200);
/** Parsing is pure: one text under the same meanings is one policy. */
export const policyOf = ({ text, digest, meanings }: Pick<PublishedPolicy, 'text' | 'digest' | 'meanings'>): Policy => {
  const key = [digest, ...meanings].join(' ');
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const loaded = loadPolicy(text, meanings);
  if (!loaded.ok)
    throw new Error(
      `A published policy does not load: ${loaded.problems.map(({ code, path }) => `${code} at ${path}`).join(', ')}`,
    );
  parsed.set(key, loaded.policy);
  return loaded.policy;
};
const policyIn = (published: PublishedPolicy | undefined): Policy | undefined =>
  published === undefined ? undefined : policyOf(published);

export const policyInForce = (facts: ProgramFacts, at: Instant): Policy | undefined =>
  policyIn(publishedInForce(facts, at));

/**
 * The version that a ruling cites (`policy@version#digest`), found without reading a single text: a program may have
 * published hundreds.
 */
export const policyCited = ({ policies }: ProgramFacts, reference: Code): Policy | undefined =>
  policyIn(policies.find(({ version, digest }) => reference.endsWith(`@${version}#${digest.slice(0, 12)}`)));

export interface CalendarFacts {
  readonly version: number;
  readonly days?: CalendarYear;
}
const applyCalendar = (_: CalendarFacts, { event }: Happening<CalendarPublished>): CalendarFacts => ({
  version: event.version,
  days: calendarYear(event.year, event),
});
export const calendarFolding: Folding<CalendarFacts, CalendarPublished> = {
  name: 'calendar',
  initial: { version: 0 },
  apply: applyCalendar,
};
export type { WorkingCalendar };
