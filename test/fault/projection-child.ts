/**
 * A process that folds a log into a read model and dies where it is told to: `projection-child <folder> <store>
 * <task>`.
 * `BAOBEI_CRASH_POINT=<name>:<n>` kills it at the n-th passage of that point. Prints the checkpoint and the digest when
 * it lives to the end.
 */
import { openSqliteReadStore } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import type { CrashPoint, ReadStore } from '#event-sourcing/ports/read-store.js';
import { createProjector } from '#event-sourcing/projection/projector.js';
import { arrayLog, decodeWritten } from '#event-sourcing/testing/array-log.js';
import { ledger, someEvents, type Account } from '#event-sourcing/testing/ledger-model.js';
import { oneByOneReadStore } from '#event-sourcing/testing/one-by-one-read-store.js';

export type ChildStore = 'sqlite' | 'one-by-one' | 'checkpoint-first';
export type ChildTask = 'follow' | 'rebuild';
/** As in the spec that kills it. */
const [eventCount, accounts] = [400, 97];

const crashPointFrom = (text: string | undefined): CrashPoint => {
  const [point, count] = text?.split(':') ?? [];
  let left = Number(count);
  return (name) => {
    if (name !== point) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
};

const openStore = async (folder: string, kind: ChildStore, crashPoint: CrashPoint): Promise<ReadStore> =>
  kind === 'sqlite'
    ? openSqliteReadStore({ folder, crashPoint })
    : oneByOneReadStore(await openSqliteReadStore({ folder }), {
        crashPoint,
        order: kind === 'one-by-one' ? 'documents-first' : 'checkpoint-first',
      });

const [folder, kind, task] = process.argv.slice(2) as [string, ChildStore, ChildTask];
const crashPoint = crashPointFrom(process.env['BAOBEI_CRASH_POINT']);
const log = arrayLog();
for (const command of someEvents(eventCount, accounts)) log.write(...command);
const store = await openStore(folder, kind, crashPoint);
const projector = createProjector({
  log,
  store,
  models: [ledger()],
  decode: decodeWritten,
  batchMax: 7,
  rebuildDocumentsMax: 3,
  crashPoint,
});
if (task === 'rebuild') await projector.rebuild('ledger');
await projector.catchUp();
const live = await store.live<Account>(ledger());
process.stdout.write(`${await live.checkpoint()} ${await live.digest()}`);
await store.close();
