import { systemIds, systemTimers } from '#adapters/clock-system/clock-system.js';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { ClockHeldError } from '#event-sourcing/ports/clock.js';
import { clear, type Code, type CommandId, type Instant, type OrganisationId } from '#event-sourcing/vocabulary.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { commandTo } from '#features/edge/command-bus.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { ClockGuard, holdSentence, type ClockHold, type Confirmation } from './clock-guard.js';
import { Installation } from './installation.js';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.parse('2026-03-02T04:00:00.000Z');
const at = (milliseconds: number): Instant => new Date(milliseconds).toISOString() as Instant;

/** A machine whose wall clock can be set, and whose stopwatch cannot. */
const machine = (recordedAt?: number, holds = true) => {
  let [wall, elapsed] = [start, 1_000];
  let confirmed: Confirmation | undefined;
  const told: (ClockHold['reason'] | 'over')[] = [];
  const guard = new ClockGuard({
    clock: { now: () => at(wall) },
    stopwatch: { elapsed: () => elapsed },
    confirmed: () => confirmed,
    accept: (recorded) => {
      confirmed = { ...confirmed!, accepted: recorded };
    },
    onHold: (hold) => told.push(hold?.reason ?? 'over'),
    holds,
  });
  guard.see(recordedAt === undefined ? undefined : at(recordedAt));
  return {
    guard,
    told,
    pass: (milliseconds: number) => {
      wall += milliseconds;
      elapsed += milliseconds;
    },
    set: (milliseconds: number) => {
      wall = milliseconds;
    },
    confirm: () => {
      confirmed = { at: at(wall) };
    },
  };
};

describe('the guarded clock', () => {
  it('is the wall clock while that agrees with the log and with the time that passes', () => {
    const { guard, told, pass, set } = machine(start - 6 * day);
    for (let hour = 0; hour < 24 * 30; hour += 1) {
      expect(guard.held).toBeUndefined();
      pass(60 * minute);
      // Set right by a little, again and again, as time servers do.
      set(Date.parse(guard.now()) + (hour % 2 === 0 ? 500 : -400));
    }
    expect(told).toEqual([]);
  });

  it('stands still when the wall clock jumps ahead while the process runs, and goes on when it is set right', () => {
    const { guard, told, pass, set } = machine(start);
    expect(guard.now()).toBe(at(start));
    pass(minute);
    set(Date.parse('2036-03-02T04:01:00.000Z'));
    expect(guard.now()).toBe(at(start + minute));
    expect(guard.held).toMatchObject({ reason: 'jumped', wall: '2036-03-02T04:01:00.000Z' });
    pass(5 * minute);
    expect(() => guard.mustBeSound()).toThrow(ClockHeldError);
    expect(guard.now()).toBe(at(start + 6 * minute));
    set(start + 6 * minute);
    expect(guard.held).toBeUndefined();
    expect(told).toEqual(['jumped', 'over']);
  });

  it.each([
    ['ten years ahead of the last event', Date.parse('2016-03-02T04:00:00.000Z'), 'aheadOfLog'],
    ['a week and an hour ahead of it', start - 7 * day - 60 * minute, 'aheadOfLog'],
    ['six minutes behind it', start + 6 * minute, 'behindLog'],
    ['ten years behind it', Date.parse('2036-03-02T04:00:00.000Z'), 'behindLog'],
  ] as const)('is not believed at a start %s', (_name, recordedAt, reason) => {
    const { guard, told } = machine(recordedAt);
    expect(guard.held).toMatchObject({ reason, expected: at(recordedAt) });
    expect(guard.now()).toBe(at(recordedAt));
    expect(told).toEqual([reason]);
  });

  it('hears from the log of another server whose clock is ahead', () => {
    const { guard, told, pass } = machine(start);
    expect(guard.held).toBeUndefined();
    guard.see(at(start + 10 * minute));
    expect(guard.held).toMatchObject({ reason: 'behindLog' });
    pass(6 * minute);
    expect(guard.held).toBeUndefined();
    expect(told).toEqual(['behindLog', 'over']);
  });

  it('is believed again when an operator confirms it, and no longer when it then jumps once more', () => {
    const { guard, pass, set, confirm } = machine(start - 30 * day);
    expect(guard.held).toBeDefined();
    confirm();
    expect(guard.held).toBeUndefined();
    pass(60 * minute);
    expect(guard.held).toBeUndefined();
    set(start + 400 * day);
    expect(guard.held).toMatchObject({ reason: 'jumped' });
  });

  it('goes back to the right time when an operator confirms it although the log is ahead, for as long as it is', () => {
    const { guard, told, pass, confirm } = machine(Date.parse('2036-03-02T04:00:00.000Z'));
    expect(guard.now()).toBe('2036-03-02T04:00:00.000Z');
    confirm();
    expect(guard.now()).toBe(at(start));
    pass(60 * minute);
    guard.see('2036-03-02T04:00:00.000Z' as Instant);
    expect(guard.now()).toBe(at(start + 60 * minute));
    expect(told).toEqual(['behindLog', 'over']);
    guard.see('2036-03-02T05:00:00.000Z' as Instant);
    expect(guard.held).toMatchObject({ reason: 'behindLog' });
  });

  it('never goes back by less than that', () => {
    const { guard, set } = machine(start + 2 * minute);
    expect(guard.now()).toBe(at(start + 2 * minute));
    set(start + 3 * minute);
    expect(guard.now()).toBe(at(start + 3 * minute));
    set(start + minute);
    expect(guard.now()).toBe(at(start + 3 * minute));
  });

  it('is told of and trusted where it holds nothing: in development', () => {
    const { guard, told } = machine(start - 30 * day, false);
    expect(guard.held).toBeUndefined();
    expect(guard.now()).toBe(at(start));
    expect(told).toEqual(['aheadOfLog', 'over']);
  });

  it('says by how much and what to do, in both languages', () => {
    const sentence = holdSentence({ reason: 'jumped', wall: at(start + 5_000), expected: at(start) });
    expect(sentence).toMatch(
      /相差 5 秒.*baobei clock confirm.* \/ .*5 s from the monotonic clock.*baobei clock confirm/,
    );
  });

  it('does not say that anything stopped where nothing is held', () => {
    const hold = { reason: 'aheadOfLog', wall: at(start + 8 * day), expected: at(start) } as const;
    expect(holdSentence(hold, { holds: false })).toMatch(/照常进行.* \/ .*691200 s from the last event.*goes on/);
    expect(holdSentence(hold, { holds: false })).not.toMatch(/已暂停|nothing is recorded|clock confirm/);
  });
});

