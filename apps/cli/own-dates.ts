import { due } from '#features/deadline/due/due.js';
import { atOwnDates, type Pace, type SettableClock } from '#features/intake/own-dates.js';
import type { Installation } from '#installation/installation.js';

/** The pace of an installation that was opened on this clock. */
export const ownDatesOf = (installation: Installation, clock: SettableClock): Pace =>
  atOwnDates({
    clock,
    nextDeadline: async () => {
      await installation.catchUp();
      const earliest = await (
        await installation.readings.of(due)
      ).page({ where: {}, order: [{ field: 'dueAt', direction: 'ascending' }], first: 1 });
      return earliest.rows[0]?.document.dueAt;
    },
    meetDeadlines: () => installation.meetDeadlines(),
  });
