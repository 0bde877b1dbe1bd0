import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { Budgets, type Budget } from './budgets.js';

const budget: Budget = { burst: 5, perHour: 60 };
const start = '2026-03-02T04:00:00.000Z' as Instant;
const [a, b] = ['a', 'b'] as unknown as readonly [PartyId, PartyId];

describe('budgets', () => {
  it('give a burst, then so many an hour, each party its own', async () => {
    const clock = simulatedClock(start);
    const budgets = new Budgets(clock);
    const spent = (party: PartyId): number => {
      let count = 0;
      for (; budgets.has(party, budget); count += 1) budgets.spend(party, budget);
      return count;
    };
    expect([spent(a), spent(a), spent(b)]).toEqual([5, 0, 5]);
    clock.set('2026-03-02T04:02:00.000Z' as Instant);
    expect(spent(a)).toBe(2);
    clock.set('2026-03-02T09:00:00.000Z' as Instant);
    expect(spent(a)).toBe(5);
  });
});
