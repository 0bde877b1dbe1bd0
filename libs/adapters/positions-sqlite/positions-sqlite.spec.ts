import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { positionsContract } from '#event-sourcing/testing/positions-contract.js';
import { openSqlitePositions } from './positions-sqlite.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
positionsContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'baobei-positions-'));
  folders.push(folder);
  return () => openSqlitePositions({ folder });
});
