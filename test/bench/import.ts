/**
 * How fast a sheet is filed into a folder on SQLite, beside bare better-sqlite3 writing the same bytes on the same disk
 * in the same run.
 * `node dist/test/bench/import.js [rows = 10000] [deposits per 100 rows = 10]`; prints one line of JSON.
 */
import Database from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { csvText } from '#adapters/sheet-csv/csv-text.js';
import { readSheet } from '#adapters/sheet-file/sheet-file.js';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import type { Sheet } from '#event-sourcing/ports/sheet.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { importSheet } from '#features/intake/import-sheet.js';
import { openEmbedded } from '#installation/embedded.js';
import { prepareRegister } from '#test/e2e/register-quarter.js';

const rows = Number(process.argv[2] ?? 10_000);
const depositsOfHundred = Number(process.argv[3] ?? 10);
const filers = ['李军', '周婷', '赵倩', '孙浩', '王敏', '吴磊'];

/** Every row another customer, so that every row is filed. */
const register = async (): Promise<Sheet> => {
  const header = ['登记时间', '报备人', '部门', '客户名称', '电话', '地址', '客户类型', '定金', '备注'];
  const lines = Array.from({ length: rows }, (_, index) => {
    const paid = index % 100 < depositsOfHundred;
    return [
      '2026-04-05 10:00',
      filers[index % filers.length]!,
      '销售一部',
      '王芳',
      `138${String(10_000_000 + index)}`,
      `重庆市南岸区红锦大道${index}号`,
      paid ? '已缴定金' : '到店咨询',
      paid ? '2000' : '',
      '',
    ];
  });
  const read = await readSheet(Buffer.from(csvText(header, lines)), { name: 'bench.csv' });
  if (!read.readable) throw new Error(read.text.en);
  return read.sheet;
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};

/** The bytes of every event, command by command. */
const commandsOf = async (log: EventLog, from: number): Promise<readonly (readonly Uint8Array[])[]> => {
  const commands: Uint8Array[][] = [];
  let last: string | undefined;
  for (let at = from, head = await log.head(); at < head;) {
    const slice = await log.readAll(at);
    for (const { commandId, data } of slice.events) {
      if (commandId !== last) commands.push([]);
      last = commandId;
      commands.at(-1)!.push(data);
    }
    at = slice.next;
  }
  return commands;
};

/** The same bytes into one table, durable, with so many commands to each transaction. */
const bare = (folder: string, commands: readonly (readonly Uint8Array[])[], perTransaction: number): Promise<number> =>
  seconds(async () => {
    const database = new Database(join(folder, `bare-${perTransaction}.db`));
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('CREATE TABLE events (position INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT');
    const insert = database.prepare('INSERT INTO events (data) VALUES (?)');
    const write = database.transaction((batch: readonly (readonly Uint8Array[])[]) => {
      for (const command of batch) for (const data of command) insert.run(data);
    });
    for (let from = 0; from < commands.length; from += perTransaction)
      write(commands.slice(from, from + perTransaction));
    database.close();
  });

const folder = mkdtempSync(join(tmpdir(), 'baobei-bench-'));
try {
  const clock = simulatedClock('2026-04-06T01:00:00.000Z' as Instant);
  const installation = await openEmbedded({
    folder: join(folder, 'data'),
    masterKeyPath: join(folder, 'master.key'),
    clock,
  });
  const world = await prepareRegister(installation, clock);
  const { pace: _paced, ...received } = world.quarter;
  const sheet = await register();
  const { log } = installation.parts;
  const before = await log.head();
  let accepted = 0;
  const took = await seconds(async () => {
    for await (const { outcome } of importSheet({ ...received, sheet })) if (outcome === 'accepted') accepted += 1;
  });
  const again = await seconds(async () => {
    for await (const verdict of importSheet({ ...received, sheet }))
      if (!verdict.recordedBefore) throw new Error('A row was recorded twice');
  });
  const commands = await commandsOf(log, before);
  const bytes = commands.flat().reduce((sum, data) => sum + data.length, 0);
  const bareOne = await bare(folder, commands, 1);
  const bareMany = await bare(folder, commands, 32);
  const perSecond = (count: number, time: number): number => Math.round(count / time);
  process.stdout.write(
    `${JSON.stringify({
      rows,
      accepted,
      commands: commands.length,
      events: (await log.head()) - before,
      megabytes: Number((bytes / 1e6).toFixed(1)),
      rowsPerSecond: perSecond(rows, took),
      commandsPerSecond: perSecond(commands.length, took),
      rowsPerSecondAgain: perSecond(rows, again),
      bareRowsPerSecond: {
        oneCommandASync: perSecond(rows, bareOne),
        thirtyTwoCommandsASync: perSecond(rows, bareMany),
      },
    })}\n`,
  );
  await installation.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
