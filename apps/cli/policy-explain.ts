import Database from 'better-sqlite3';
import { Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteLogStore } from '#adapters/event-log-sqlite/log-store.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Recorded } from '#event-sourcing/event.js';
import type { StreamName } from '#event-sourcing/vocabulary.js';
import { catalogue } from '#features/edge/catalogue.js';
import { readConfiguration } from '#installation/configuration.js';
import { Library, recompute, type Recomputed } from './explain/recompute.js';
import { rulingTree, treeLines } from './explain/tree.js';
import { UsageError } from './usage-error.js';

interface ExplainOptions {
  readonly folder?: string;
  readonly format: 'text' | 'json';
}

/** Events that are read at once while a single one is looked for. */
const pageOfEvents = 10_000;
const eventId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * `baobei policy explain <registration> [event]`: why a ruling came out as it did, recomputed from what the log kept
 * under the policy version that it cites. Exit 0 when each reason is equal byte for byte, 1 when one is not, 2 when
 * nothing was found. Reads only, so that a server may run meanwhile.
 */
export const policyExplainCommand = (): Command =>
  new Command('explain')
    .description('说明裁定的理由并逐字节重算 · the reasons of a ruling, recomputed byte for byte')
    .argument('<registration>', '报备编号，或事件编号 · a registration id, or the id of one event')
    .argument('[event]', '事件名称或编号，如 Approved · the type or id of an event; without it, all rulings')
    .option('--folder <folder>', '数据目录 · the data folder (DATA_DIR)')
    .addOption(new Option('--format <format>', '输出格式 · output').choices(['text', 'json']).default('text'))
    .action((registration: string, event: string | undefined, { folder, format }: ExplainOptions) => {
      const log = openLog(folder);
      try {
        const { rulings, library } = explained(log.store, registration, event);
        process.stdout.write(format === 'json' ? jsonText(rulings) : treeText(rulings, library));
        if (rulings.some(({ again, equal }) => again !== undefined && !equal)) process.exitCode = 1;
      } finally {
        log.close();
      }
    });

/** A data folder's log, or a cluster server's mirror of it; opened without the right to write. */
const openLog = (folder: string | undefined): { readonly store: SqliteLogStore; close(): void } => {
  const at = folder ?? readConfiguration(process.env).dataFolder;
  const file = ['log.db', 'mirror.db'].map((name) => join(at, name)).find((each) => existsSync(each));
  if (file === undefined) throw new UsageError(`${at} 中没有日志。 / There is no log in ${at}.`);
  const database = new Database(file, { readonly: true });
  try {
    return { store: new SqliteLogStore(database), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
};

const decoded = (stored: ReturnType<SqliteLogStore['readRange']>): readonly Recorded[] =>
  stored.map((event) => decodeEvent(event, catalogue));

const explained = (
  store: SqliteLogStore,
  registration: string,
  event: string | undefined,
): { readonly rulings: readonly Recomputed[]; readonly library: Library } => {
  const wanted = eventId.test(registration) ? registration : event;
  const stream = eventId.test(registration)
    ? streamOfEvent(store, registration)
    : (`dossier-${registration.split('.')[0]}` as StreamName);
  const last = stream === undefined ? 'none' : store.revision(stream);
  if (stream === undefined || last === 'none')
    throw new UsageError(`日志中没有 ${registration}。 / The log has no ${registration}.`);
  const library = new Library(decoded(store.readRange(0, store.head(), { categories: ['program', 'calendar'] })));
  const rulings = recompute(decoded(store.readStream(stream, 0, last)), library).filter(
    ({ recorded }) =>
      (eventId.test(registration) || isAbout(recorded, registration)) &&
      (wanted === undefined || recorded.id === wanted || recorded.event.type === wanted),
  );
  if (rulings.length === 0)
    throw new UsageError(
      `${registration} 没有这样的裁定：${wanted ?? ''}。 / ${registration} has no such ruling: ${wanted ?? 'none at all'}.`,
    );
  return { rulings, library };
};

/** A registration's own events, and those of its dossier that name no single one: a verdict, a deal. */
const isAbout = ({ event }: Recorded, registration: string): boolean => {
  const of = (event as { readonly registrationId?: string }).registrationId;
  return of === undefined || of === registration || !registration.includes('.');
};

/** An event's id says nothing about its stream: the log is looked through once. */
const streamOfEvent = (store: SqliteLogStore, id: string): StreamName | undefined => {
  for (let from = 0; from < store.head(); from += pageOfEvents) {
    const found = store.readRange(from, from + pageOfEvents).find((event) => event.id === id);
    if (found !== undefined) return found.stream;
  }
  return undefined;
};

const treeText = (rulings: readonly Recomputed[], library: Library): string => {
  const events = [...new Map(rulings.map(({ recorded }) => [recorded.id, recorded])).values()];
  const lines = events.flatMap((recorded) =>
    treeLines(
      rulingTree(
        recorded,
        rulings.filter((each) => each.recorded.id === recorded.id),
        library,
      ),
    ),
  );
  const count = (chosen: (each: Recomputed) => boolean): number => rulings.filter(chosen).length;
  const [same, sealed] = [count(({ equal }) => equal), count(({ again }) => again === undefined)];
  const other = rulings.length - same - sealed;
  return `${[
    ...lines,
    `${rulings.length} 条理由：${same} 条逐字节相同，${other} 条不同，${sealed} 条无法重算`,
    `${rulings.length} reasons: ${same} equal byte for byte, ${other} different, ${sealed} not recomputable`,
  ].join('\n')}\n`;
};

const jsonText = (rulings: readonly Recomputed[]): string =>
  `${JSON.stringify(
    rulings.map(({ recorded, reason, again, equal }) => ({
      event: recorded.id,
      type: recorded.event.type,
      position: recorded.position,
      reason,
      again: again ?? null,
      equal,
    })),
    null,
    2,
  )}\n`;
