import { memoryLogIndex } from '#adapters/event-log-memory/log-index-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import { systemTimers } from '#adapters/clock-system/clock-system.js';
import { createEventLog, type JournaledLog } from './event-log.js';
import { ForwardingEventLog, type PenHolder } from './forwarding-log.js';
import type { AppendResult, Commit, StoredEvent } from '../ports/event-log.js';
import type { LogIndex } from '../ports/log-index.js';
import { PeerUnreachableError, type HandedAnswer, type Peers } from '../ports/peers.js';
import { append, commit } from '../testing/commits.js';

const address = 'http://pen';

type Answer = (commits: readonly Commit[], pen: JournaledLog) => Promise<readonly HandedAnswer[]>;
/** An index that is a file: once it is closed nobody may touch it. */
const closable = (): LogIndex => {
  const index = memoryLogIndex();
  let isOpen = true;
  return {
    ...bound(index),
    apply: (events) => {
      if (!isOpen) throw new Error('The database connection is not open');
      index.apply(events);
    },
    close: () => {
      isOpen = false;
      index.close();
    },
  };
};
const bound = (index: LogIndex): LogIndex => ({
  head: () => index.head(),
  lastRecordedAt: () => index.lastRecordedAt(),
  revision: (name) => index.revision(name),
  findCommand: (id) => index.findCommand(id),
  readStream: (name, first, last) => index.readStream(name, first, last),
  readRange: (from, to, filter) => index.readRange(from, to, filter),
  commandBoundary: (position) => index.commandBoundary(position),
  apply: (events) => {
    index.apply(events);
  },
  close: () => {
    index.close();
  },
});

/** What the pen brings along of what it has stored since `head`. */
type Bring = (pen: JournaledLog, head: number) => Promise<readonly StoredEvent[]>;

/**
 * Two servers over one journal; `ours` hands to the other for as long as `holder` says so. Where the pen brings
 * something along, our journal never wakes us: then what is read there was needed.
 */
const twoServers = (answer: Answer = takeAll, bring?: Bring) => {
  const journal = memoryJournal();
  const reads: number[] = [];
  const heard: number[] = [];
  const fatal: unknown[] = [];
  const logOver = (readings: number[] = []): JournaledLog =>
    createEventLog({
      index: closable(),
      onFatal: (error) => {
        fatal.push(error);
      },
      journal: {
        journalId: journal.journalId,
        append: (batch, head) => journal.append(batch, head),
        head: () => journal.head(),
        close: async () => undefined,
        read: async (from, max) => {
          readings.push(from);
          return journal.read(from, max);
        },
        heard: (head) => {
          heard.push(head);
        },
        wake: (listener) => (bring !== undefined && readings === reads ? () => undefined : journal.wake(listener)),
      },
    });
  const [pen, own] = [logOver(), logOver(reads)];
  const requests: number[] = [];
  const unreachable: unknown[] = [];
  const state: { holder: PenHolder; answers: boolean } = { holder: { address }, answers: true };
  const peers: Peers = {
    hand: async (to, commits, head) => {
      expect(to).toBe(address);
      requests.push(commits.length);
      try {
        return { answers: await answer(commits, pen), events: (await bring?.(pen, head)) ?? [] };
      } catch (error) {
        throw new PeerUnreachableError(to, error);
      }
    },
    answers: async () => state.answers,
  };
  const ours = new ForwardingEventLog({
    own,
    peers,
    timers: systemTimers,
    pen: () => state.holder,
    staysHere: ({ writes }) => writes.some(({ stream }) => stream.startsWith('lease-')),
    onUnreachable: (error) => {
      unreachable.push(error);
    },
  });
  return {
    ours,
    pen,
    journal,
    reads,
    heard,
    fatal,
    requests,
    unreachable,
    state,
    close: () => Promise.all([ours.close(), pen.close()]),
  };
};

const answerOf = async (result: AppendResult, pen: JournaledLog): Promise<HandedAnswer> =>
  result.outcome === 'conflict'
    ? { ...result, head: await pen.head() }
    : { outcome: result.outcome, last: result.events.at(-1)!.position };
const takeAll = (commits: readonly Commit[], pen: JournaledLog): Promise<readonly HandedAnswer[]> =>
  Promise.all(commits.map(async (each) => answerOf(await pen.append(each), pen)));

describe('commits that are handed to the pen', () => {
  it("go together when they are decided together, and each is answered from this server's own copy", async () => {
    const { ours, requests, close } = twoServers();
    const commits = Array.from({ length: 40 }, (_, at) => commit({ to: `dossier-${at}` }));
    const results = await Promise.all(commits.map((each) => ours.append(each)));
    expect(requests).toEqual([40]);
    expect(ours.handed).toBe(40);
    for (const [at, result] of results.entries())
      expect(result).toMatchObject({
        outcome: 'appended',
        events: [{ commandId: commits[at]!.commandId, stream: `dossier-${at}` }],
      });
    // Read your own write: without a pause, what was answered is here.
    expect(await ours.head()).toBe(40);
    await close();
  });

  it('more than one request takes go in several, none lost', async () => {
    const { ours, requests, close } = twoServers();
    await Promise.all(Array.from({ length: 600 }, (_, at) => append(ours, { to: `dossier-${at}` })));
    expect(requests.toSorted((one, other) => other - one)).toEqual([256, 256, 88]);
    await close();
  });

  it('are repeated where the pen had them before, and conflict only once the own copy holds what the pen saw', async () => {
    const { ours, pen, close } = twoServers();
    const first = commit({ expected: 'none' });
    await pen.append(first);
    await expect(ours.append(first)).resolves.toMatchObject({
      outcome: 'repeated',
      events: [{ commandId: first.commandId }],
    });
    await append(pen, { to: 'dossier-2' });
    await expect(ours.append(commit({ to: 'dossier-2', expected: 'none' }))).resolves.toMatchObject({
      outcome: 'conflict',
      conflicts: [{ stream: 'dossier-2', expected: 'none', actual: 0 }],
    });
    expect(await ours.revisions(['dossier-2' as never])).toEqual([0]);
    await close();
  });

  it("are refused with the pen's own words", async () => {
    const { ours, close } = twoServers(async () => [{ outcome: 'refused', message: 'it has no events' }]);
    await expect(ours.append(commit())).rejects.toMatchObject({
      name: 'CommitRefusedError',
      message: 'it has no events',
    });
    await close();
  });
});

