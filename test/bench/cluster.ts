/**
 * Several servers on EventStoreDB and MongoDB: registrations a second on one server at 1, 16 and 64 writers beside the
 * raw client's appends of
 * the same events in groups of as many commands; in all on two and four servers; a rebuild and a page of 50 from
 * MongoDB.
 * `EVENTSTOREDB_URL=… MONGODB_URL=… npm run bench -- cluster`, or `node dist/test/bench/cluster.js [registrations per
 * run = 3000]`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { binaryEvent, KurrentDBClient, NO_STREAM } from '@kurrent/kurrentdb-client';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { registrationCard } from '#features/dossier/registration/registration-card/registration-card.js';
import { pen, projections } from '#installation/cluster/cluster-node.js';
import { openBenchNode, prepareBench, registerMany, type LoadPlan } from './cluster-load.js';

const perRun = Number(process.argv[2] ?? 3_000);
/** Seconds for which all servers register at once; what each did is added up. */
const togetherFor = 6;
const place = mkdtempSync(join(tmpdir(), 'baobei-bench-'));
const own = { organisation: `bench-${randomUUID().slice(0, 13)}`, masterKeyPath: join(place, 'master.key') };
const ratio = (one: number, other: number): number => Number((one / other).toFixed(3));
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds()))
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
};

/**
 * The same events by the client alone: one append for as many commands as there were writers, each at its exact
 * revision.
 */
const raw = async (events: readonly StoredEvent[], writers: number): Promise<number> => {
  const client = KurrentDBClient.connectionString(process.env['EVENTSTOREDB_URL']!.replace(/^esdb/, 'kurrentdb'));
  const commands: StoredEvent[][] = [];
  for (const event of events)
    if (event.step === 1) commands.push([event]);
    else commands.at(-1)!.push(event);
  const stream = `raw-${randomUUID()}`;
  let revision: bigint | undefined;
  const started = performance.now();
  for (let next = 0; next < commands.length; next += writers) {
    const batch = commands
      .slice(next, next + writers)
      .flat()
      .map(({ type, data }) => binaryEvent({ type, data }));
    ({ nextExpectedRevision: revision } = await client.appendToStream(stream, batch, {
      streamState: revision ?? NO_STREAM,
    }));
  }
  const perSecond = commands.length / ((performance.now() - started) / 1_000);
  await client.dispose();
  return perSecond;
};

const node = await openBenchNode({ ...own, folder: join(place, 'server-0') });
const { bus } = node.installation;
await prepareBench(bus);
await registerMany(bus, { server: 0, registrations: 1_000, writers: 16 });

const eventsFrom = async (from: number): Promise<readonly StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let position = from; ;) {
    const slice = await node.log.readAll(position);
    if (slice.next === position) return events;
    events.push(...slice.events);
    position = slice.next;
  }
};

/** With the read models folded on the same machine, or by nobody: what is left is what writing costs. */
const oneServer = async (readModels: 'folded here' | 'folded by nobody'): Promise<object[]> => {
  const results: object[] = [];
  for (const writers of [1, 16, 64]) {
    const from = await node.log.head();
    const registrations = writers === 1 ? Math.ceil(perRun / 4) : perRun;
    const perSecond = await registerMany(bus, { server: 0, registrations, writers });
    const events = await eventsFrom(from);
    const commands = events.filter(({ stream, step }) => step === 1 && !stream.startsWith('lease-')).length;
    const rawPerSecond = await raw(events, writers);
    results.push({
      servers: 1,
      readModels,
      writers,
      perSecond: Math.round(perSecond),
      rawPerSecond: Math.round(rawPerSecond),
      ratio: ratio(perSecond, rawPerSecond),
      eventsPerCommand: Number((events.length / commands).toFixed(1)),
      bytesPerEvent: Math.round(events.reduce((sum, { data }) => sum + data.length, 0) / events.length),
    });
  }
  return results;
};

const writing = await oneServer('folded by nobody');
await node.start();
// Those that nobody folded are caught up first, so that what follows measures folding along.
const isLevel = async (): Promise<boolean> => {
  const head = await node.log.head();
  return (
    projector.status().length > 0 &&
    projector
      .status()
      .every(({ state, seen, rebuild }) => state === 'running' && rebuild === undefined && seen >= head - 1)
  );
};
const { projector, readings } = node.installation;
await until(async () => node.leases.holds(pen) && node.leases.holds(projections) && (await isLevel()));
process.stderr.write(`${JSON.stringify(writing)}\n`);
const folding = await oneServer('folded here');

/** Further servers beside this one, each with its share of 64 writers. */
const together = async (servers: number): Promise<object> => {
  const children: ChildProcess[] = [];
  const said: AsyncIterator<string>[] = [];
  for (let server = 1; server < servers; server += 1) {
    const plan: LoadPlan = {
      ...own,
      folder: join(place, `server-${servers}-${server}`),
      server,
      seconds: togetherFor,
      writers: 64 / servers,
    };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'cluster-load.js'), JSON.stringify(plan)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    said.push(createInterface({ input: child.stdout! })[Symbol.asyncIterator]());
  }
  for (const lines of said) await lines.next();
  for (const child of children) child.stdin!.write('go\n');
  const perSecond = await registerMany(bus, { server: 0, seconds: togetherFor, writers: 64 / servers });
  const each = [
    { perSecond, handed: 0, redecided: 0 },
    ...(await Promise.all(
      said.map(
        async (lines) =>
          JSON.parse((await lines.next()).value as string) as { perSecond: number; handed: number; redecided: number },
      ),
    )),
  ];
  for (const child of children) child.stdin!.write('stop\n');
  await Promise.all(
    children.map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
        }),
    ),
  );
  const sum = (of: 'perSecond' | 'handed' | 'redecided'): number =>
    Math.round(each.reduce((total, one) => total + one[of], 0));
  return {
    servers,
    writers: 64,
    perSecond: sum('perSecond'),
    ofEach: each.map((one) => Math.round(one.perSecond)).join(' + '),
    handed: sum('handed'),
    redecided: sum('redecided'),
  };
};
process.stderr.write(`${JSON.stringify(folding)}\n`);
const shared = [await together(1), await together(2), await together(4)];
process.stderr.write(`${JSON.stringify(shared)}\n`);

await until(async () => node.leases.holds(projections) && (await isLevel()));
const head = await node.log.head();
const began = performance.now();
await projector.rebuild(registrationCard.name);
const rebuild = {
  model: registrationCard.name,
  events: head,
  perSecond: Math.round(head / ((performance.now() - began) / 1_000)),
};
const cards = await readings.of(registrationCard);
const times: number[] = [];
for (let page = 0; page < 300; page += 1) {
  const asked = performance.now();
  await cards.page({ where: {}, order: [], first: 50 });
  times.push(performance.now() - asked);
}
const at = (share: number): number =>
  Number(times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!.toFixed(2));
process.stdout.write(
  `${JSON.stringify({ bench: 'cluster', registrationsPerRun: perRun, results: [...writing, ...folding, ...shared], rebuild, pageOf50: { p50: at(0.5), p99: at(0.99) } })}\n`,
);
await node.close();
rmSync(place, { recursive: true });
process.exit(0);
