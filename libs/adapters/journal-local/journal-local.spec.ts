import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { journalContract } from '#event-sourcing/testing/journal-contract.js';
import { openLogStore } from '../event-log-sqlite/log-store.js';
import { localJournal } from './journal-local.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

journalContract('local', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baobei-journal-'));
  folders.push(folder);
  const open = () => localJournal(openLogStore(join(folder, 'log.db'), 'durable', () => 'journal-1'));
  const journal = open();
  return {
    journal,
    other: journal,
    reopen: async () => {
      await journal.close();
      return open();
    },
  };
});
