import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import type { Recorded } from '../event.js';
import { Reactor, type Reaction, type ReactorParts } from './reactor.js';
import { parkedMax } from './reaction-run.js';
import { append, pending } from '../testing/commits.js';
import { LogBusyError, type EventLog, type StoredEvent } from '../ports/event-log.js';
import type { KeptPosition } from '../ports/positions.js';
import type { Position } from '../vocabulary.js';

const decode = (stored: StoredEvent): Recorded =>
  ({ event: { type: stored.type }, position: stored.position }) as unknown as Recorded;
const whenApproved = (react: (position: Position) => void): Reaction => ({
  name: 'when-approved',
  types: ['Approved'],
  react: async ({ position }) => {
    react(position);
  },
});
const write = async (log: EventLog, ...types: readonly string[]): Promise<void> => {
  for (const type of types) await append(log, { to: 'dossier-1', events: [pending(type)] });
};
/** A reactor over `react`, with a clock that does not wait but gives everybody else a turn. */
const reactorOn = (log: EventLog, react: (position: Position) => void, kept = new Map<string, KeptPosition>()) => {
  const errors: unknown[] = [];
  const parts: ReactorParts = {
    log,
    positions: memoryPositions(kept),
    reactions: [whenApproved(react)],
    decode,
    timers: { sleep: () => new Promise((resolve) => void setImmediate(resolve)) },
    onError: (error) => {
      errors.push(error);
    },
  };
  return { reactor: new Reactor(parts), errors, kept };
};
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await new Promise(setImmediate);
};

describe('reactor', () => {
  it('reacts to each event of its types once, in order, also after a restart', async () => {
    const log = memoryEventLog();
    const seen: number[] = [];
    const first = reactorOn(log, (position) => seen.push(position));
    await write(log, 'Registered', 'Approved', 'Approved');
    await first.reactor.catchUp();
    await write(log, 'Approved');
    await reactorOn(log, (position) => seen.push(position), first.kept).reactor.catchUp();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('an event whose reaction fails holds nothing up: it waits aside, is counted, and is tried again', async () => {
    const log = memoryEventLog();
    const seen: number[] = [];
    let failures = 3;
    const { reactor, errors, kept } = reactorOn(log, (position) => {
      if (position === 0 && failures > 0) {
        failures -= 1;
        throw new Error('not now');
      }
      seen.push(position);
    });
    await write(log, 'Approved', 'Approved', 'Approved');
    reactor.start();
    await until(() => seen.length === 2);
    expect(seen).toEqual([1, 2]);
    expect(reactor.status()).toEqual([{ name: 'when-approved', parked: 1 }]);
    await until(() => seen.length === 3 && kept.get('when-approved')?.parked.length === 0);
    await reactor.stop();
    expect({ seen, errors: errors.length, parked: reactor.status()[0]?.parked }).toEqual({
      seen: [1, 2, 0],
      errors: 3,
      parked: 0,
    });
  });

  it('remembers over a restart what failed', async () => {
    const log = memoryEventLog();
    const before = reactorOn(log, (position) => {
      if (position === 1) throw new Error('never');
    });
    await write(log, 'Approved', 'Approved', 'Approved');
    before.reactor.start();
    await until(() => before.kept.get('when-approved')?.next === 3);
    await before.reactor.stop();
    expect(before.kept.get('when-approved')?.parked).toEqual([1]);
    const seen: number[] = [];
    const after = reactorOn(log, (position) => seen.push(position), before.kept);
    after.reactor.start();
    await until(() => after.kept.get('when-approved')?.parked.length === 0);
    await after.reactor.stop();
    expect(seen).toEqual([1]);
  });

  it('leaves no event behind while it is the log that can take nothing', async () => {
    const log = memoryEventLog();
    let busy = 5;
    const seen: number[] = [];
    const { reactor, kept } = reactorOn(log, (position) => {
      if (busy > 0) {
        busy -= 1;
        throw new LogBusyError('too many wait');
      }
      seen.push(position);
    });
    await write(log, 'Approved', 'Approved');
    reactor.start();
    await until(() => kept.get('when-approved')?.next === 2);
    await reactor.stop();
    expect({ seen, parked: kept.get('when-approved')?.parked }).toEqual({ seen: [0, 1], parked: [] });
  });

  it('waits when everything fails, instead of leaving more behind than it can hold', async () => {
    const log = memoryEventLog();
    for (let left = 0; left < 2; left += 1)
      await append(log, { to: 'dossier-1', events: Array.from({ length: 1_000 }, () => pending('Approved')) });
    const { reactor, errors, kept } = reactorOn(log, () => {
      throw new Error('never');
    });
    reactor.start();
    await until(() => errors.length > parkedMax + 10);
    await reactor.stop();
    expect(kept.get('when-approved')).toMatchObject({ next: 1_000, parked: { length: parkedMax } });
  });

  it('gives way to another server that keeps the same position, and loses nothing that waits aside', async () => {
    const log = memoryEventLog();
    const kept = new Map<string, KeptPosition>();
    const one: number[] = [];
    const [first, second] = [
      reactorOn(
        log,
        (position) => {
          if (position === 0 && one.length < 40) {
            one.push(position);
            throw new Error('not now');
          }
        },
        kept,
      ),
      reactorOn(log, () => undefined, kept),
    ];
    first.reactor.start();
    second.reactor.start();
    await write(log, ...Array.from({ length: 30 }, () => 'Approved'));
    await until(() => kept.get('when-approved')?.next === 30 && kept.get('when-approved')?.parked.length === 0);
    await Promise.all([first.reactor.stop(), second.reactor.stop()]);
    expect(kept.get('when-approved')).toMatchObject({ next: 30, parked: [] });
  });
});
