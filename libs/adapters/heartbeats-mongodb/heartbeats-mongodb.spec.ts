import { heartbeatsContract } from '#event-sourcing/testing/heartbeats-contract.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { freshDatabase } from '../read-store-mongodb/testing/mongo-read-store-contract.js';
import { HeartbeatLateError, openMongoHeartbeats } from './heartbeats-mongodb.js';

let double: MongoDouble;
beforeAll(async () => {
  double = await MongoDouble.start({ replicaSet: 'rs0' });
});
afterAll(() => double.stop());
afterEach(() => {
  double.faults.clear();
});

/** Longer than any stall of a machine that runs other specs too: what is looked at is never the speed. */
const patient = 60_000;
const open = (answerMax = patient): ReturnType<typeof openMongoHeartbeats> =>
  openMongoHeartbeats({ url: double.url, database: freshDatabase(), answerMax });

heartbeatsContract('MongoDB (double)', async () => open());

describe('heartbeats in MongoDB', () => {
  it('are given up when no answer comes in time, whatever the driver still tries, and go on afterwards', async () => {
    const beats = open(4_000);
    expect(await beats.beat('pen', 'a', 1)).toBe(true);
    double.faults.add({ matches: ({ name }) => name === 'update', fault: 'hang' });
    await expect(beats.beat('pen', 'a', 1)).rejects.toBeInstanceOf(HeartbeatLateError);
    expect(double.faults.injected).toBeGreaterThan(0);
    double.faults.clear();
    expect(await beats.beat('pen', 'a', 1)).toBe(true);
    await beats.close();
  });

  it('count on when the driver repeats one, and still know the later term', async () => {
    const beats = open();
    await beats.beat('pen', 'a', 1);
    double.faults.add({ matches: ({ name }) => name === 'update', fault: 'cut-after', times: 1 });
    expect(await beats.beat('pen', 'b', 2)).toBe(true);
    expect(await beats.beat('pen', 'a', 1)).toBe(false);
    expect(await beats.look()).toEqual([{ lease: 'pen', holder: 'b', term: 2, count: 3 }]);
    await beats.close();
  });
});