describe('what the pen brings along', () => {
  const everything: Bring = async (pen, head) => (await pen.readAll(head)).events;

  it('is not read from the journal once more, and the journal hears so', async () => {
    const { ours, pen, reads, heard, close } = twoServers(takeAll, everything);
    await ours.head();
    const before = reads.length;
    await append(pen, { to: 'dossier-of-another-server' });
    for (let at = 0; at < 5; at += 1) await append(ours, { to: `dossier-${at}` });
    expect([reads.length - before, heard.at(-1), await ours.head()]).toEqual([0, 6, 6]);
    expect((await ours.readAll(0)).events).toEqual((await pen.readAll(0)).events);
    await close();
  });

  it.each<[string, Bring]>([
    ['nothing', async () => []],
    ['what this server has already', async (pen) => (await pen.readAll(0, { max: 1 })).events],
    ['only a part', async (pen, head) => (await pen.readAll(head, { max: 1 })).events],
    ['what begins too late', async (pen, head) => (await pen.readAll(head + 1)).events],
  ])('may be %s: the rest is read from the journal', async (_, bring) => {
    const { ours, pen, close } = twoServers(takeAll, bring);
    await append(ours);
    await append(pen);
    await append(pen);
    await expect(ours.append(commit({ to: 'dossier-2' }))).resolves.toMatchObject({ outcome: 'appended' });
    expect((await ours.readAll(0)).events).toEqual((await pen.readAll(0)).events);
    await close();
  });

  it('is let go when it comes after the end', async () => {
    const answered = Promise.withResolvers<void>();
    const { ours, requests, fatal, pen } = twoServers(async (commits, log) => {
      await answered.promise;
      return takeAll(commits, log);
    }, everything);
    await ours.head();
    const waiting = ours.append(commit());
    while (requests.length === 0) await systemTimers.sleep(1);
    await ours.close();
    answered.resolve();
    await expect(waiting).rejects.toMatchObject({ name: 'IndeterminateError' });
    expect(fatal).toEqual([]);
    await pen.close();
  });

  it('comes in any order when several requests are under way: whoever reaches farthest is heard', async () => {
    const { ours, pen, close } = twoServers(takeAll, async (log, head) => {
      const { events } = await log.readAll(head);
      await systemTimers.sleep(events.length % 3);
      return events;
    });
    await Promise.all(Array.from({ length: 600 }, (_, at) => append(ours, { to: `dossier-${at}` })));
    expect((await ours.readAll(0)).events).toEqual((await pen.readAll(0)).events);
    await close();
  });
});

describe('a pen that does not decide', () => {
  it.each([
    [
      'is silent',
      async () => {
        throw new Error('timed out');
      },
    ],
    ['says that it cannot tell', async () => [{ outcome: 'undecided', message: 'busy' } as const]],
    ['answers fewer commits than it was handed', async () => []],
  ] satisfies [string, (commits: readonly Commit[], pen: JournaledLog) => Promise<readonly HandedAnswer[]>][])(
    '%s: this server appends itself',
    async (_, answer) => {
      const { ours, journal, close } = twoServers(answer);
      await expect(ours.append(commit())).resolves.toMatchObject({ outcome: 'appended' });
      expect(await journal.head()).toBe(1);
      await close();
    },
  );

  it('stored the commit and was not heard: it stands once', async () => {
    const { ours, journal, close } = twoServers(async (commits, pen) => {
      await takeAll(commits, pen);
      throw new Error('timed out');
    });
    await expect(ours.append(commit())).resolves.toMatchObject({ outcome: 'repeated' });
    expect(await journal.head()).toBe(1);
    await close();
  });

  it('is not asked again until it answers; then it is', async () => {
    let silent = true;
    const { ours, requests, unreachable, state, close } = twoServers(async (commits, pen) => {
      if (silent) throw new Error('frozen');
      return takeAll(commits, pen);
    });
    state.answers = false;
    await append(ours);
    await append(ours);
    expect([requests.length, unreachable.length]).toEqual([1, 1]);
    [silent, state.answers] = [false, true];
    while (requests.length === 1) {
      await append(ours);
      await systemTimers.sleep(50);
    }
    expect(ours.handed).toBe(1);
    await close();
  });
});

describe('what is appended from here', () => {
  it('a lease, whoever holds the pen; everything, when nobody or this server does', async () => {
    const { ours, requests, state, close } = twoServers();
    await append(ours, { to: 'lease-pen' });
    for (const holder of ['nobody', 'self'] as const) {
      state.holder = holder;
      await append(ours);
    }
    expect(requests).toEqual([]);
    await close();
  });

  it('what still waits when this server closes', async () => {
    const { ours, journal, requests, pen } = twoServers();
    const waiting = ours.append(commit());
    await ours.close();
    await expect(waiting).resolves.toMatchObject({ outcome: 'appended' });
    expect([await journal.head(), requests]).toEqual([1, []]);
    await pen.close();
  });
});
