import { createIds, systemClock, systemTimers } from './clock-system.js';

describe('ids', () => {
  const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it('are version 7 and rise, also within one millisecond, across its end, and when the clock goes back', () => {
    const times = [1_000, 1_000, 999, 5];
    let drawn = 0;
    const ids = createIds(() => times[drawn++] ?? 1_000);
    const made = Array.from({ length: 10_000 }, () => ids.uuid());
    expect(made.every((id) => version7.test(id))).toBe(true);
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
  });

  it('begin with the milliseconds of the clock', () => {
    const id = createIds(() => Date.parse('2026-03-02T01:06:00.000Z')).uuid();
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.parse('2026-03-02T01:06:00.000Z'));
  });

  it('use all their random bits', () => {
    const ids = createIds();
    const seen = Array.from({ length: 500 }, () => BigInt(`0x${ids.uuid().replaceAll('-', '').slice(16)}`));
    expect(seen.reduce((all, bits) => all | bits, 0n)).toBe(0xbfff_ffff_ffff_ffffn);
    expect(seen.reduce((all, bits) => all & bits, 0xffff_ffff_ffff_ffffn)).toBe(0x8000_0000_0000_0000n);
  });

  it('bytes that were handed out stay as they are, and never come twice', () => {
    const ids = createIds();
    const first = ids.bytes(16);
    const copy = Buffer.from(first);
    const all = new Set(Array.from({ length: 3_000 }, () => Buffer.from(ids.bytes(16)).toString('hex')));
    expect(all.size).toBe(3_000);
    expect(all.has(copy.toString('hex'))).toBe(false);
    expect(Buffer.from(first)).toEqual(copy);
    expect([ids.bytes(0).length, ids.bytes(12).length, ids.bytes(100_000).length]).toEqual([0, 12, 100_000]);
  });
});

describe('the system clock', () => {
  it('says UTC with milliseconds', () => {
    expect(systemClock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('wakes at once when it is told to stop, also from a sleep longer than a timer can last', async () => {
    const stop = new AbortController();
    const slept = systemTimers.sleep(2 ** 40, stop.signal);
    let awake = false;
    void slept.then(() => {
      awake = true;
    });
    await systemTimers.sleep(5);
    expect(awake).toBe(false);
    stop.abort();
    await slept;
    expect(awake).toBe(true);
    await systemTimers.sleep(2 ** 40, stop.signal);
  });
});
