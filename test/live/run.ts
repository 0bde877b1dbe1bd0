import { spawnSync } from 'node:child_process';
import { EventStoreDouble } from '#test/doubles/eventstoredb/event-store-double.js';
import { MongoDouble } from '#test/doubles/mongodb/mongo-double.js';

/**
 * Everything that must hold on real servers: contracts, faults of the wire, several servers that are killed and frozen,
 * the end-to-end tests and
 * every scenario. A server that is not named is stood in for by its double where the other one needs it, and its own
 * contracts are not run.
 */
const [eventStore, mongo] = [process.env['EVENTSTOREDB_URL'], process.env['MONGODB_URL']];
if (eventStore === undefined && mongo === undefined) {
  process.stderr.write(
    '未设置 EVENTSTOREDB_URL 与 MONGODB_URL，没有可测的服务器。 / Neither EVENTSTOREDB_URL nor MONGODB_URL is set: there is no server to test on.\n',
  );
  process.exit(2);
}
if (process.argv[2] !== 'with-doubles') {
  // The doubles live in a process of their own: this one waits for its children and could not answer them.
  const { spawn } = await import('node:child_process');
  const doubles = spawn(process.execPath, [process.argv[1]!, 'with-doubles'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = await new Promise<string>((resolve) => {
    doubles.stdout.once('data', (text: Buffer) => {
      resolve(text.toString('utf8'));
    });
  });
  const { eventStoreUrl, mongoUrl } = JSON.parse(told) as { readonly eventStoreUrl: string; readonly mongoUrl: string };
  const everything = { ...process.env, EVENTSTOREDB_URL: eventStoreUrl, MONGODB_URL: mongoUrl };
  const jest = (...args: readonly string[]): readonly string[] => [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...args,
    '--runInBand',
  ];
  const steps: readonly (readonly [title: string, args: readonly string[], environment: NodeJS.ProcessEnv])[] = [
    ['contracts and faults', jest('--selectProjects', 'live', '--testPathIgnorePatterns', 'test/cluster'), process.env],
    ['several servers', jest('--selectProjects', 'live', '--testPathPatterns', 'test/cluster'), everything],
    [
      'end to end',
      jest('--selectProjects', 'unit', '--testPathPatterns', 'test/e2e/(graphql|real-input)'),
      { ...everything, TEST_STORAGE: 'eventstoredb-mongodb' },
    ],
    [
      'scenarios',
      [
        'dist/apps/cli/main.js',
        'policy',
        'test',
        'libs/policy/documents',
        'libs/policy/testing',
        '--storage',
        'eventstoredb-mongodb',
        '--language',
        'en',
      ],
      everything,
    ],
  ];
  const only = process.env['ONLY'];
  const failed = steps
    .filter(([title]) => only === undefined || title === only)
    .filter(([title, args, environment]) => {
      process.stdout.write(`\n== ${title}\n`);
      return spawnSync(process.execPath, args, { env: environment, stdio: 'inherit' }).status !== 0;
    });
  doubles.kill();
  process.stdout.write(
    failed.length === 0 ? '\nlive: passed\n' : `\nlive: failed in ${failed.map(([title]) => title).join(', ')}\n`,
  );
  process.exit(failed.length === 0 ? 0 : 1);
}
const doubles = {
  eventStore: eventStore ?? (await EventStoreDouble.start()).url,
  mongo: mongo ?? (await MongoDouble.start()).url,
};
process.stdout.write(JSON.stringify({ eventStoreUrl: doubles.eventStore, mongoUrl: doubles.mongo }));
setInterval(() => undefined, 1 << 30);
