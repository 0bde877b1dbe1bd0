import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadStore } from '#event-sourcing/ports/read-store.js';
import { readStoreContract } from '#event-sourcing/testing/read-store-contract.js';
import { openSqliteReadStore } from './read-store-sqlite.js';

readStoreContract('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-store-'));
  const opened: ReadStore[] = [];
  return {
    open: async (crashPoint) => {
      const store = await openSqliteReadStore({ folder, ...(crashPoint && { crashPoint }) });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      await Promise.all(opened.map((store) => store.close()));
      rmSync(folder, { recursive: true });
    },
  };
});
