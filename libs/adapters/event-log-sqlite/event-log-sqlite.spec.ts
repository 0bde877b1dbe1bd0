import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '#event-sourcing/ports/event-log.js';
import { noon } from '#event-sourcing/testing/commits.js';
import { eventLogContract } from '#event-sourcing/testing/event-log-contract.js';
import { openSqliteEventLog } from './event-log-sqlite.js';

const folders: string[] = [];
const freshFolder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'baobei-log-')));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
const clock = { now: () => noon };

eventLogContract('SQLite', async () => {
  const folder = freshFolder();
  let log: EventLog = await openSqliteEventLog({ folder, clock });
  return {
    log,
    reopen: async () => {
      await log.close();
      log = await openSqliteEventLog({ folder, clock });
      return log;
    },
  };
});