describe('an installation whose clock cannot be believed', () => {
  it('records nothing, meets no deadline, is not ready, and goes on when the clock is right again', async () => {
    const journal = memoryJournal();
    const keyStore = memoryKeyStore();
    const open = (clockGuard?: ClockGuard): Promise<Installation> =>
      Installation.open({
        log: memoryEventLog({ journal }),
        keyStore,
        readStore: memoryReadStore(),
        positions: memoryPositions(),
        clock: { now: () => at(start) },
        timers: systemTimers,
        ids: systemIds,
        organisation: 'clock' as OrganisationId,
        ...(clockGuard === undefined ? {} : { clockGuard }),
      });
    const before = await open();
    const head = await before.parts.log.head();
    const { guard, set } = machine();
    set(Date.parse('2036-03-02T04:00:00.000Z'));
    const after = await open(guard);
    const openOne = () =>
      after.bus.execute(
        commandTo(openProgram, {
          commandId: 'c1' as CommandId,
          by: 'root' as PartyId,
          granted: ['administrator'],
          receivedAt: after.clock.now(),
          receivedBy: 'api' as Code,
          programId: 'p' as ProgramId,
          title: { zh: clear('一'), en: clear('one') },
        }),
      );
    await expect(openOne()).rejects.toBeInstanceOf(ClockHeldError);
    expect(await after.deadlineRound()).toBe(0);
    expect(await after.readinessChecks()['clock']!()).toBe(false);
    expect([await after.parts.log.head(), after.clock.now()]).toEqual([head, at(start)]);
    set(start + minute);
    expect((await openOne()).outcome).toBe('accepted');
    expect(await after.readinessChecks()['clock']!()).toBe(true);
    expect(after.clock.now()).toBe(at(start + minute));
  });
});
