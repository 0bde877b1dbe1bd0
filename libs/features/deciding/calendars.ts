import { UnreadError, type Reader } from '#event-sourcing/command/handle-command.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import type { CalendarYear, WorkingCalendar } from '#time/calendar.js';
import { calendarFolding, calendarStream } from '../program/facts.js';

interface Shelf {
  readonly calendar: WorkingCalendar;
  readonly years: Record<string, CalendarYear>;
  readonly versions: Record<string, string>;
  readonly lookedUp: Set<string>;
}

/**
 * The working calendars of one decision. A year is read when a clock first reaches it, and is a check of the append
 * from then on; one that nobody published stays unknown, and a clock that needs it says so.
 */
export class Calendars {
  readonly #shelves = new Map<Code, Shelf>();

  of(id: Code): WorkingCalendar {
    return this.#shelf(id).calendar;
  }

  async read(reader: Reader, id: Code, ...years: readonly string[]): Promise<void> {
    const shelf = this.#shelf(id);
    await Promise.all(
      years.map(async (year) => {
        const { days, version } = await reader.fold(calendarStream(id, Number(year)), calendarFolding);
        shelf.lookedUp.add(year);
        if (days === undefined) return;
        shelf.years[year] = days;
        shelf.versions[year] = String(version);
      }),
    );
  }

  #shelf(id: Code): Shelf {
    const known = this.#shelves.get(id);
    if (known !== undefined) return known;
    const years: Record<string, CalendarYear> = {};
    const versions: Record<string, string> = {};
    const lookedUp = new Set<string>();
    const notLookedUp = (year: string): Error | undefined =>
      lookedUp.has(year)
        ? undefined
        : new UnreadError(`calendar ${id} of ${year}`, (reader) => this.read(reader, id, year));
    const shelf: Shelf = { calendar: { id, version: '0', versions, years, notLookedUp }, years, versions, lookedUp };
    this.#shelves.set(id, shelf);
    return shelf;
  }
}
