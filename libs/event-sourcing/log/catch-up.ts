import { commitEventsMax } from './draft-batch.js';
import type { StoredEvent } from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import type { LogIndex } from '../ports/log-index.js';
import type { Position } from '../vocabulary.js';

export interface CatchUpParts {
  readonly index: LogIndex;
  readonly journal: Journal;
  readonly offered: OfferedEvents;
  /** Called whenever the index has moved. */
  readonly onRead: () => void;
}

/** Reads the journal on from the index's head until there is no more, or `head`, where it is known to reach. */
export const catchUp = async ({ index, journal, offered, onRead }: CatchUpParts, head?: Position): Promise<void> => {
  if (head !== undefined && head < index.head())
    throw new Error(
      `The journal ends at ${head} but its index at ${index.head()}: the journal was put back to an earlier time or is another one`,
    );
  for (;;) {
    const from = index.head();
    if (from === head) return;
    const brought = offered.take(from);
    const read = brought.length > 0 ? brought : await journal.read(from, commitEventsMax);
    if (read.length === 0 && (head === undefined || from >= head)) return;
    const whole = wholeCommands(read);
    if (whole.length === 0) throw new Error(`The journal has no whole command at position ${from}`);
    if (whole[0]!.position !== from)
      throw new Error(`The journal answered with position ${whole[0]!.position} where ${from} was asked`);
    index.apply(whole);
    onRead();
    if (brought.length > 0) journal.heard?.(index.head());
    // A page that is not full was the last; one more question would only hear so.
    if (head === undefined && read.length < commitEventsMax) return;
  }
};

/** A reading may end inside a command; what is behind its last whole one is read again. */
const wholeCommands = (events: readonly StoredEvent[]): readonly StoredEvent[] =>
  events.slice(0, events.findLastIndex(({ step, of }) => step === of) + 1);

/**
 * Events of the same journal as another server has read them: what follows on our head need not be read there once
 * more.
 */
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
