import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { Collection, ReadStore } from '../ports/read-store.js';
import { createProjector, ProjectorStoppedError, type Projector, type ProjectorOptions } from './projector.js';
import { ProjectionError } from './projection-fold.js';
import { NotYetSeenError, TooManyWaitersError } from './position-waiters.js';
import { readModel, type ReadModel } from './read-model.js';
import { arrayLog, decodeWritten, type ArrayLog, type WrittenEvent } from '../testing/array-log.js';
import { append, pendingBytes } from '../testing/commits.js';
import { foldByHand, ledger, someEvents, type Account } from '../testing/ledger-model.js';
import { simulatedClock } from '../testing/simulated-clock.js';
import type { Instant } from '../vocabulary.js';

const opened = (amount: number, stream = 'account-1'): WrittenEvent => ({ type: 'Opened', stream, body: { amount } });

/** Stops at an amount of 13, as code with a bug does. */
const superstitious = (name = 'superstitious'): ReadModel<{ sum: number }> =>
  readModel<{ sum: number }, { type: 'Opened'; amount: number }>()({
    name,
    version: 1,
    indexes: [],
    ids: ({ stream }) => [stream],
    on: {
      Opened: (row, { event }) => {
        if (event.amount === 13) throw new Error('thirteen');
        return { sum: (row?.sum ?? 0) + event.amount };
      },
    },
  });

interface World {
  readonly log: ArrayLog;
  readonly store: ReadStore;
  readonly projector: Projector;
  live<Row extends object>(model: ReadModel<Row>): Promise<Collection<Row>>;
}
const world = (models: readonly ReadModel<object>[], options: Partial<ProjectorOptions> = {}): World => {
  const log = arrayLog();
  const store = memoryReadStore();
  const projector = createProjector({ log, store, models, decode: decodeWritten, ...options });
  return { log, store, projector, live: (model) => store.live(model) };
};

/** A store whose batches are counted, and refused while `broken`. */
const watched = (store: ReadStore, watch: { written: string[]; broken?: boolean }): ReadStore => ({
  ...store,
  live: async <Row extends object>(model: Parameters<ReadStore['live']>[0]) => {
    const live = await store.live<Row>(model);
    const apply: typeof live.apply = async (batch) => {
      if (watch.broken === true) throw new Error('connection lost');
      watch.written.push(...batch.changes.map(({ id }) => id));
      return live.apply(batch);
    };
    return Object.assign(Object.create(live) as typeof live, { apply });
  },
});

