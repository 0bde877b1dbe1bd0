import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryLogIndex } from '#adapters/event-log-memory/log-index-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { createEventLog, type EventLogParts } from './event-log.js';
import {
  IndeterminateError,
  LogBusyError,
  LogClosedError,
  StorageFullError,
  type EventLog,
  type StoredEvent,
} from '../ports/event-log.js';
import type { Journal } from '../ports/journal.js';
import {
  append,
  commit,
  freshCommandId,
  pending,
  pendingBytes,
  plain,
  readWhole,
  stampIn,
  storedBatch,
  stream,
} from '../testing/commits.js';
import { eventLogContract } from '../testing/event-log-contract.js';

/** A journal whose calls can be changed one by one. */
const journalWith = (journal: Journal, changed: Partial<Journal>): Journal => ({
  journalId: journal.journalId,
  append: (batch, head) => journal.append(batch, head),
  read: (from, max) => journal.read(from, max),
  head: () => journal.head(),
  wake: (listener) => journal.wake(listener),
  close: () => journal.close(),
  ...changed,
});

// Every append of this log finds that another server was first, once.
eventLogContract('a server that is always behind', async () => {
  const shared = memoryJournal();
  const rival = memoryEventLog({ journal: shared });
  const contested = (): Journal => {
    let tried: string | undefined;
    return journalWith(shared, {
      append: async (batch, expectedHead) => {
        const [first] = batch;
        if (tried === first?.id) return shared.append(batch, expectedHead);
        tried = first?.id;
        return { outcome: 'behind', head: await shared.head() };
      },
    });
  };
  const log = memoryEventLog({ journal: contested() });
  return {
    log,
    reopen: async () => {
      await log.close();
      await rival.close();
      return memoryEventLog({ journal: contested() });
    },
  };
});

const twoServers = (): readonly [EventLog, EventLog, Journal] => {
  const journal = memoryJournal();
  return [memoryEventLog({ journal }), memoryEventLog({ journal }), journal];
};

describe('two servers on one journal', () => {
  it('decides a batch again when the other server was first: what still holds is stored, what does not conflicts', async () => {
    const [ours, theirs] = twoServers();
    await append(ours, { to: 'dossier-1' });
    const stillWaiting = Promise.all([
      ours.append(commit({ to: 'dossier-1', expected: 0 })),
      ours.append(commit({ to: 'dossier-2', expected: 'none' })),
      ours.append(commit({ to: 'dossier-3', checks: [{ stream: stream('standing-a'), expected: 'none' }] })),
    ]);
    await Promise.all([append(theirs, { to: 'dossier-1' }), append(theirs, { to: 'standing-a' })]);
    expect((await stillWaiting).map((result) => ('conflicts' in result ? result.conflicts : result.outcome))).toEqual([
      [{ stream: 'dossier-1', expected: 0, actual: 1 }],
      'appended',
      [{ stream: 'standing-a', expected: 'none', actual: 0 }],
    ]);
    expect(plain(await readWhole(ours))).toEqual(plain(await readWhole(theirs)));
  });

  it('answers repeated when the other server stored the command', async () => {
    const [ours, theirs] = twoServers();
    const commandId = freshCommandId();
    const [first, second] = await Promise.all([
      theirs.append(commit({ commandId })),
      ours.append(commit({ commandId })),
    ]);
    expect([first.outcome, second.outcome].toSorted()).toEqual(['appended', 'repeated']);
    expect(await ours.head()).toBe(1);
  });

  it('stores each acknowledged append of 64 writers on two servers exactly once, with stamps that fit its place', async () => {
    const [ours, theirs] = twoServers();
    const taken: string[] = [];
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        const log = writer % 2 === 0 ? ours : theirs;
        for (let done = 0; done < 10;) {
          const [revision] = await log.revisions([stream(`dossier-${writer % 4}`)]);
          const attempt = commit({ to: `dossier-${writer % 4}`, expected: revision!, events: [pending(), pending()] });
          if ((await log.append(attempt)).outcome !== 'appended') continue;
          done += 1;
          taken.push(attempt.commandId);
        }
      }),
    );
    const stored = await readWhole(ours);
    expect(
      stored
        .filter(({ step }) => step === 1)
        .map(({ commandId }) => commandId)
        .toSorted(),
    ).toEqual(taken.toSorted());
    expect(stored.every((event, place) => event.position === place && stampIn(event).revision === event.revision)).toBe(
      true,
    );
    expect(plain(await readWhole(theirs))).toEqual(plain(stored));
  });

  it('wakes the subscriptions of the other server', async () => {
    const [ours, theirs] = twoServers();
    const stop = new AbortController();
    const following = (async () => {
      for await (const { events } of ours.subscribe(0, { signal: stop.signal })) return events.length;
      return 0;
    })();
    await append(theirs, { events: [pending(), pending()] });
    expect(await following).toBe(2);
  });

  it('never answers a conflict from an index that is behind the journal', async () => {
    const journal = memoryJournal();
    const asleep = memoryEventLog({ journal: journalWith(journal, { wake: () => () => undefined }) });
    await append(asleep, { to: 'dossier-1' });
    const awake = memoryEventLog({ journal });
    await append(awake, { to: 'dossier-1' });
    expect((await asleep.append(commit({ to: 'dossier-1', expected: 1 }))).outcome).toBe('appended');
  });

  it('reads the journal on by whole commands, also when a page of it ends inside one', async () => {
    const journal = memoryJournal();
    const writer = memoryEventLog({ journal });
    for (let command = 0; command < 5; command += 1)
      await append(writer, { events: Array.from({ length: 300 }, () => pending()) });
    const reader = memoryEventLog({ journal });
    expect(plain(await readWhole(reader))).toEqual(plain(await readWhole(writer)));
  });

  it('gives up as busy, with nothing stored, when others are faster again and again', async () => {
    const journal = memoryJournal();
    const log = memoryEventLog({
      journal: journalWith(journal, { append: async (_, head) => ({ outcome: 'behind', head }) }),
      limits: { behindMax: 3 },
    });
    await expect(log.append(commit())).rejects.toBeInstanceOf(LogBusyError);
    expect(await journal.head()).toBe(0);
  });
});

