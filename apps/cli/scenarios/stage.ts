import 'reflect-metadata';
import { randomBytes, createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '#adapters/event-log-sqlite/event-log-sqlite.js';
import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryKeyStore } from '#adapters/key-store-memory/key-store-memory.js';
import { openSqliteKeyStore } from '#adapters/key-store-sqlite/key-store-sqlite.js';
import { memoryPositions } from '#adapters/positions-memory/positions-memory.js';
import { openSqlitePositions } from '#adapters/positions-sqlite/positions-sqlite.js';
import { memoryReadStore } from '#adapters/read-store-memory/read-store-memory.js';
import { openSqliteReadStore } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { seededIds, simulatedClock, type SimulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import type { Instant, OrganisationId } from '#event-sourcing/vocabulary.js';
import { openThrowawayStorage } from '#installation/cluster/throwaway-storage.js';
import { readConfiguration } from '#installation/configuration.js';
import { Installation, type InstallationParts } from '#installation/installation.js';

export const storages = ['memory', 'embedded', 'eventstoredb-mongodb'] as const;
export type Storage = (typeof storages)[number];

/**
 * A whole installation of its own for one scenario: real bus, real log, real read models, and a clock that stands where
 * it is put.
 */
export interface Stage {
  readonly installation: Installation;
  readonly clock: SimulatedClock;
  close(): Promise<void>;
}

type Adapters = Pick<InstallationParts, 'log' | 'keyStore' | 'readStore' | 'positions'>;
interface Opened {
  readonly adapters: Adapters;
  readonly clear: () => Promise<void>;
}

export const openStage = async (storage: Storage, start: Instant): Promise<Stage> => {
  const clock = simulatedClock(start);
  const { adapters, clear } = await open[storage](clock);
  // Every scenario has the same ids and salts at every run, so that a failure looks the same twice.
  const installation = await Installation.open({
    ...adapters,
    clock,
    timers: clock,
    ids: seededIds('scenario'),
    organisation: 'scenarios' as OrganisationId,
    keyPoolSize: 16,
  });
  return {
    installation,
    clock,
    close: async () => {
      await installation.close();
      await clear();
    },
  };
};

const inMemory = (): Adapters => ({
  log: memoryEventLog(),
  keyStore: memoryKeyStore(),
  readStore: memoryReadStore(),
  positions: memoryPositions(),
});

const onServers = async (clock: SimulatedClock): Promise<Opened> => {
  const { cluster } = readConfiguration({ ...process.env, STORAGE: 'eventstoredb-mongodb' });
  const { clear, ...adapters } = await openThrowawayStorage({ ...cluster!, clock });
  return { adapters, clear };
};

const inFolder = async (clock: SimulatedClock): Promise<Opened> => {
  const folder = mkdtempSync(join(tmpdir(), 'baobei-scenario-'));
  const adapters = {
    log: await openSqliteEventLog({ folder, clock }),
    keyStore: await openSqliteKeyStore({ folder, masterKey: createSecretKey(randomBytes(32)) }),
    readStore: await openSqliteReadStore({ folder }),
    positions: await openSqlitePositions({ folder }),
  };
  return {
    adapters,
    clear: async () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const open: Readonly<Record<Storage, (clock: SimulatedClock) => Promise<Opened>>> = {
  memory: async () => ({ adapters: inMemory(), clear: async () => undefined }),
  embedded: inFolder,
  'eventstoredb-mongodb': onServers,
};
