import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { indexedFields, planPage } from '#event-sourcing/projection/page-plan.js';
import type { PageRequest, ReadStore } from '#event-sourcing/ports/read-store.js';
import { createProjector } from '#event-sourcing/projection/projector.js';
import { arrayLog, decodeWritten } from '#event-sourcing/testing/array-log.js';
import { claims, put, type Claim } from '#event-sourcing/testing/claims-model.js';
import { seededRandom } from '#event-sourcing/testing/commits.js';
import { foldByHand, ledger, someEvents, type Account } from '#event-sourcing/testing/ledger-model.js';
import { readStoreContract } from '#event-sourcing/testing/read-store-contract.js';
import { pageQuery } from './page-sql.js';
import { openSqliteReadStore, readFile, ReadStoreUnusableError } from './read-store-sqlite.js';

const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'read-store-'));

readStoreContract('sqlite', async () => {
  const folder = temporaryFolder();
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

describe('read.db', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const ask = <T>(sql: string): T[] => {
    const database = new Database(join(folder, readFile), { readonly: true });
    try {
      return database.prepare<[], T>(sql).pluck().all();
    } finally {
      database.close();
    }
  };

  it('goes back to one earlier batch after a power cut, documents and checkpoint together, and is folded on from there', async () => {
    const log = arrayLog();
    for (const command of someEvents(120)) log.write(...command);
    const store = await openSqliteReadStore({ folder });
    await createProjector({ log, store, models: [ledger()], decode: decodeWritten, batchMax: 6 }).catchUp();
    const whole = readFileSync(join(folder, `${readFile}-wal`));
    const random = seededRandom(4);
    const checkpoints = new Set<number>();
    for (let cut = 0; cut < 60; cut += 1) {
      const after = join(folder, `cut-${cut}`);
      mkdirSync(after);
      copyFileSync(join(folder, readFile), join(after, readFile));
      const wal = Buffer.from(whole.subarray(0, Math.floor(random() * whole.length)));
      // Half of the cuts also leave a torn sector: bytes that never reached the disk.
      if (cut % 2 === 0) wal.fill(0, Math.max(0, wal.length - 512));
      writeFileSync(join(after, `${readFile}-wal`), wal);
      const reopened = await openSqliteReadStore({ folder: after });
      const live = await reopened.live<Account>(ledger());
      const checkpoint = await live.checkpoint();
      checkpoints.add(checkpoint);
      expect(await live.digest()).toBe(foldByHand(log.written.slice(0, checkpoint)));
      await createProjector({ log, store: reopened, models: [ledger()], decode: decodeWritten }).catchUp();
      expect(await live.digest()).toBe(foldByHand(log.written));
      await reopened.close();
    }
    expect([checkpoints.has(120), checkpoints.size > 8]).toEqual([false, true]);
    await store.close();
  });

  it('waits for no disk in a commit, and says so where it is opened', async () => {
    const store = await openSqliteReadStore({ folder });
    expect(ask('PRAGMA journal_mode')).toEqual(['wal']);
    expect(ask<number>(`SELECT count(*) FROM pragma_table_list WHERE name LIKE 'generations' AND strict = 1`)).toEqual([
      1,
    ]);
    await store.live(claims);
    expect(ask<number>(`SELECT strict + wr FROM pragma_table_list WHERE name LIKE 'documents%'`)).toEqual([2]);
    await store.close();
  });

  it('drops the old generation after a swap, and at the next start when there was no time', async () => {
    const documents = Array.from({ length: 5_000 }, (_, number) => put(`claim-${number}`, { owner: 'wang' }));
    let store = await openSqliteReadStore({ folder });
    await (await store.live<Claim>(claims)).apply({ from: 0, to: 1, changes: documents });
    const second = await store.rebuild<Claim>(claims);
    await second.collection.apply({ from: 0, to: 1, changes: documents });
    await second.swap();
    while (ask<number>('SELECT count(*) FROM generations')[0] === 2) await new Promise(setImmediate);
    expect(ask(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'documents%'`)).toEqual([
      'documents_2',
    ]);
    await (await store.rebuild<Claim>(claims)).swap();
    await store.close();
    store = await openSqliteReadStore({ folder });
    expect(ask(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'documents%'`)).toEqual([
      'documents_3',
    ]);
    expect(await (await store.live<Claim>(claims)).count({})).toBe(0);
    await store.close();
  });

  it('stays small beside long reads (L5): no read keeps the write-ahead log from being taken up', async () => {
    const store = await openSqliteReadStore({ folder });
    const live = await store.live<Claim & { note: string }>(claims);
    const note = 'x'.repeat(2_000);
    let largest = 0;
    let digests = 0;
    let writing = true;
    const reading = (async () => {
      while (writing) {
        await live.digest();
        digests += 1;
      }
    })();
    let written = 0;
    for (let batch = 0; batch < 60; batch += 1) {
      await live.apply({
        from: batch,
        to: batch + 1,
        changes: Array.from({ length: 500 }, (_, number) =>
          put(`claim-${batch % 6}-${number}`, { owner: 'wang', stage: batch, note }),
        ),
      });
      written += 500 * note.length;
      await live.page({ where: {}, order: [{ field: 'stage', direction: 'ascending' }], first: 100 });
      await new Promise(setImmediate);
      largest = Math.max(largest, statSync(join(folder, `${readFile}-wal`)).size);
    }
    writing = false;
    await reading;
    expect([written > 50e6, largest < 64e6, digests > 0]).toEqual([true, true, true]);
    await store.close();
  });

  it.each([['ascending'], ['descending']] as const)(
    'reads every page as a walk along one index, %s, from its beginning and from a cursor',
    async (direction) => {
      const store = await openSqliteReadStore({ folder });
      await (await store.live<Claim>(claims)).apply({ from: 0, to: 1, changes: [put('a', {})] });
      const database = new Database(join(folder, readFile), { readonly: true });
      const fields = indexedFields(claims);
      for (const [place, index] of claims.indexes.entries()) {
        for (let fixed = 0; fixed < index.length; fixed += 1) {
          const request: PageRequest = {
            where: Object.fromEntries(index.slice(0, fixed).map((field) => [field, { equals: 'x' }])),
            order: index.slice(fixed).map((field) => ({ field, direction })),
            first: 50,
          };
          const cursor = planPage(claims, request).cursorOf(
            request.order.map(() => 'y'),
            'z',
          );
          for (const asked of [request, { ...request, after: cursor }]) {
            const { sql, values } = pageQuery(
              planPage(claims, asked),
              `documents_1 INDEXED BY documents_1_${place}`,
              (field) => `f${fields.indexOf(field)}`,
            );
            const steps = database
              .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
              .all(...values)
              .map(({ detail }) => detail);
            expect(steps).toEqual([
              expect.stringMatching(`^SEARCH documents_1 USING (COVERING )?INDEX documents_1_${place} \\(`),
            ]);
          }
        }
      }
      database.close();
      await store.close();
    },
  );

  it.each([
    ['is damaged', (path: string) => writeFileSync(path, Buffer.alloc(20_000, 7))],
    [
      'has another form',
      (path: string) => {
        const database = new Database(path);
        database.pragma('user_version = 99');
        database.close();
      },
    ],
  ])('that %s is refused with its cure', async (what, spoil) => {
    spoil(join(folder, readFile));
    const opening = openSqliteReadStore({ folder });
    await expect(opening).rejects.toThrow(ReadStoreUnusableError);
    await expect(opening).rejects.toThrow(what);
    rmSync(join(folder, readFile));
    await (await openSqliteReadStore({ folder })).close();
  });
});
