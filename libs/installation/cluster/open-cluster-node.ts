import { systemClock, systemIds, systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { openMongoHeartbeats } from '#adapters/heartbeats-mongodb/heartbeats-mongodb.js';
import { openEventStoreJournal } from '#adapters/journal-eventstoredb/journal-eventstoredb.js';
import { checkServer, type Finding } from '#adapters/journal-eventstoredb/server-checks.js';
import { mongoKeyStoreExists, openMongoKeyStore } from '#adapters/key-store-mongodb/key-store-mongodb.js';
import { loadMasterKey, type MasterKey } from '#adapters/master-key/master-key.js';
import { openMongoPositions } from '#adapters/positions-mongodb/positions-mongodb.js';
import { openMongoReadStore } from '#adapters/read-store-mongodb/read-store-mongodb.js';
import type { OrganisationId } from '#event-sourcing/vocabulary.js';
import { systemClockGuard, type GuardedClock } from '../clock-confirmation.js';
import type { ClusterSettings } from '../configuration.js';
import { ClusterNode, type ClusterNodeParts } from './cluster-node.js';

export interface OpenClusterOptions extends Pick<ClusterNodeParts, 'onError' | 'onFatal' | 'crashPoint'> {
  /** Holds the mirror: a cache of this server's own. */
  readonly folder: string;
  readonly organisation: string;
  readonly cluster: ClusterSettings;
  readonly production: boolean;
  /** Without it this process holds no lease: a command line. */
  readonly listens: boolean;
  readonly masterKeyPath?: string;
  readonly guardedClock?: GuardedClock;
  readonly onMasterKey?: (key: MasterKey) => void;
  readonly onFinding?: (finding: Finding) => void;
}

export const readDatabase = (organisation: string): string => `baobei-${organisation}`;
export const keyDatabase = (organisation: string): string => `baobei-keys-${organisation}`;

/**
 * One server on EventStoreDB and MongoDB. Throws what `startRefusal` has a sentence for when an address, a server or a
 * key cannot be used.
 */
export const openClusterNode = async ({
  folder,
  organisation,
  cluster,
  production,
  listens,
  masterKeyPath,
  guardedClock,
  onMasterKey,
  onFinding,
  ...told
}: OpenClusterOptions): Promise<ClusterNode> => {
  const system = { clock: systemClock, timers: systemTimers, stopwatch: systemStopwatch, ids: systemIds };
  const { eventStoreUrl, mongoUrl, mongoKeysUrl, peerHost, peerPort, serverUrl } = cluster;
  for (const finding of await checkServer({ ...system, url: eventStoreUrl, organisation, production }))
    onFinding?.(finding);
  const keys = { url: mongoKeysUrl, database: keyDatabase(organisation) };
  const masterKey = loadMasterKey({
    dataFolder: folder,
    keysExist: await mongoKeyStoreExists(keys),
    ...(masterKeyPath === undefined ? {} : { path: masterKeyPath }),
  });
  if (masterKey.created) onMasterKey?.(masterKey);
  const read = { url: mongoUrl, database: readDatabase(organisation) };
  const keyStore = await openMongoKeyStore({ ...keys, masterKey: masterKey.key });
  const readStore = openMongoReadStore({
    ...read,
    ...(told.crashPoint === undefined ? {} : { crashPoint: told.crashPoint }),
  });
  const heartbeats = openMongoHeartbeats(read);
  // Beside the keys: like them, and unlike the read models, positions cannot be made again.
  const positions = openMongoPositions({ ...keys, setting: 'MONGODB_KEYS_URL' });
  try {
    const journal = await openEventStoreJournal({ ...system, url: eventStoreUrl, organisation });
    const peer = listens
      ? { peer: { host: peerHost, port: peerPort, ...(serverUrl === undefined ? {} : { address: serverUrl }) } }
      : {};
    return await ClusterNode.open({
      ...system,
      ...told,
      ...peer,
      ...(guardedClock === undefined ? {} : { clockGuard: systemClockGuard(folder, guardedClock) }),
      journal,
      folder,
      keyStore,
      readStore,
      positions,
      heartbeats,
      organisation: organisation as OrganisationId,
    });
  } catch (error) {
    await Promise.all([keyStore.close(), readStore.close(), positions.close(), heartbeats.close()]);
    throw error;
  }
};
