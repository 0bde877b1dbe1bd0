import { systemTimers } from '#adapters/clock-system/clock-system.js';
import type { Timers } from '#event-sourcing/ports/clock.js';
import type { Collection } from '#event-sourcing/ports/read-store.js';
import { createProjector } from '#event-sourcing/projection/projector.js';
import { arrayLog, decodeWritten } from '#event-sourcing/testing/array-log.js';
import { claims, put, type Claim } from '#event-sourcing/testing/claims-model.js';
import { foldByHand, ledger, someEvents, type Account } from '#event-sourcing/testing/ledger-model.js';
import type { Fault } from '#test/doubles/faults.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { openMongoReadStore } from './read-store-mongodb.js';
import { freshDatabase } from './testing/mongo-read-store-contract.js';

/** The pauses between two attempts are not what is tested. */
const hasty: Timers = { sleep: (milliseconds, signal) => systemTimers.sleep(Math.min(milliseconds, 20), signal) };

describe.each([
  ['a single server', {}],
  ['a replica set', { replicaSet: 'rs0' }],
])('T47 on %s, a projector whose MongoDB fails in the middle of batches', (_, options) => {
  let double: MongoDouble;
  beforeEach(async () => {
    double = await MongoDouble.start(options);
  });
  afterEach(() => double.stop());

  it.each<readonly [Fault, string]>([
    ['cut-before', 'update'],
    ['cut-after', 'update'],
    ['duplicate', 'update'],
    ['refuse', 'update'],
    ['cut-before', 'find'],
    ['refuse', 'find'],
  ])('%s of an %s: reads its position again, and ends with what the log folds to', async (fault, name) => {
    const log = arrayLog();
    const store = openMongoReadStore({ url: double.url, database: freshDatabase() });
    const model = ledger({ name: 'ledger' });
    const projector = createProjector({
      log,
      store,
      models: [model],
      decode: decodeWritten,
      timers: hasty,
      batchMax: 5,
    });
    await projector.start();
    // Twice in a row now and then: once the driver repeats by itself, the second error reaches the projector.
    double.faults.add({ matches: (call) => call.name === name, fault, every: 3, times: 3 });
    double.faults.add({ matches: (call) => call.name === name, fault, every: 4, times: 3 });
    for (const command of someEvents(80)) {
      log.write(...command);
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
    await projector.waitUntil((await log.head()) - 1, ['ledger'], { timeout: 60_000, timers: systemTimers });
    expect(double.faults.injected).toBeGreaterThan(3);
    double.faults.clear();
    expect(await (await store.live<Account>(model)).digest()).toBe(foldByHand(log.written));
    await projector.stop();
    await store.close();
  });
});

describe('T47 on a replica set whose primary changed without any error', () => {
  let double: MongoDouble;
  beforeEach(async () => {
    double = await MongoDouble.start({ replicaSet: 'rs0' });
  });
  afterEach(() => double.stop());

  it('never folds on from documents that are older than what it wrote', async () => {
    const log = arrayLog();
    const store = openMongoReadStore({ url: double.url, database: freshDatabase() });
    const model = ledger({ name: 'ledger' });
    const projector = createProjector({ log, store, models: [model], decode: decodeWritten, batchMax: 5 });
    await projector.catchUp();
    for (const command of someEvents(60)) {
      double.fallBehind();
      log.write(...command);
      await projector.catchUp();
    }
    expect(await (await store.live<Account>(model)).digest()).toBe(foldByHand(log.written));
    await store.close();
  });

  it('shows rows that are as new as the position it tells, and as those it showed before', async () => {
    const store = openMongoReadStore({ url: double.url, database: freshDatabase() });
    const live = await store.live<Claim>(claims);
    await live.apply({ from: 0, to: 1, changes: [put('a', { stage: 1 })] });
    double.fallBehind();
    await live.apply({ from: 1, to: 2, changes: [put('a', { stage: 2 }), put('b', { stage: 2 })] });
    const { rows, position } = await live.page({ where: { stage: { equals: 2 } }, order: [], first: 10 });
    expect([
      rows.map(({ id }) => id),
      position,
      await live.checkpoint(),
      (await live.load(['a'])).get('a')?.position,
      await live.get('a'),
      await live.count({ stage: { equals: 2 } }),
    ]).toEqual([['a', 'b'], 1, 2, 2, { stage: 2 }, 2]);
    await store.close();
    // Another process has no such memory: it may see the older state, of which the position is a part.
    const other = openMongoReadStore({ url: double.url, database: 'none' });
    await (await other.live<Claim>(claims)).checkpoint();
    expect(double.readBehind).toBeGreaterThan(0);
    await other.close();
  });

  it('reads the generation that it swapped in, although an older answer comes later', async () => {
    const store = openMongoReadStore({ url: double.url, database: freshDatabase() });
    const live: Collection<Claim> = await store.live<Claim>(claims);
    const { collection, swap } = await store.rebuild<Claim>({ ...claims, version: 2 });
    await collection.apply({ from: 0, to: 1, changes: [put('new', {})] });
    await new Promise((resolve) => {
      setTimeout(resolve, 1_050);
    });
    // The answer to the reader's question is made now and arrives when the swap is over.
    double.proxy.delay = 400;
    const slow = live.get('new');
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    double.proxy.delay = 0;
    await swap();
    await slow;
    expect([await live.get('new'), await live.version()]).toEqual([{}, 2]);
    await store.close();
  });
});

describe('two projectors at once, one of them late', () => {
  it('leaves alone what is newer, and tells the late one that it was overtaken', async () => {
    const double = await MongoDouble.start({ replicaSet: 'rs0' });
    const database = freshDatabase();
    const [late, present] = [
      openMongoReadStore({ url: double.url, database }),
      openMongoReadStore({ url: double.url, database }),
    ];
    const [old, live] = [await late.live<Claim>(claims), await present.live<Claim>(claims)];
    double.faults.add({
      matches: (call) => call.name === 'update' && call.collection.startsWith('documents_'),
      fault: 2_000,
      times: 1,
    });
    const applied = old.apply({
      from: 0,
      to: 2,
      changes: [put('a', { stage: 2 }), put('b', null), put('only-late', { stage: 2 })],
    });
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
    expect(
      await live.apply({
        from: 0,
        to: 5,
        changes: [put('a', { stage: 5 }), put('b', { stage: 5 }), put('only-late', { stage: 5 })],
      }),
    ).toBe('applied');
    expect([await applied, double.faults.injected]).toEqual(['already', 1]);
    expect(
      [...(await live.load(['a', 'b', 'only-late']))].map(([id, { document, position }]) => [
        id,
        document?.stage,
        position,
      ]),
    ).toEqual([
      ['a', 5, 5],
      ['b', 5, 5],
      ['only-late', 5, 5],
    ]);
    for (const store of [late, present]) await store.close();
    await double.stop();
  });
});
