import type { StoredEvent } from './ports/event-log.js';
import type { Position } from './vocabulary.js';

/** Events of the same journal as another server has read them: what follows on our head need not be read there once more. */
export class OfferedEvents {
  #events: readonly StoredEvent[] = [];

  /** One whole run of the journal. Of several only the one that reaches farthest is kept. */
  offer(events: readonly StoredEvent[]): void {
    if (endOf(events) > endOf(this.#events)) this.#events = events;
  }

  /** What follows on `from`, once; nothing when the run begins behind it or ends in front of it. */
  take(from: Position): readonly StoredEvent[] {
    const [first] = this.#events;
    const taken = first === undefined || first.position > from ? [] : this.#events.slice(from - first.position);
    this.#events = [];
    return taken;
  }
}

const endOf = (events: readonly StoredEvent[]): Position => (events.at(-1)?.position ?? -1) + 1;
