import { edgeLimits } from '#graphql/limits.js';
import { OverloadGate } from './overload-gate.js';

const never = new AbortController().signal;
const limits = { ...edgeLimits, requestsWorkingMax: 2, requestsWaitingMax: 3, requestWaitMax: 60_000 };

describe('overload gate', () => {
  it('lets so many work, so many wait, and turns the next one away at once', async () => {
    const gate = new OverloadGate(limits);
    expect([await gate.enter(never), await gate.enter(never)]).toEqual([true, true]);
    const waiting = [gate.enter(never), gate.enter(never), gate.enter(never)];
    expect(gate.waiting).toBe(3);
    expect(await gate.enter(never)).toBe(false);
    expect(gate.shed).toBe(1);
    for (let place = 0; place < 5; place += 1) gate.leave();
    expect(await Promise.all(waiting)).toEqual([true, true, true]);
    expect([await gate.enter(never), await gate.enter(never), gate.waiting]).toEqual([true, true, 0]);
  });

  it('gives places in the order of coming', async () => {
    const gate = new OverloadGate({ ...limits, requestsWorkingMax: 1 });
    await gate.enter(never);
    const order: number[] = [];
    const all = [1, 2, 3].map((place) => gate.enter(never).then(() => order.push(place)));
    for (const one of all) {
      gate.leave();
      await one;
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('turns away who has waited too long, and forgets who went', async () => {
    const gate = new OverloadGate({ ...limits, requestsWorkingMax: 1, requestWaitMax: 1 });
    await gate.enter(never);
    expect(await gate.enter(never)).toBe(false);
    const gone = new AbortController();
    const patient = new OverloadGate({ ...limits, requestsWorkingMax: 1 });
    await patient.enter(never);
    const left = patient.enter(gone.signal);
    gone.abort();
    expect(await left).toBe(false);
    expect([gate.waiting, patient.waiting]).toEqual([0, 0]);
    patient.leave();
    expect(await patient.enter(never)).toBe(true);
  });
});
