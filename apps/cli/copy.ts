import { Command } from 'commander';
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock, systemIds, systemStopwatch, systemTimers } from '#adapters/clock-system/clock-system.js';
import { SqliteLogStore } from '#adapters/event-log-sqlite/log-store.js';
import { openEventStoreJournal } from '#adapters/journal-eventstoredb/journal-eventstoredb.js';
import { localJournal } from '#adapters/journal-local/journal-local.js';
import { openLocalJournal, OtherLocalJournalError } from '#adapters/journal-local/open-local-journal.js';
import { mongoKeyStoreExists, openMongoKeyStore } from '#adapters/key-store-mongodb/key-store-mongodb.js';
import { openSqliteKeyStore } from '#adapters/key-store-sqlite/key-store-sqlite.js';
import { type WrappedKey, type WrappedKeys } from '#adapters/key-wrapping/key-wrapping.js';
import { loadMasterKey, type MasterKey } from '#adapters/master-key/master-key.js';
import { copyJournal, CopyRefusedError, journalDigest } from '#event-sourcing/log/copy-journal.js';
import type { Journal } from '#event-sourcing/ports/journal.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import { keyDatabase } from '#installation/cluster/open-cluster-node.js';
import { storesMustAgree } from '#installation/stores/stores-of-folder.js';
import { readConfiguration, type Configuration } from '#installation/configuration.js';
import { progressLine } from './progress-line.js';
import { UsageError } from './usage-error.js';

const servers = 'eventstoredb-mongodb';
const keysOfOnePage = 1_000;

/** A journal with the keys of those it speaks of: a data folder, or the servers that the settings name. */
interface Place {
  readonly journal: Journal;
  readonly keys: KeyStore & WrappedKeys;
  close(): Promise<void>;
}

/**
 * `baobei copy --from ./data --to eventstoredb-mongodb`: moves an installation to other storage, events byte for byte.
 * Exit 0 when both digests are equal.
 */
export const addCopyCommand = (program: Command): void => {
  program
    .command('copy')
    .description(
      '把日志与密钥复制到另一处存储，可中断后继续 / copy journal and keys to other storage; goes on where it was when begun again',
    )
    .requiredOption('--from <place>', `数据目录，或 ${servers} / a data folder, or ${servers}`)
    .requiredOption('--to <place>', `数据目录，或 ${servers} / a data folder, or ${servers}`)
    .action(async ({ from, to }: { readonly from: string; readonly to: string }) => {
      await copyBetween(from, to);
    });
  program
    .command('mirror')
    .description(
      "核对本机的日志镜像与 EventStoreDB 是否逐字节一致 / check that this server's copy of the journal is EventStoreDB's, byte for byte",
    )
    .action(checkMirror);
};

