import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';
import { playCluster } from './cluster-story.js';

/**
 * The long form of the cluster's fault test: on the servers that EVENTSTOREDB_URL and MONGODB_URL name, or on the
 * doubles.
 */
const setting = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const [eventStore, mongo] = [process.env['EVENTSTOREDB_URL'], process.env['MONGODB_URL']];
const doubles = {
  eventStore: eventStore === undefined ? await EventStoreDouble.start() : undefined,
  mongo: mongo === undefined ? await MongoDouble.start() : undefined,
};
const plan = {
  servers: setting('SERVERS', 4),
  clients: setting('CLIENTS', 8),
  operations: setting('OPERATIONS', 20_000),
  customers: setting('CUSTOMERS', 4_000),
  lanes: setting('LANES', 8),
  processes: true,
  disturbEvery: setting('DISTURB_EVERY', 8_000),
  frozenFor: setting('FROZEN_FOR', 30_000),
  seed: setting('SEED', 1),
};
console.log(
  `cluster: ${JSON.stringify(plan)} on ${eventStore === undefined ? 'the EventStoreDB double' : 'EventStoreDB'} and ${mongo === undefined ? 'the MongoDB double' : 'MongoDB'}`,
);
const {
  findings: { faults, ...found },
  complaints,
  ...story
} = await playCluster({ eventStore: eventStore ?? doubles.eventStore!.url, mongo: mongo ?? doubles.mongo!.url }, plan);
console.log(
  JSON.stringify(
    { ...found, ...story, perSecond: Math.round(story.seen / (story.milliseconds / 1_000)) },
    undefined,
    2,
  ),
);
for (const complaint of [
  ...new Set(complaints.map((line) => line.replace(/"time":"[^"]*",?/, '').slice(0, 300))),
].slice(0, 20))
  console.log(`said: ${complaint}`);
for (const fault of faults.slice(0, 50)) console.log(`FAULT ${fault}`);
await doubles.eventStore?.stop();
await doubles.mongo?.stop();
process.exitCode =
  faults.length === 0 && story.digestsDiffer.length === 0 && story.noticesTwice === 0 && found.liveTwice === 0 ? 0 : 1;
