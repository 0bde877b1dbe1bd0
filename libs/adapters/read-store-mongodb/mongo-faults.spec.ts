import { systemTimers } from '#adapters/clock-system/clock-system.js';
import { createProjector } from '#event-sourcing/projector.js';
import { arrayLog, decodeWritten } from '#event-sourcing/testing/array-log.js';
import { foldByHand, ledger, someEvents, type Account } from '#event-sourcing/testing/ledger-model.js';
import type { Fault } from '#test/doubles/faults.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { openMongoReadStore } from './read-store-mongodb.js';
import { freshDatabase } from './testing/mongo-read-store-contract.js';

describe('T47 a projector whose MongoDB fails in the middle of batches', () => {
  let double: MongoDouble;
  beforeEach(async () => { double = await MongoDouble.start(); });
  afterEach(() => double.stop());

  it.each<readonly [Fault, string]>([['cut-before', 'update'], ['cut-after', 'update'], ['duplicate', 'update'], ['refuse', 'update'], ['cut-before', 'find'], ['refuse', 'find']])('%s of an %s: reads its position again, and ends with what the log folds to', async (fault, name) => {
    const log = arrayLog();
    const store = openMongoReadStore({ url: double.url, database: freshDatabase() });
    const model = ledger({ name: 'ledger' });
    const projector = createProjector({ log, store, models: [model], decode: decodeWritten, timers: systemTimers, batchMax: 5 });
    await projector.start();
    // Once repeated by the driver itself, so that only the third of a row reaches the projector.
    double.faults.add({ matches: (call) => call.name === name, fault, every: 3, times: 4 });
    double.faults.add({ matches: (call) => call.name === name, fault, every: 4, times: 4 });
    for (const command of someEvents(80)) { log.write(...command); await new Promise((resolve) => { setTimeout(resolve, 2); }); }
    await projector.waitUntil((await log.head()) - 1, ['ledger'], { timeout: 60_000, timers: systemTimers });
    expect(double.faults.injected).toBeGreaterThan(3);
    double.faults.clear();
    expect(await (await store.live<Account>(model)).digest()).toBe(foldByHand(log.written));
    await projector.stop();
    await store.close();
  });
});
