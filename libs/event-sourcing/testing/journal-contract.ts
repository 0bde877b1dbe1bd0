import type { Journal } from '../ports/journal.js';
import { plain, storedBatch } from './commits.js';
import { isMissing, type ContractCondition } from './event-log-contract.js';

export interface OpenedJournal {
  readonly journal: Journal;
  /** The same journal as another server has it; for a journal with one server, the same object. */
  readonly other: Journal;
  /** Closes both and opens the journal again; a journal without a memory beyond its process answers itself. */
  reopen(): Promise<Journal>;
}

/** What every journal promises. The sentences are printed in docs/reference/storage.md. */
export const journalContract = (
  name: string,
  open: () => Promise<OpenedJournal>,
  condition?: ContractCondition,
): void => {
  describe(`journal: ${name}`, () => {
    if (isMissing(condition)) return;
    const opened: Journal[] = [];
    const openEmpty = async (): Promise<OpenedJournal> => {
      const { journal, other, reopen } = await open();
      opened.push(journal, other);
      return {
        journal,
        other,
        reopen: async () => {
          const again = await reopen();
          opened.push(again);
          return again;
        },
      };
    };
    afterEach(async () => {
      for (const journal of opened.splice(0)) await journal.close();
    });

    it('appends at exactly the expected head and reads the same events back', async () => {
      const { journal, other } = await openEmpty();
      const batch = storedBatch(0, 3, '王小明 \u0000 👨‍👩‍👧');
      expect([await journal.head(), await journal.append(batch, 0), await journal.head()]).toEqual([
        0,
        { outcome: 'appended' },
        3,
      ]);
      expect(plain(await journal.read(0, 10))).toEqual(plain(batch));
      expect(plain(await other.read(0, 10))).toEqual(plain(batch));
    });

    it('stores nothing and says where the head is when somebody appended first', async () => {
      const { journal, other } = await openEmpty();
      await journal.append(storedBatch(0, 2), 0);
      expect(await other.append(storedBatch(0, 1), 0)).toEqual({ outcome: 'behind', head: 2 });
      expect(await other.append(storedBatch(1, 1), 1)).toEqual({ outcome: 'behind', head: 2 });
      expect(await journal.head()).toBe(2);
    });

    it('stores nothing beyond its head', async () => {
      const { journal } = await openEmpty();
      await journal.append(storedBatch(0, 2), 0);
      expect(await journal.append(storedBatch(5, 1), 5)).toEqual({ outcome: 'behind', head: 2 });
      expect(await journal.head()).toBe(2);
    });

    it('answers a repeated batch as the first time and stores it once, also when others came behind it', async () => {
      const { journal, other } = await openEmpty();
      const batch = storedBatch(0, 2);
      await journal.append(batch, 0);
      expect(await journal.append(batch, 0)).toEqual({ outcome: 'appended' });
      await other.append(storedBatch(2, 3), 2);
      expect(await journal.append(batch, 0)).toEqual({ outcome: 'appended' });
      expect(await journal.head()).toBe(5);
    });

    it('lets exactly one of 16 appends at the same head win', async () => {
      const { journal, other } = await openEmpty();
      const results = await Promise.all(
        Array.from({ length: 16 }, (_, writer) => (writer % 2 === 0 ? journal : other).append(storedBatch(0, 2), 0)),
      );
      expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(await journal.head()).toBe(2);
    });

    it('reads on from any position, at most as many as asked, and nothing at the head', async () => {
      const { journal } = await openEmpty();
      const batch = storedBatch(0, 10);
      await journal.append(batch, 0);
      for (let from = 0; from <= 10; from += 1)
        expect(plain(await journal.read(from, 4))).toEqual(plain(batch.slice(from, from + 4)));
    });

    it('takes a batch of 900 KiB', async () => {
      const { journal } = await openEmpty();
      const batch = storedBatch(0, 3, 'x'.repeat(299 * 1024));
      expect(await journal.append(batch, 0)).toEqual({ outcome: 'appended' });
      expect(plain(await journal.read(0, 3))).toEqual(plain(batch));
    });

    it('wakes every listener after an append by anybody, until it is told to stop', async () => {
      const { journal, other } = await openEmpty();
      let calls = 0;
      let stopped = 0;
      const woken = new Promise<void>((resolve) => {
        journal.wake(() => {
          calls += 1;
          resolve();
        });
      });
      journal.wake(() => {
        stopped += 1;
      })();
      await other.append(storedBatch(0, 1), 0);
      await woken;
      expect([calls > 0, stopped]).toEqual([true, 0]);
    });

    it('is the same journal with the same events when it is opened again', async () => {
      const { journal, reopen } = await openEmpty();
      const batch = storedBatch(0, 3);
      await journal.append(batch, 0);
      const { journalId } = journal;
      const again = await reopen();
      expect([again.journalId, await again.head(), plain(await again.read(0, 10))]).toEqual([
        journalId,
        3,
        plain(batch),
      ]);
    });
  });
};
