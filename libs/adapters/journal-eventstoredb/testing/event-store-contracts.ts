import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemIds, systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { openMirroredEventLog } from '#adapters/event-log-sqlite/event-log-mirror.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import { noon } from '#event-sourcing/testing/commits.js';
import { eventLogContract, type ContractCondition } from '#event-sourcing/testing/event-log-contract.js';
import { journalContract } from '#event-sourcing/testing/journal-contract.js';
import { openEventStoreJournal } from '../journal-eventstoredb.js';

export const openJournal = (
  url: string,
  organisation: string,
  patience: Parameters<typeof openEventStoreJournal>[0]['patience'] = {},
): Promise<Journal> =>
  openEventStoreJournal({
    url,
    organisation,
    timers: systemTimers,
    stopwatch: systemStopwatch,
    ids: systemIds,
    patience,
  });

/** Both contracts on a server, each case on a journal of its own. */
export const eventStoreContracts = (name: string, url: () => string, condition?: ContractCondition): void => {
  journalContract(
    name,
    async () => {
      const organisation = randomUUID();
      const open = (): Promise<Journal> => openJournal(url(), organisation);
      return { journal: await open(), other: await open(), reopen: open };
    },
    condition,
  );

  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  eventLogContract(
    `SQLite mirror of ${name}`,
    async () => {
      const [folder, organisation] = [mkdtempSync(join(tmpdir(), 'baobei-mirror-')), randomUUID()];
      folders.push(folder);
      const open = async () =>
        openMirroredEventLog({ folder, journal: await openJournal(url(), organisation), clock: { now: () => noon } });
      let log = await open();
      return {
        log,
        reopen: async () => {
          await log.close();
          log = await open();
          return log;
        },
      };
    },
    { bytes: 'envelopes', ...condition },
  );
};