describe('the projector', () => {
  it('folds the log up to its end', async () => {
    const { log, projector, live } = world([ledger()], { batchMax: 3 });
    for (const command of someEvents(50)) log.write(...command);
    await projector.catchUp();
    expect(projector.seen('ledger')).toBe((await log.head()) - 1);
    expect(await (await live(ledger())).digest()).toBe(foldByHand(log.written));
    expect(projector.status()).toEqual([{ name: 'ledger', version: 1, state: 'running', seen: 49 }]);
  });

  it('reads an event log and goes on where it was', async () => {
    const log = memoryEventLog();
    const store = memoryReadStore();
    const write = (amount: number) =>
      append(log, { to: 'account-1', events: [pendingBytes(Buffer.from(JSON.stringify({ amount })), 'Opened')] });
    for (let time = 1; time <= 3; time += 1) {
      await write(time);
      const projector = createProjector({ log, store, models: [ledger()], decode: decodeWritten });
      await projector.catchUp();
      expect(projector.seen('ledger')).toBe(time - 1);
    }
    expect((await (await store.live<Account>(ledger())).get('account-1'))?.trail).toBe('1,2,3,');
    await log.close();
  });

  it('reads once and decodes once for all read models that stand at one place', async () => {
    let decoded = 0;
    const { log, projector } = world([ledger(), ledger({ name: 'second' }), ledger({ name: 'third' })], {
      batchMax: 10,
      decode: (stored) => {
        decoded += 1;
        return decodeWritten(stored);
      },
    });
    for (const command of someEvents(40)) log.write(...command);
    await projector.catchUp();
    expect([log.reads, decoded]).toEqual([5, 40]);
  });

  it('decodes nothing that nobody listens to, once it is told what this build knows', async () => {
    let decoded = 0;
    const { log, projector } = world([ledger()], {
      knows: () => true,
      decode: (stored) => {
        decoded += 1;
        return decodeWritten(stored);
      },
    });
    log.write(opened(1), { type: 'Unheard', stream: 's', body: {} }, opened(2));
    await projector.catchUp();
    expect([decoded, projector.seen('ledger')]).toEqual([2, 2]);
  });

  it('writes a document once for a batch, however many events touch it, and not at all when nothing changed', async () => {
    const watch: { written: string[] } = { written: [] };
    const { log, projector } = world([ledger()], { store: watched(memoryReadStore(), watch) });
    log.write(opened(1), opened(2), opened(3, 'account-2'), opened(4));
    log.write({ type: 'Closed', stream: 'account-9', body: {} });
    await projector.catchUp();
    expect(watch.written).toEqual(['account-1', 'account-2']);
  });

  it('lets a new read model catch up without holding back the others', async () => {
    const { log, store, projector } = world([ledger()]);
    for (const command of someEvents(30)) log.write(...command);
    await projector.catchUp();
    const both = createProjector({
      log,
      store,
      models: [ledger(), ledger({ name: 'new' })],
      decode: decodeWritten,
      batchMax: 2,
    });
    log.write(opened(5));
    const order: string[] = [];
    const note = async (name: string) => {
      await both.waitUntil(30, [name], { timeout: 1, timers: clock() });
      order.push(name);
    };
    const running = both.catchUp();
    await Promise.resolve();
    while (both.status().length === 0) await Promise.resolve();
    await Promise.all([running, note('new'), note('ledger')]);
    expect(order).toEqual(['ledger', 'new']);
  });

  it('refuses two read models of one name, and names it does not know', async () => {
    expect(() => world([ledger(), ledger()])).toThrow(/share a name/);
    const { projector } = world([ledger()]);
    expect(() => projector.seen('ledger')).toThrow(/not open yet/);
    await projector.catchUp();
    expect(() => projector.seen('other')).toThrow('There is no read model other');
    await expect(projector.rebuild('other')).rejects.toThrow('There is no read model other');
  });
});

