import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { LogFollower, type LogFollowing } from './log-follower.js';
import type { EventLog } from '../ports/event-log.js';
import type { Position } from '../vocabulary.js';
import { append, pending } from '../testing/commits.js';

/** Follows a log until `wanted` events were taken. */
const followed = async (
  log: EventLog,
  wanted: number,
  following: Partial<LogFollowing> & { readonly take?: (position: Position) => void } = {},
) => {
  const taken: Position[] = [];
  const errors: unknown[] = [];
  const pauses: number[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let from: Position = 0;
  const follower = new LogFollower({
    log,
    from: () => from,
    each: ({ events, next }) => {
      for (const { position } of events) {
        following.take?.(position);
        taken.push(position);
      }
      from = next;
      if (taken.length >= wanted) resolve();
    },
    timers: {
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
    onError: (error) => {
      errors.push(error);
    },
    ...following,
  });
  follower.start();
  await enough;
  await follower.stop();
  return { taken, errors, pauses };
};

const filled = async (count: number): Promise<EventLog> => {
  const log = memoryEventLog();
  for (let left = count; left > 0; left -= 1000)
    await append(log, { to: 'dossier-1', events: Array.from({ length: Math.min(left, 1000) }, () => pending()) });
  return log;
};

describe('log follower', () => {
  it('takes what is there and what comes, in order, once', async () => {
    const log = await filled(3);
    const following = followed(log, 5);
    await append(log, { to: 'dossier-1', events: [pending(), pending()] });
    expect(await following).toEqual({ taken: [0, 1, 2, 3, 4], errors: [], pauses: [] });
  });

  it('tells of each error and tries again with growing distance, up to ten seconds; what worked begins anew', async () => {
    let failures = 9;
    const { taken, errors, pauses } = await followed(await filled(2), 2, {
      take: () => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('not now');
        }
      },
    });
    expect(taken).toEqual([0, 1]);
    expect(errors).toHaveLength(9);
    expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('gives everybody else a turn of the event loop after each slice', async () => {
    const log = await filled(20_000);
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    await followed(log, 20_000);
    counting = false;
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  it('keeps its position behind what it has taken, and now and then where the filter lets nothing through', async () => {
    const log = await filled(2_500);
    await append(log, { to: 'program-1', events: [pending()] });
    const kept: Position[] = [];
    await followed(log, 1, {
      filter: { categories: ['program'] },
      keepPosition: async (next) => {
        kept.push(next);
      },
    });
    expect(kept.slice(0, 2)).toEqual([1_000, 2_000]);
    expect(kept.at(-1)).toBe(2_501);
  });
});
