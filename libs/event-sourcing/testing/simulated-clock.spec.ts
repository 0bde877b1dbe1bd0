import type { Instant } from '../vocabulary.js';
import { seededIds, simulatedClock } from './simulated-clock.js';

const start = '2026-03-02T00:00:00.000Z' as Instant;

describe('a simulated clock', () => {
  it('stands still until it is moved', async () => {
    const clock = simulatedClock(start);
    expect(clock.now()).toBe(start);
    await clock.advance(90_000);
    expect(clock.now()).toBe('2026-03-02T00:01:30.000Z');
    clock.set('2026-01-01T00:00:00.000Z' as Instant);
    expect(clock.now()).toBe('2026-01-01T00:00:00.000Z');
  });

  it('wakes a loop each time it would have woken, at its own instant', async () => {
    const clock = simulatedClock(start);
    const woken: string[] = [];
    const stop = new AbortController();
    const loop = (async () => {
      for (;;) {
        await clock.sleep(60_000, stop.signal);
        if (stop.signal.aborted) return;
        woken.push(clock.now());
      }
    })();
    await clock.advance(179_999);
    expect(woken).toEqual(['2026-03-02T00:01:00.000Z', '2026-03-02T00:02:00.000Z']);
    expect(clock.sleepers).toBe(1);
    stop.abort();
    await loop;
    expect(clock.sleepers).toBe(0);
  });

  it('wakes sleepers in the order of their instants when it is set', async () => {
    const clock = simulatedClock(start);
    const woken: number[] = [];
    const all = [3, 1, 2].map((seconds) => clock.sleep(seconds * 1000).then(() => woken.push(seconds)));
    clock.set('2026-03-02T00:00:02.000Z' as Instant);
    await Promise.all(all.slice(1));
    expect(woken).toEqual([1, 2]);
    clock.set('2026-03-02T00:00:03.000Z' as Instant);
    await Promise.all(all);
    expect(woken).toEqual([1, 2, 3]);
  });
});

describe('seeded ids', () => {
  it('are the same for the same seed, differ for another, and rise', () => {
    const drawFrom = (seed: string) => {
      const ids = seededIds(seed);
      return Array.from({ length: 50 }, () => ids.uuid());
    };
    expect(drawFrom('a')).toEqual(drawFrom('a'));
    expect(drawFrom('a')).not.toEqual(drawFrom('b'));
    expect(drawFrom('a')).toEqual(drawFrom('a').toSorted());
    expect(drawFrom('a')[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Buffer.from(seededIds('a').bytes(40))).toEqual(Buffer.from(seededIds('a').bytes(40)));
  });
});