describe('a read model that cannot go on', () => {
  it('stops in front of the whole command, says where and why, and the others go on', async () => {
    const { log, projector, live } = world([superstitious(), ledger()]);
    log.write(opened(1), opened(2));
    log.write(opened(3), opened(13), opened(4));
    log.write(opened(5));
    await projector.catchUp();
    const [stopped, running] = projector.status();
    expect([stopped?.state, stopped?.seen, running?.state, running?.seen]).toEqual(['stopped', 1, 'running', 5]);
    expect(stopped?.error).toBeInstanceOf(ProjectionError);
    expect(stopped?.error?.message).toMatch(
      /superstitious stopped in front of position 3 \(Opened in account-1\).*thirteen/,
    );
    expect(await (await live(superstitious())).get('account-1')).toEqual({ sum: 3 });
  });

  it('stops at the first of two events that it cannot take, also when the second cannot even be decoded', async () => {
    const { log, projector, live } = world([superstitious()], {
      decode: (stored) => {
        if (stored.position === 2) throw new Error('unreadable');
        return decodeWritten(stored);
      },
    });
    log.write(opened(1));
    log.write(opened(13));
    log.write(opened(2));
    await projector.catchUp();
    expect(projector.status()[0]?.error?.message).toMatch(/position 1 .*thirteen/);
    expect(await (await live(superstitious())).get('account-1')).toEqual({ sum: 1 });
  });

  it('is not woken by what comes later, and cured by a rebuild with better code', async () => {
    const { log, store, projector } = world([superstitious()]);
    log.write(opened(13));
    await projector.catchUp();
    log.write(opened(5));
    await projector.catchUp();
    expect(projector.seen('superstitious')).toBe(-1);
    await expect(projector.rebuild('superstitious')).rejects.toThrow('thirteen');
    expect(projector.status()[0]?.state).toBe('stopped');
    const cured = createProjector({
      log,
      store,
      models: [ledger({ name: 'superstitious', version: 2 })],
      decode: decodeWritten,
    });
    await cured.catchUp();
    expect(cured.status()).toEqual([{ name: 'superstitious', version: 2, state: 'running', seen: 1 }]);
  });

  it.each([
    ['by what it knows', true],
    ['by decoding', false],
  ])('never skips an event type of a newer version: found %s', async (_, told) => {
    const { log, projector } = world(
      [ledger(), superstitious()],
      told
        ? { knows: (type) => type === 'Opened' }
        : {
            decode: (stored) => {
              if (stored.type === 'FromTheFuture') throw new Error('does not know the event type FromTheFuture');
              return decodeWritten(stored);
            },
          },
    );
    log.write(opened(1));
    log.write({ type: 'FromTheFuture', stream: 'account-1', body: {} });
    log.write(opened(2));
    await projector.catchUp();
    for (const { state, seen, error } of projector.status())
      expect([state, seen, error?.message]).toEqual([
        'stopped',
        0,
        expect.stringContaining('does not know the event type FromTheFuture'),
      ]);
  });

  it('says so when a fold answers nothing for a document that was there', async () => {
    const forgetful: ReadModel<object> = {
      ...superstitious(),
      on: { Opened: { ids: () => ['a'], fold: (row) => (row === undefined ? {} : undefined) } },
    };
    const { log, projector } = world([forgetful]);
    log.write(opened(1));
    log.write(opened(2));
    await projector.catchUp();
    expect(projector.status()[0]?.error?.message).toMatch(/position 1 .*say removed to end it/);
  });

  it('does not take a type for a handler because every object has one of that name', async () => {
    const { log, projector } = world([ledger()]);
    log.write(
      { type: 'constructor', stream: 'account-1', body: {} },
      { type: 'toString', stream: 'account-1', body: {} },
    );
    await projector.catchUp();
    expect(projector.seen('ledger')).toBe(1);
  });
});

const clock = () => simulatedClock('2026-03-02T00:00:00.000Z' as Instant);
/** Taken at once, so that a refusal that comes early is not unhandled. */
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('waiting for a position', () => {
  it('ends when every named read model has seen it, without any clock', async () => {
    const { log, projector } = world([ledger(), ledger({ name: 'second' })]);
    await projector.catchUp();
    const timers = clock();
    const waiting = projector.waitUntil(1, ['ledger', 'second'], { timeout: 2_000, timers });
    log.write(opened(1), opened(2));
    await projector.catchUp();
    await waiting;
    expect(timers.sleepers).toBe(0);
    await projector.waitUntil(-1, ['ledger'], { timeout: 0, timers });
  });

  it('ends in time, and says who is behind', async () => {
    const { projector } = world([ledger(), ledger({ name: 'second' })]);
    await projector.catchUp();
    const timers = clock();
    const late = errorOf(projector.waitUntil(0, ['second'], { timeout: 2_000, timers }));
    await timers.advance(2_000);
    expect(await late).toEqual(new NotYetSeenError(0, ['second']));
  });

  it('has a limit', async () => {
    const { projector } = world([ledger()], { waitersMax: 2 });
    await projector.catchUp();
    const limit = { timeout: 2_000, timers: clock() };
    const waiting = [
      errorOf(projector.waitUntil(0, ['ledger'], limit)),
      errorOf(projector.waitUntil(0, ['ledger'], limit)),
    ];
    await expect(projector.waitUntil(0, ['ledger'], limit)).rejects.toThrow(TooManyWaitersError);
    await projector.stop();
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(ProjectorStoppedError);
  });

  it('ends at once when the read model has stopped, or stops meanwhile', async () => {
    const { log, projector } = world([superstitious()]);
    await projector.catchUp();
    const waiting = errorOf(projector.waitUntil(0, ['superstitious'], { timeout: 1, timers: clock() }));
    log.write(opened(13));
    await projector.catchUp();
    expect(await waiting).toBeInstanceOf(ProjectionError);
    await expect(projector.waitUntil(0, ['superstitious'], { timeout: 1, timers: clock() })).rejects.toThrow(
      'thirteen',
    );
    await expect(projector.waitUntil(0, ['unknown'], { timeout: 1, timers: clock() })).rejects.toThrow(
      'There is no read model',
    );
  });
});