const copyBetween = async (from: string, to: string): Promise<void> => {
  if (isServers(from) === isServers(to) && (isServers(from) || resolve(from) === resolve(to)))
    throw new UsageError('--from 与 --to 是同一处。 / --from and --to are the same place.');
  const folder = isServers(from) ? to : from;
  if (!isServers(from) && !existsSync(join(from, 'log.db')))
    throw new UsageError(`${from} 中没有日志。 / There is no journal in ${from}.`);
  const configuration =
    isServers(from) || isServers(to)
      ? readConfiguration({ ...process.env, STORAGE: servers })
      : readConfiguration({ ...process.env, STORAGE: 'embedded' });
  const masterKey = loadMasterKey({
    dataFolder: folder,
    keysExist: isServers(from) || (await keysExist(configuration)),
  });
  const source = await openPlace(from, configuration, masterKey);
  try {
    const target = await openPlace(to, configuration, masterKey, source.journal.journalId);
    try {
      await copyAll(source, target, masterKey, to);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

const isServers = (place: string): boolean => place === servers;
const keysExist = async ({ cluster, organisation }: Configuration): Promise<boolean> =>
  cluster !== undefined && mongoKeyStoreExists({ url: cluster.mongoKeysUrl, database: keyDatabase(organisation) });

const openPlace = async (
  place: string,
  { cluster, organisation }: Configuration,
  { key }: MasterKey,
  journalId?: string,
): Promise<Place> => {
  const named = journalId === undefined ? {} : { journalId };
  const journal = isServers(place)
    ? await openEventStoreJournal({
        url: cluster!.eventStoreUrl,
        organisation,
        timers: systemTimers,
        stopwatch: systemStopwatch,
        ids: systemIds,
        ...named,
      })
    : openFolder(place, named);
  try {
    const keys = isServers(place)
      ? await openMongoKeyStore({ url: cluster!.mongoKeysUrl, database: keyDatabase(organisation), masterKey: key })
      : await openSqliteKeyStore({ folder: place, masterKey: key });
    return {
      journal,
      keys,
      close: async () => {
        await keys.close();
        await journal.close();
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
};

const openFolder = (folder: string, named: { readonly journalId?: string }): Journal => {
  try {
    return openLocalJournal({ folder, clock: systemClock, beforeOpening: storesMustAgree, ...named });
  } catch (error) {
    throw error instanceof OtherLocalJournalError ? new UsageError(error.message, { cause: error }) : error;
  }
};

const copyAll = async (source: Place, target: Place, { path }: MasterKey, to: string): Promise<void> => {
  // The keys after the head: whatever the events in front of it name was made before them.
  const head = await source.journal.head();
  const keys = await copyKeys(source.keys, target.keys);
  const line = progressLine(process.stderr, head);
  try {
    await copyJournal(source.journal, target.journal, head, (done) => {
      line.show(done);
    });
  } catch (error) {
    throw error instanceof CopyRefusedError ? new UsageError(error.message, { cause: error }) : error;
  } finally {
    line.end();
  }
  const [there, here] = [await journalDigest(target.journal, head), await journalDigest(source.journal, head)];
  if (there !== here) throw new Error(`The copy differs from its source: ${there} is not ${here}`);
  process.stdout.write(
    [
      `已复制 ${head} 个事件、${keys} 把密钥；两处摘要一致：${here}`,
      `Copied ${head} events and ${keys} keys; both digests are ${here}`,
      `主密钥不随之复制：请让使用 ${to} 的服务器以 BAOBEI_MASTER_KEY_FILE=${path} 启动。`,
      `The master key is not copied: start servers on ${to} with BAOBEI_MASTER_KEY_FILE=${path}`,
      '',
    ].join('\n'),
  );
};

const copyKeys = async (from: WrappedKeys, to: WrappedKeys): Promise<number> => {
  let copied = 0;
  for (
    let page: readonly WrappedKey[] = await from.exportWrapped(undefined, keysOfOnePage);
    page.length > 0;
    page = await from.exportWrapped(page.at(-1), keysOfOnePage)
  ) {
    await to.importWrapped(page);
    copied += page.length;
  }
  return copied;
};

const checkMirror = async (): Promise<void> => {
  const { cluster, organisation, dataFolder, storage } = readConfiguration(process.env);
  if (storage !== servers)
    throw new UsageError(
      `只有 STORAGE=${servers} 的服务器才有镜像：单机的 log.db 就是日志本身。 / Only a server with STORAGE=${servers} has a mirror: of one machine, log.db is the journal itself.`,
    );
  const file = join(dataFolder, 'mirror.db');
  if (!existsSync(file)) throw new UsageError(`${file} 不存在。 / ${file} does not exist.`);
  // Reading only, so that the server may run meanwhile.
  const database = new Database(file, { readonly: true });
  const mirror = localJournal(new SqliteLogStore(database));
  const journal = await openEventStoreJournal({
    url: cluster!.eventStoreUrl,
    organisation,
    timers: systemTimers,
    stopwatch: systemStopwatch,
    ids: systemIds,
  });
  try {
    const head = await mirror.head();
    const [ours, theirs] = [await journalDigest(mirror, head), await journalDigest(journal, head)];
    const isSame = mirror.journalId === journal.journalId && ours === theirs;
    process.stdout.write(
      isSame
        ? `镜像与日志一致：${head} 个事件，摘要 ${ours}\nThe mirror is the journal's: ${head} events, digest ${ours}\n`
        : `镜像与日志不一致：停止服务器，删除 ${file} 后重新启动，它会自行重建。\nThe mirror is not the journal's: stop the server, delete ${file} and start again; it is read anew.\n`,
    );
    if (!isSame) process.exitCode = 1;
  } finally {
    database.close();
    await journal.close();
  }
};
