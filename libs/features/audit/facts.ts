import type { Folding } from '#event-sourcing/command/handle-command.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import type { AvailabilityAsked, RecordRead } from './events.js';

/** More than any policy lets a party ask in an hour and at once. */
const asksMax = 1_000;

/** When a party asked whether customers are free, oldest first: of one day, folded from `access-<party>-<day>`. */
export const asksFolding: Folding<readonly Instant[], AvailabilityAsked | RecordRead> = {
  name: 'asks',
  initial: [],
  apply: (asks, { event, at }) => (event.type === 'AvailabilityAsked' ? [...asks, at].slice(-asksMax) : asks),
};