const failing = (changed: (journal: Journal) => Partial<Journal>, parts: Partial<EventLogParts> = {}) => {
  const journal = memoryJournal();
  const fatal: Error[] = [];
  const log = createEventLog({
    index: memoryLogIndex(),
    journal: journalWith(journal, changed(journal)),
    onFatal: (error) => {
      fatal.push(error);
    },
    ...parts,
  });
  return { log, journal, fatal };
};
const failed = new Error('EIO');

describe('a journal that fails', () => {
  it.each([
    ['before it stored', false],
    ['after it stored', true],
  ])('makes every commit of the group indeterminate, %s; a retry after the restart settles it', async (_, stores) => {
    const { log, journal, fatal } = failing((inner) => ({
      append: async (batch, head) => {
        if (stores) await inner.append(batch, head);
        throw failed;
      },
    }));
    const commits = Array.from({ length: 5 }, () => commit());
    const results = await Promise.allSettled(commits.map((each) => log.append(each)));
    expect(
      results.map((result) => result.status === 'rejected' && result.reason instanceof IndeterminateError),
    ).toEqual(Array<boolean>(5).fill(true));
    expect(fatal).toEqual([failed]);
    const restarted = memoryEventLog({ journal });
    const outcomes = await Promise.all(commits.map(async (each) => (await restarted.append(each)).outcome));
    expect(outcomes).toEqual(Array<string>(5).fill(stores ? 'repeated' : 'appended'));
    expect(await restarted.head()).toBe(5);
  });

  it('stops for good: commits that waited and later ones are refused as not stored, and nothing is read any more', async () => {
    const { log, journal } = failing(
      () => ({
        append: async () => {
          throw failed;
        },
      }),
      { limits: { batchMax: 2 } },
    );
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => log.append(commit())));
    expect(results.map((result) => result.status === 'rejected' && (result.reason as Error).name)).toEqual([
      'IndeterminateError',
      'IndeterminateError',
      'LogClosedError',
      'LogClosedError',
      'LogClosedError',
    ]);
    await expect(log.append(commit())).rejects.toBeInstanceOf(LogClosedError);
    await expect(log.readAll(0)).rejects.toBeInstanceOf(LogClosedError);
    await expect(
      log.subscribe(0, { signal: new AbortController().signal })[Symbol.asyncIterator]().next(),
    ).rejects.toBeInstanceOf(LogClosedError);
    expect(await journal.head()).toBe(0);
  });

  it('is full: nothing is stored, what is stored is still answered, and the same log goes on when there is space', async () => {
    let full = false;
    const { log, fatal } = failing((inner) => ({
      append: async (batch, head) => {
        if (full) throw new StorageFullError('full');
        return inner.append(batch, head);
      },
    }));
    const known = commit();
    await log.append(known);
    full = true;
    const [again, fresh] = await Promise.allSettled([log.append(known), log.append(commit())]);
    expect(again).toMatchObject({ status: 'fulfilled', value: { outcome: 'repeated' } });
    expect(fresh).toMatchObject({ status: 'rejected', reason: { name: 'StorageFullError' } });
    expect([await log.head(), fatal]).toEqual([1, []]);
    full = false;
    expect((await log.append(commit())).outcome).toBe('appended');
  });

  it('is shorter than its index: the log stops instead of going on from a past that others have seen', async () => {
    const journal = memoryJournal();
    const index = memoryLogIndex();
    index.apply(storedBatch(0, 2));
    const fatal: Error[] = [];
    const log = createEventLog({
      index,
      journal,
      onFatal: (error) => {
        fatal.push(error);
      },
    });
    await expect(log.head()).rejects.toBeInstanceOf(LogClosedError);
    expect(fatal[0]?.message).toMatch(/ends at 0 but its index at 2/);
  });

  it('is never handed more bytes at once than it takes, nor half a command', async () => {
    const batches: (readonly StoredEvent[])[] = [];
    const { log } = failing((inner) => ({
      append: (batch, head) => {
        batches.push(batch);
        return inner.append(batch, head);
      },
    }));
    await Promise.all(
      Array.from({ length: 12 }, (_, writer) =>
        append(log, { to: `dossier-${writer}`, events: [0, 1].map(() => pendingBytes(Buffer.alloc(150 * 1024))) }),
      ),
    );
    expect(batches.flat()).toHaveLength(24);
    expect(batches.length).toBeGreaterThan(3);
    for (const batch of batches) {
      expect(batch.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(900 * 1024);
      expect([batch[0]!.step, batch.at(-1)!.step]).toEqual([1, 2]);
    }
  });

  it('lets a bounded number of commits wait, and answers busy to one more', async () => {
    const { log } = failing(() => ({}), { limits: { waitingMax: 3 } });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => log.append(commit())));
    expect(
      results.map((result) => (result.status === 'rejected' ? (result.reason as Error).name : result.value.outcome)),
    ).toEqual(['appended', 'appended', 'appended', 'LogBusyError', 'LogBusyError']);
  });
});
