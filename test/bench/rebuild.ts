/**
 * How fast a read model is rebuilt from a log on SQLite, beside a bare scan of the same log, and how fast its pages
 * are.
 * `node dist/test/bench/rebuild.js [events = 300000]`; prints one line of JSON.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { createIds } from '#adapters/clock-system/clock-system.js';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { openSqliteReadStore } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { catalogueOf } from '#event-sourcing/catalogue.js';
import { decodeEvent, prepareEvent } from '#event-sourcing/envelope.js';
import type { EventDefinition } from '#event-sourcing/event.js';
import type { Commit, EventLog } from '#event-sourcing/ports/event-log.js';
import type { PageRequest } from '#event-sourcing/ports/read-store.js';
import { createProjector } from '#event-sourcing/projection/projector.js';
import { readModel } from '#event-sourcing/projection/read-model.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import {
  code,
  type CalendarDate,
  type Code,
  type CommandId,
  type Instant,
  type OrganisationId,
  type PartyId,
  type Reason,
  type StreamName,
} from '#event-sourcing/vocabulary.js';

interface Registered {
  readonly type: 'Registered';
  readonly by: PartyId;
  readonly form: Code;
  readonly because: Reason;
}
interface Approved {
  readonly type: 'Approved';
  readonly by: PartyId;
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
  readonly because: Reason;
}
interface Extended {
  readonly type: 'Extended';
  readonly endsAt: Instant;
  readonly lastDay: CalendarDate;
  readonly because: Reason;
}
interface Status {
  readonly ownerId: PartyId;
  readonly state: Code;
  readonly endsAt?: Instant;
  readonly lastDay?: CalendarDate;
  readonly extensions: number;
}

const definition = (type: string): EventDefinition => ({
  type,
  kind: 'ruling',
  schema: 1,
  personal: {},
  keyPer: 'stream',
});
const catalogue = catalogueOf(definition('Registered'), definition('Approved'), definition('Extended'));
const status = readModel<Status, Registered | Approved | Extended>()({
  name: 'bench-protection-status',
  version: 1,
  indexes: [['ownerId', 'endsAt'], ['endsAt'], ['state', 'endsAt']],
  ids: ({ stream }) => [stream],
  on: {
    Registered: (row, { event }) => row ?? { ownerId: event.by, state: code('waiting'), extensions: 0 },
    Approved: (row, { event }) => row && { ...row, state: code('live'), endsAt: event.endsAt, lastDay: event.lastDay },
    Extended: (row, { event }) =>
      row && { ...row, endsAt: event.endsAt, lastDay: event.lastDay, extensions: row.extensions + 1 },
  },
});

const events = Number(process.argv[2] ?? 300_000);
const random = seededRandom(7);
const ids = createIds();
const instant = (minutes: number): Instant =>
  new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString() as Instant;
const party = (): PartyId => `party-${Math.floor(random() * 500)}` as PartyId;
const because: Reason = {
  policy: code('riverside@2026-03#9f2c41d07be1'),
  clause: code('protection.walkIn'),
  meaning: code('protection/1'),
  rules: [code('R99.07'), code('R99.09')],
  inputs: { surnameMatches: true, daysSinceVisit: 12, visitedAt: instant(0) },
};

/** About six events a dossier, spread over the ten thousand dossiers opened last. */
const writeLog = async (log: EventLog): Promise<void> => {
  const dossiers: { readonly stream: StreamName; revision: number }[] = [];
  let waiting: Promise<unknown>[] = [];
  for (let number = 0; number < events; number += 1) {
    const isNew = dossiers.length === 0 || random() < 1 / 6;
    if (isNew) dossiers.push({ stream: `dossier-${ids.uuid()}` as StreamName, revision: -1 });
    const dossier = isNew
      ? dossiers.at(-1)!
      : dossiers[dossiers.length - 1 - Math.floor(random() * Math.min(dossiers.length, 10_000))]!;
    dossier.revision += 1;
    const now = instant(number);
    const type = isNew ? 'Registered' : dossier.revision === 1 ? 'Approved' : 'Extended';
    const event = {
      type,
      by: party(),
      form: code('walk-in'),
      endsAt: instant(number + 20_000),
      lastDay: now.slice(0, 10) as CalendarDate,
      because,
    };
    const commandId = ids.uuid() as string as CommandId;
    const context = {
      commandId,
      name: code('RequestExtension'),
      organisation: 'bench' as OrganisationId,
      actor: { party: event.by },
      occurredAt: now,
      receivedAt: now,
      receivedBy: code('edge'),
    };
    const prepared = prepareEvent(event, definition(type), context, {
      id: ids.uuid(),
      ids,
      keyFor: () => {
        throw new Error('Nothing is sealed here');
      },
    });
    const commit: Commit = {
      commandId,
      now,
      writes: [{ stream: dossier.stream, expected: 'any', events: [prepared] }],
      checks: [],
    };
    waiting.push(log.append(commit));
    if (waiting.length >= 500) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
};

interface Cost {
  readonly perSecond: number;
  /** What a machine without neighbours would give. */ readonly perProcessorSecond: number;
}
const cost = async (work: () => Promise<unknown>): Promise<Cost> => {
  const [start, processor] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(processor);
  return {
    perSecond: Math.round((events * 1_000) / (performance.now() - start)),
    perProcessorSecond: Math.round((events * 1e6) / (user + system)),
  };
};

const scan = async (log: EventLog): Promise<number> => {
  let bytes = 0;
  for (let from = 0; ;) {
    const slice = await log.readAll(from);
    if (slice.next === from) return bytes;
    for (const { data } of slice.events) {
      JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8'));
      bytes += data.byteLength;
    }
    from = slice.next;
  }
};

const percentile = (sorted: readonly number[], share: number): number =>
  Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(3));

const folder = mkdtempSync(join(tmpdir(), 'bench-rebuild-'));
try {
  const log = await openSqliteEventLog({ folder, clock: { now: () => instant(0) } });
  const written = await cost(() => writeLog(log));
  let bytes = 0;
  const scanned = await cost(async () => {
    bytes = await scan(log);
  });
  const store = await openSqliteReadStore({ folder });
  const projector = createProjector({
    log,
    store,
    models: [status],
    decode: (stored) => decodeEvent(stored, catalogue),
    knows: (type) => catalogue.has(type),
    rebuildBeyond: Infinity,
  });
  const followed = await cost(() => projector.catchUp());
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const rebuilt = await cost(() => projector.rebuild(status.name));
  delay.disable();
  const live = await store.live<Status>(status);
  const latencies: number[] = [];
  for (let number = 0; number < 2_000; number += 1) {
    const request: PageRequest = {
      where: { ownerId: { equals: party() } },
      order: [{ field: 'endsAt', direction: 'descending' }],
      first: 50,
    };
    const start = performance.now();
    await live.page(request);
    latencies.push(performance.now() - start);
  }
  latencies.sort((a, b) => a - b);
  const documents = await live.count({});
  process.stdout.write(
    `${JSON.stringify({
      events,
      documents,
      bytesPerEvent: Math.round(bytes / events),
      appended: written,
      scannedAndParsed: scanned,
      followed,
      rebuilt,
      longestTurnMilliseconds: Math.round(delay.max / 1e6),
      pageOf50Milliseconds: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
      readStoreMegabytes: Math.round(statSync(join(folder, 'read.db')).size / 1e6),
    })}\n`,
  );
  await store.close();
  await log.close();
} finally {
  rmSync(folder, { recursive: true });
}
