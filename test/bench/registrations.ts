/**
 * Registrations a second through the command bus, decided, sealed and durable, at 1, 16 and 64 writers; beside the same
 * rows and bytes
 * written raw by better-sqlite3 in groups of the same size. `node dist/test/bench/registrations.js [registrations per
 * run = 4000]`; prints one line of JSON.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CommandBus } from '@nestjs/cqrs';
import Database from 'better-sqlite3';
import { systemClock } from '#adapters/clock-system/clock-system.js';
import {
  clear,
  type Code,
  type CommandId,
  type Instant,
  type PartyId,
  type ProgramId,
} from '#event-sourcing/vocabulary.js';
import type { StoredEvent } from '#event-sourcing/ports/event-log.js';
import { openEmbedded } from '#installation/embedded.js';
import type { Installation } from '#installation/installation.js';
import { register } from '#features/dossier/registration/register/register.js';
import { enrolParty } from '#features/party/enrol-party/enrol-party.js';
import { openProgram } from '#features/program/open-program/open-program.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { commandTo } from '#features/edge/command-bus.js';

const perRun = Number(process.argv[2] ?? 4_000);
const policy = 'libs/policy/documents/two-month-admin-filing/two-month-admin-filing.policy.yaml';
const programId = 'bench' as ProgramId;
const folder = mkdtempSync(join(tmpdir(), 'baobei-bench-'));

let number = 0;
const base = (by: string) => ({
  commandId: `bench-${(number += 1)}` as CommandId,
  by: by as PartyId,
  granted: ['administrator' as const],
  receivedAt: systemClock.now(),
  receivedBy: 'system' as Code,
});
const phone = (index: number): string => `13${String(800_000_000 + index)}`;

const prepare = async (bus: CommandBus): Promise<void> => {
  await bus.execute(
    commandTo(openProgram, { ...base('root'), programId, title: { zh: clear('压测'), en: clear('bench') } }),
  );
  await bus.execute(
    commandTo(publishPolicy, {
      ...base('root'),
      programId,
      text: readFileSync(policy, 'utf8'),
      effectiveFrom: '2020-01-01T00:00:00.000Z' as Instant,
      authority: 'bench',
    }),
  );
  for (let party = 0; party < 64; party += 1)
    await bus.execute(
      commandTo(enrolParty, { ...base('root'), partyId: `s${party}` as PartyId, kind: 'person', name: `销售${party}` }),
    );
};

let customer = 0;
const run = async (bus: CommandBus, writers: number): Promise<number> => {
  let left = perRun;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      while (left > 0) {
        left -= 1;
        customer += 1;
        const outcome = await bus.execute(
          commandTo(register, {
            ...base(`s${writer}`),
            granted: [],
            programId,
            class: 'purchase',
            channel: 'paper',
            attachments: [],
            form: { customerName: '王芳', phone: phone(customer), project: `滨江花园${customer}期` },
          }),
        );
        if (outcome.outcome !== 'accepted')
          throw new Error(`A registration was ${JSON.stringify(outcome).slice(0, 600)}`);
      }
    }),
  );
  return perRun / ((performance.now() - started) / 1_000);
};

/** The events of the runs, in groups of as many commands as there were writers, one transaction and one sync each. */
const raw = (rows: readonly StoredEvent[], writers: number): number => {
  const place = mkdtempSync(join(tmpdir(), 'baobei-raw-'));
  const database = new Database(join(place, 'raw.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(
    'CREATE TABLE events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, data BLOB NOT NULL) STRICT',
  );
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
  const commands: StoredEvent[][] = [];
  for (const row of rows)
    if (row.step === 1) commands.push([row]);
    else commands.at(-1)!.push(row);
  const started = performance.now();
  for (let next = 0; next < commands.length; next += writers) {
    database
      .transaction(() => {
        for (const command of commands.slice(next, next + writers))
          for (const { position, stream, revision, id, type, data } of command)
            insert.run(position, stream, revision, id, type, data);
      })
      .immediate();
  }
  const seconds = (performance.now() - started) / 1_000;
  database.close();
  rmSync(place, { recursive: true });
  return commands.length / seconds;
};

const eventsFrom = async ({ parts: { log } }: Installation, from: number): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for (let position = from; position < (await log.head());) {
    const slice = await log.readAll(position);
    events.push(...slice.events);
    position = slice.next;
  }
  return events;
};

const installation = await openEmbedded({ folder, masterKeyPath: join(tmpdir(), `baobei-bench-${process.pid}.key`) });
const { bus } = installation;
await prepare(bus);
await run(bus, 16); // Warm: compiled, cached, first keys made.

const results = [];
for (const writers of [1, 16, 64]) {
  const from = await installation.parts.log.head();
  const perSecond = await run(bus, writers);
  const events = await eventsFrom(installation, from);
  const rawPerSecond = raw(events, writers);
  results.push({
    writers,
    perSecond: Math.round(perSecond),
    rawPerSecond: Math.round(rawPerSecond),
    ratio: Number((perSecond / rawPerSecond).toFixed(3)),
    eventsPerRegistration: events.length / perRun,
    bytesPerEvent: Math.round(events.reduce((sum, { data }) => sum + data.length, 0) / events.length),
  });
}
process.stdout.write(`${JSON.stringify({ bench: 'registrations', registrationsPerRun: perRun, results })}\n`);
await installation.close();
rmSync(folder, { recursive: true });
