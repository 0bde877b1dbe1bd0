import { defineEvent, type Event } from '#event-sourcing/event.js';
import type { CalendarDate, ClearText, Code, Instant, ProgramId } from '#event-sourcing/vocabulary.js';

/** A scope opened in which registrations compete: a product line, a building, a region. */
export type ProgramOpened = Event<
  'ProgramOpened',
  'fact',
  { readonly programId: ProgramId; readonly title: { readonly zh: ClearText; readonly en: ClearText } }
>;

/**
 * An authority put a version of the policy into force from a date on. The exact text is kept: every ruling cites its
 * digest.
 */
export type PolicyPublished = Event<
  'PolicyPublished',
  'ruling',
  {
    readonly programId: ProgramId;
    readonly version: Code;
    readonly digest: Code;
    readonly text: ClearText;
    /** The clauses whose meaning is not their first (`protection/2`); absent: each has its first. */
    readonly meanings?: readonly Code[];
    readonly effectiveFrom: Instant;
    /** The office that agreed to it, as the regime names it. */
    readonly authority: ClearText;
  }
>;

/** An authority took a version of the policy back before it began: no ruling ever cited it. */
export type PolicyWithdrawn = Event<
  'PolicyWithdrawn',
  'ruling',
  {
    readonly programId: ProgramId;
    readonly version: Code;
    readonly digest: Code;
    /** When it would have begun. */
    readonly effectiveFrom: Instant;
    /** The office that decided so. */
    readonly authority: ClearText;
  }
>;

/**
 * The working days of one year, as the organisation publishes them. A later version of the same year replaces it for
 * later rulings.
 */
export type CalendarPublished = Event<
  'CalendarPublished',
  'fact',
  {
    readonly calendarId: Code;
    readonly year: number;
    readonly version: number;
    /** Days off that would otherwise be worked, and days worked that would otherwise be off. */
    readonly holidays: readonly CalendarDate[];
    readonly makeUpDays: readonly CalendarDate[];
  }
>;

export type ProgramEvent = ProgramOpened | PolicyPublished | PolicyWithdrawn;

export const programEvents = [
  defineEvent<ProgramOpened>()({ type: 'ProgramOpened', kind: 'fact', personal: {} }),
  defineEvent<PolicyPublished>()({ type: 'PolicyPublished', kind: 'ruling', personal: {} }),
  defineEvent<PolicyWithdrawn>()({ type: 'PolicyWithdrawn', kind: 'ruling', personal: {} }),
  defineEvent<CalendarPublished>()({ type: 'CalendarPublished', kind: 'fact', personal: {} }),
] as const;