describe('following the log', () => {
  it('answers every write with a read that has seen it', async () => {
    const timers = clock();
    const { log, projector, live } = world([ledger(), ledger({ name: 'second' })], { timers });
    await projector.start();
    const rows = await live(ledger());
    for (let amount = 1; amount <= 200; amount += 1) {
      log.write(opened(amount));
      await projector.waitUntil(amount - 1, ['ledger', 'second'], { timeout: 1_000, timers });
      expect((await rows.get('account-1'))?.events).toBe(amount);
    }
    await expect(projector.start()).rejects.toThrow('started already');
    await projector.stop();
    expect(timers.sleepers).toBe(0);
  });

  it('follows an event log, a command at a time', async () => {
    const log = memoryEventLog();
    const store = memoryReadStore();
    const timers = clock();
    const projector = createProjector({
      log,
      store,
      models: [ledger(), ledger({ name: 'second' })],
      decode: decodeWritten,
      timers,
    });
    await projector.start();
    const rows = await store.live<Account>(ledger());
    for (let amount = 1; amount <= 100; amount += 2) {
      const events = await append(log, {
        to: 'account-1',
        events: [amount, amount + 1].map((one) => pendingBytes(Buffer.from(JSON.stringify({ amount: one })), 'Opened')),
      });
      await projector.waitUntil(events.at(-1)!.position, ['ledger', 'second'], { timeout: 1_000, timers });
      expect((await rows.get('account-1'))?.events).toBe(amount + 1);
    }
    await projector.stop();
    await log.close();
  });

  it('asks a failed storage again, more and more seldom, and believes what is stored rather than what it remembers', async () => {
    const timers = clock();
    const watch: { written: string[]; broken?: boolean } = { written: [] };
    const inner = memoryReadStore();
    const { log, projector } = world([ledger()], { timers, store: watched(inner, watch) });
    await projector.start();
    log.write(opened(1));
    await projector.waitUntil(0, ['ledger'], { timeout: 1_000, timers });
    watch.broken = true;
    log.write(opened(2));
    while (projector.status()[0]?.state !== 'retrying') await new Promise(setImmediate);
    expect(projector.status()[0]?.error?.message).toBe('connection lost');
    // Meanwhile another process has taken the batch: nothing may be folded twice.
    const other = createProjector({ log, store: inner, models: [ledger()], decode: decodeWritten });
    await other.catchUp();
    watch.broken = false;
    log.write(opened(3));
    await timers.advance(10_000);
    await projector.waitUntil(2, ['ledger'], { timeout: 1_000, timers });
    expect((await (await inner.live<Account>(ledger())).get('account-1'))?.trail).toBe('1,2,3,');
    expect(projector.status()[0]).toEqual({ name: 'ledger', version: 1, state: 'running', seen: 2 });
    await projector.stop();
  });

  it('needs timers', async () => {
    await expect(world([ledger()]).projector.start()).rejects.toThrow('needs timers');
  });
});
