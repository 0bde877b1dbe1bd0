import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { systemTimers } from '#adapters/clock-system/clock-system.js';
import type { Recorded } from '../event.js';
import { Reactor, type Reaction } from './reactor.js';
import { freshCommandId, noon, pending, stream } from '../testing/commits.js';
import type { StoredEvent } from '../ports/event-log.js';

const decode = (stored: StoredEvent): Recorded =>
  ({ event: { type: stored.type }, position: stored.position }) as unknown as Recorded;
const append = (log: ReturnType<typeof memoryEventLog>, type: string) =>
  log.append({
    commandId: freshCommandId(),
    now: noon,
    writes: [{ stream: stream('dossier-1'), expected: 'any', events: [pending(type)] }],
    checks: [],
  });

describe('reactor', () => {
  it('reacts to each event of its types once, in order, also after a restart', async () => {
    const log = memoryEventLog();
    const store = memoryReadStore();
    const seen: number[] = [];
    const reaction: Reaction = {
      name: 'when-approved',
      types: ['Approved'],
      react: async ({ position }) => {
        seen.push(position);
      },
    };
    const parts = { log, store, reactions: [reaction], decode, timers: systemTimers };
    for (const type of ['Registered', 'Approved', 'Approved']) await append(log, type);
    await new Reactor(parts).catchUp();
    await append(log, 'Approved');
    await new Reactor(parts).catchUp();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('is asked again about an event whose reaction failed, and nothing behind it is skipped', async () => {
    const log = memoryEventLog();
    const seen: number[] = [];
    const errors: unknown[] = [];
    let failures = 2;
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const reaction: Reaction = {
      name: 'when-approved',
      types: ['Approved'],
      react: async ({ position }) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('not now');
        }
        seen.push(position);
        if (position === 1) resolve();
      },
    };
    const reactor = new Reactor({
      log,
      store: memoryReadStore(),
      reactions: [reaction],
      decode,
      timers: { sleep: async () => {} },
      onError: (error) => {
        errors.push(error);
      },
    });
    reactor.start();
    await append(log, 'Approved');
    await append(log, 'Approved');
    await done;
    await reactor.stop();
    expect({ seen: [...new Set(seen)], errors: errors.length }).toEqual({ seen: [0, 1], errors: 2 });
  });
});
