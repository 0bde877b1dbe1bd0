import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemIds, systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { openMirroredEventLog } from '#adapters/event-log-sqlite/event-log-mirror.js';
import { openEventStoreJournal } from '#adapters/journal-eventstoredb/journal-eventstoredb.js';
import { openMongoKeyStore } from '#adapters/key-store-mongodb/key-store-mongodb.js';
import { openMongoPositions } from '#adapters/positions-mongodb/positions-mongodb.js';
import { mongoClient } from '#adapters/read-store-mongodb/connection.js';
import { openMongoReadStore } from '#adapters/read-store-mongodb/read-store-mongodb.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { InstallationParts } from '../installation.js';
import { keyDatabase, readDatabase } from './open-cluster-node.js';

export interface ThrowawayStorage extends Pick<InstallationParts, 'log' | 'keyStore' | 'readStore' | 'positions'> {
  /**
   * Drops the databases and the mirror, once the installation is closed. The journal's stream stays: nothing here ever
   * deletes one.
   */
  clear(): Promise<void>;
}

/**
 * Journal, keys and read models of a new organisation on real servers, for scenarios and tests that must hold there
 * too.
 */
export const openThrowawayStorage = async ({
  eventStoreUrl,
  mongoUrl,
  clock,
}: {
  readonly eventStoreUrl: string;
  readonly mongoUrl: string;
  readonly clock: Clock;
}): Promise<ThrowawayStorage> => {
  const organisation = `throwaway-${randomBytes(8).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'baobei-mirror-'));
  const journal = await openEventStoreJournal({
    url: eventStoreUrl,
    organisation,
    timers: systemTimers,
    stopwatch: systemStopwatch,
    ids: systemIds,
  });
  return {
    log: await openMirroredEventLog({ folder, journal, clock }),
    keyStore: await openMongoKeyStore({
      url: mongoUrl,
      database: keyDatabase(organisation),
      masterKey: createSecretKey(randomBytes(32)),
    }),
    readStore: openMongoReadStore({ url: mongoUrl, database: readDatabase(organisation) }),
    positions: openMongoPositions({ url: mongoUrl, setting: 'MONGODB_URL', database: keyDatabase(organisation) }),
    clear: async () => {
      const client = mongoClient(mongoUrl);
      for (const database of [readDatabase(organisation), keyDatabase(organisation)])
        await client.db(database).dropDatabase();
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
