import type { EventFilter, EventLog, StoredEvent } from '../ports/event-log.js';
import type { Position } from '../vocabulary.js';
import { append, pending, plain, readWhole, seededRandom } from './commits.js';
import type { OpenLog } from './event-log-contract.js';

/** Follows from a position until `enough` says so; answers with what came and where to go on. */
const follow = async (
  log: EventLog,
  from: Position,
  enough: (events: readonly StoredEvent[]) => boolean,
  filter: EventFilter = {},
): Promise<{ readonly events: readonly StoredEvent[]; readonly next: Position }> => {
  const stop = new AbortController();
  const events: StoredEvent[] = [];
  let next = from;
  for await (const slice of log.subscribe(from, { ...filter, signal: stop.signal })) {
    events.push(...slice.events);
    next = slice.next;
    if (enough(events)) stop.abort();
  }
  return { events, next };
};

const appendMany = async (log: EventLog, commands: number): Promise<void> => {
  for (let command = 0; command < commands; command += 1)
    await append(log, {
      to: `dossier-${command % 5}`,
      events: Array.from({ length: (command % 3) + 1 }, () => pending()),
    });
};

export const subscribingPromises = (open: OpenLog): void => {
  describe('subscribing', () => {
    it('gives what was there, then what comes, missing and repeating nothing', async () => {
      const { log } = await open();
      await appendMany(log, 20);
      const following = follow(log, 0, (events) => events.length === 80);
      await appendMany(log, 20);
      await append(log, { events: [pending(), pending()] });
      const { events, next } = await following;
      expect(plain(events)).toEqual(plain((await readWhole(log)).slice(0, 80)));
      expect(next).toBe(80);
    });

    it('misses and repeats nothing over 300 reconnects at random moments, around the hand-over and over restarts', async () => {
      const { log: first, reopen } = await open();
      const seed = Date.now() % 1_000_000;
      const random = seededRandom(seed);
      const seen: StoredEvent[] = [];
      let log = first;
      for (let reconnect = 0, next: Position = 0; reconnect < 300; reconnect += 1) {
        if (reconnect % 60 === 59) log = await reopen();
        const wanted = Math.floor(random() * 6) + 1;
        const following = follow(log, next, (events) => events.length >= wanted);
        await appendMany(log, 3);
        const { events, next: reached } = await following;
        seen.push(...events);
        next = reached;
      }
      const positions = seen.map(({ position }) => position);
      expect({ seed, positions }).toEqual({ seed, positions: positions.map((_, place) => place) });
      expect(plain(seen)).toEqual(plain((await readWhole(log)).slice(0, seen.length)));
    });

    it('passes only what the filter wants and still says how far it has seen', async () => {
      const { log } = await open();
      const following = follow(log, 0, (events) => events.length === 2, {
        categories: ['standing'],
        types: ['Penalized'],
      });
      await appendMany(log, 4);
      await append(log, { to: 'standing-a', events: [pending('OffenceFound'), pending('Penalized')] });
      await append(log, { to: 'standing-a', events: [pending('Penalized')] });
      const { events, next } = await following;
      expect(events.map(({ position, type }) => [position, type])).toEqual([
        [8, 'Penalized'],
        [9, 'Penalized'],
      ]);
      expect(next).toBe(10);
    });

    it('never ends a slice inside a command while others write', async () => {
      const { log } = await open();
      const stop = new AbortController();
      const ends: (readonly [number, number])[] = [];
      const following = (async () => {
        for await (const { events } of log.subscribe(0, { signal: stop.signal })) {
          ends.push([events.at(-1)!.step, events.at(-1)!.of]);
          if (events.at(-1)!.position === 99) stop.abort();
        }
      })();
      await Promise.all(
        Array.from({ length: 20 }, (_, writer) =>
          append(log, { to: `dossier-${writer}`, events: Array.from({ length: 5 }, () => pending()) }),
        ),
      );
      await following;
      expect(ends.length).toBeGreaterThan(0);
      expect(ends.every(([step, of]) => step === of)).toBe(true);
    });

    it('waits for a slow consumer and holds nothing for it', async () => {
      const { log } = await open();
      const stop = new AbortController();
      const slices = log.subscribe(0, { signal: stop.signal })[Symbol.asyncIterator]();
      await appendMany(log, 6);
      const first = await slices.next();
      await appendMany(log, 6);
      const second = await slices.next();
      stop.abort();
      expect(first.value).toMatchObject({ next: 12 });
      expect(second.value).toMatchObject({ next: 24 });
      expect(await slices.next()).toEqual({ done: true, value: undefined });
    });

    it('ends when it is aborted or the log is closed, also while it waits', async () => {
      const { log } = await open();
      const stopped = AbortSignal.abort();
      const stop = new AbortController();
      const followers = [stopped, stop.signal, new AbortController().signal].map(async (signal) => {
        for await (const slice of log.subscribe(0, { signal })) expect(slice).toBeUndefined();
        return 'ended';
      });
      // Until both wait for events that never come.
      for (let turns = 0; turns < 5; turns += 1)
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      stop.abort();
      expect(await Promise.all(followers.slice(0, 2))).toEqual(['ended', 'ended']);
      await log.close();
      expect(await followers[2]).toBe('ended');
    });
  });
};
