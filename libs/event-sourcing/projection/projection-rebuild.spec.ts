import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import type { ReadStore } from '../ports/read-store.js';
import { createProjector, type ProjectorOptions } from './projector.js';
import type { ReadModel } from './read-model.js';
import { arrayLog, decodeWritten } from '../testing/array-log.js';
import { foldByHand, ledger, someEvents, type Account } from '../testing/ledger-model.js';
import { simulatedClock } from '../testing/simulated-clock.js';
import type { Instant } from '../vocabulary.js';

const timers = simulatedClock('2026-03-02T00:00:00.000Z' as Instant);
const setting = (commands = 60, options: Partial<ProjectorOptions> = {}) => {
  const log = arrayLog();
  for (const command of someEvents(commands)) log.write(...command);
  const store = memoryReadStore();
  const projectorOf = (version = 1, more: Partial<ProjectorOptions> = {}) =>
    createProjector({
      log,
      store,
      models: [ledger({ version }), ledger({ name: 'other' })],
      decode: decodeWritten,
      timers,
      batchMax: 10,
      rebuildDocumentsMax: 3,
      ...options,
      ...more,
    });
  return { log, store, projectorOf };
};

describe('a rebuild', () => {
  it('shows its progress and gives what the fold gives', async () => {
    const { log, store, projectorOf } = setting();
    const projector = projectorOf();
    const progress: string[] = [];
    const states = new Set<string>();
    await projector.rebuild('ledger', ({ done, head }) => {
      progress.push(`${done}/${head}`);
      for (const { name, rebuild } of projector.status()) if (rebuild !== undefined) states.add(name);
    });
    expect([progress.length > 2, progress.at(-1), [...states]]).toEqual([true, '60/60', ['ledger']]);
    expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
    expect(projector.status().map(({ name, seen, rebuild }) => [name, seen, rebuild])).toEqual([
      ['ledger', 59, undefined],
      ['other', -1, undefined],
    ]);
  });

  it('follows from a raised version by itself, and until then the old documents are read and left alone', async () => {
    const { log, store, projectorOf } = setting();
    await projectorOf().catchUp();
    const before = foldByHand(log.written);
    log.write({ type: 'Opened', stream: 'account-1', body: { amount: 1 } });
    const live = await store.live<Account>(ledger());
    const raised = projectorOf(2);
    await raised.start();
    expect(raised.status()[0]?.state).toBe('rebuilding');
    expect([await live.version(), await live.digest(), raised.seen('ledger')]).toEqual([1, before, 59]);
    await raised.waitUntil(60, ['ledger', 'other'], { timeout: 1, timers });
    expect([await live.version(), await live.digest()]).toEqual([2, foldByHand(log.written)]);
    await raised.stop();
  });

  it('goes on while the log grows and others read, and swaps in what the live one had', async () => {
    const { log, store, projectorOf } = setting(200);
    const projector = projectorOf();
    await projector.start();
    const live = await store.live<Account>(ledger());
    await projector.waitUntil(199, ['ledger'], { timeout: 1, timers });
    let last = await live.checkpoint();
    let finished = false;
    const rebuilding = projector.rebuild('ledger').then(() => {
      finished = true;
    });
    for (let amount = 1; !finished; amount += 1) {
      log.write({ type: 'Opened', stream: `account-${amount % 5}`, body: { amount } });
      await new Promise(setImmediate);
      const [now, account] = [await live.checkpoint(), await live.get('account-1')];
      expect([now >= last, account === undefined]).toEqual([true, false]);
      last = now;
      if (amount > 1_000) throw new Error('The rebuild never ends while the log grows');
    }
    await rebuilding;
    await projector.waitUntil((await log.head()) - 1, ['ledger', 'other'], { timeout: 1, timers });
    expect(await live.digest()).toBe(foldByHand(log.written));
    expect(await (await store.live<Account>(ledger({ name: 'other' }))).digest()).toBe(foldByHand(log.written));
    await projector.stop();
  });

  it.each(['before-swap', 'after-swap', 'after-documents'])(
    'that dies at %s leaves the old documents or the new ones, never a mixture, and can be asked again',
    async (point) => {
      const log = arrayLog();
      for (const command of someEvents(60)) log.write(...command);
      let armed = false;
      let injected = 0;
      const crashPoint = (name: string): void => {
        if (!armed || name !== point) return;
        injected += 1;
        throw new Error('killed');
      };
      const store = memoryReadStore({ crashPoint });
      const options = { log, store, models: [ledger()], decode: decodeWritten, crashPoint };
      await createProjector(options).catchUp();
      for (let time = 1; time <= 2; time += 1) {
        armed = true;
        await expect(createProjector(options).rebuild('ledger')).rejects.toThrow('killed');
        armed = false;
        expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
        log.write({ type: 'Opened', stream: 'account-1', body: { amount: time } });
        await createProjector(options).catchUp();
      }
      await createProjector(options).rebuild('ledger');
      expect([injected, await (await store.live<Account>(ledger())).digest()]).toEqual([2, foldByHand(log.written)]);
    },
  );

  it('is not asked twice at once', async () => {
    const { projectorOf } = setting();
    const projector = projectorOf();
    await projector.catchUp();
    const first = projector.rebuild('ledger');
    await expect(projector.rebuild('ledger')).rejects.toThrow('is being rebuilt already');
    await first;
  });

  it('ends with the projector, and leaves the live documents', async () => {
    const { log, store, projectorOf } = setting(500);
    const projector = projectorOf();
    await projector.start();
    await projector.waitUntil(499, ['ledger'], { timeout: 1, timers });
    const rebuilding = projector.rebuild('ledger').catch((error: Error) => error.message);
    await projector.stop();
    expect(await rebuilding).toBe('The projector was stopped');
    expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
  });

  it('follows when the log was restored to an older state, for the documents hold events that are no more', async () => {
    const { log, store, projectorOf } = setting();
    await projectorOf().catchUp();
    const restored = arrayLog();
    for (const command of someEvents(40)) restored.write(...command);
    const mirror = projectorOf(1, { log: restored, whenAhead: 'wait' });
    await mirror.catchUp();
    expect(mirror.seen('ledger')).toBe(59);
    await projectorOf(1, { log: restored }).catchUp();
    const live = await store.live<Account>(ledger());
    expect([await live.checkpoint(), await live.digest()]).toEqual([40, foldByHand(restored.written)]);
    expect(log.written.length).toBe(60);
  });

  it('reads and decodes the log once for all read models that need one, also for those that are new and far behind', async () => {
    let decoded = 0;
    const { log, store, projectorOf } = setting(60, {
      rebuildBeyond: 50,
      decode: (stored) => {
        decoded += 1;
        return decodeWritten(stored);
      },
    });
    await projectorOf().catchUp();
    expect(decoded).toBe(60);
    expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
    expect(await (await store.live<Account>(ledger({ name: 'other' }))).digest()).toBe(foldByHand(log.written));
  });

  it('of several read models goes on when one of them cannot be folded', async () => {
    const { log, store, projectorOf } = setting(60, { rebuildBeyond: 50 });
    const broken: ReadModel<object> = {
      ...ledger({ name: 'broken' }),
      on: {
        Moved: {
          ids: () => ['a'],
          fold: () => {
            throw new Error('bug');
          },
        },
      },
    };
    const projector = projectorOf(1, { models: [broken, ledger()] });
    await projector.catchUp();
    expect(projector.status().map(({ state, error }) => [state, error?.message])).toEqual([
      ['stopped', expect.stringContaining('bug')],
      ['running', undefined],
    ]);
    expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
  });

  it('is tried again when the storage failed, and the error is shown meanwhile', async () => {
    const { log, store, projectorOf } = setting(60, { rebuildBeyond: 50 });
    let broken = true;
    const failing: ReadStore = {
      ...store,
      rebuild: (model) => (broken ? Promise.reject(new Error('connection lost')) : store.rebuild(model)),
    };
    const projector = projectorOf(1, { store: failing });
    await projector.start();
    while (projector.status()[0]?.error === undefined) await new Promise(setImmediate);
    expect(projector.status()[0]).toMatchObject({ state: 'rebuilding', error: { message: 'connection lost' } });
    broken = false;
    await timers.advance(200);
    await projector.waitUntil(59, ['ledger', 'other'], { timeout: 1, timers });
    expect(await (await store.live<Account>(ledger())).digest()).toBe(foldByHand(log.written));
    await projector.stop();
  });

  it('that fails stops that read model and leaves its documents to be read', async () => {
    const { log, store, projectorOf } = setting();
    await projectorOf().catchUp();
    log.write({ type: 'FromTheFuture', stream: 'account-1', body: {} });
    const raised = projectorOf(2, { knows: (type) => type !== 'FromTheFuture' });
    await raised.catchUp();
    expect(raised.status().map(({ state, error }) => [state, error?.message])).toEqual([
      ['stopped', expect.stringContaining('FromTheFuture')],
      ['stopped', expect.stringContaining('FromTheFuture')],
    ]);
    expect(await (await store.live<Account>(ledger())).count({})).toBeGreaterThan(0);
  });
});
