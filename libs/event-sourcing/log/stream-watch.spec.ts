import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { systemTimers } from '#adapters/clock-system/clock-system.js';
import { StreamWatch } from './stream-watch.js';
import type { EventLog, StoredEvent } from '../ports/event-log.js';
import type { Position } from '../vocabulary.js';
import { append, pending, stream } from '../testing/commits.js';

const fill = async (log: EventLog, to: string, count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 500)
    await append(log, { to, events: Array.from({ length: Math.min(left, 500) }, () => pending()) });
};
const watchOf = (log: EventLog, catchUpsMax?: number): StreamWatch =>
  new StreamWatch({
    log,
    timers: systemTimers,
    category: 'dossier',
    onError: (error) => {
      throw error;
    },
    catchUpsMax,
  });
const read = async (watch: StreamWatch, name: string, from: Position, wanted: number): Promise<readonly Position[]> => {
  const stop = new AbortController();
  const events: StoredEvent[] = [];
  for await (const page of watch.read(stream(name), from, stop.signal)) {
    events.push(...page);
    if (events.length >= wanted) stop.abort();
  }
  return events.map(({ position }) => position);
};

describe('stream watch', () => {
  it('gives one stream from a position on, then what comes, missing and repeating nothing', async () => {
    const log = memoryEventLog();
    const watch = watchOf(log);
    await fill(log, 'dossier-1', 3);
    await fill(log, 'dossier-2', 3);
    await fill(log, 'dossier-1', 2);
    const reading = read(watch, 'dossier-1', 2, 5);
    await fill(log, 'dossier-2', 1);
    await fill(log, 'dossier-1', 2);
    expect(await reading).toEqual([2, 6, 7, 9, 10]);
  });

  it.each([0, 1, 99, 100, 101, 250, 399, 400])('finds where to begin in a long stream: %s', async (from) => {
    const log = memoryEventLog();
    await fill(log, 'dossier-1', 400);
    const reading = read(watchOf(log), 'dossier-1', from, 401 - from);
    await fill(log, 'dossier-1', 1);
    expect(await reading).toEqual(Array.from({ length: 401 - from }, (_, n) => from + n));
  });

  it('hears of a stream that did not exist, and follows again after everybody had gone', async () => {
    const log = memoryEventLog();
    const watch = watchOf(log);
    for (const round of [0, 1]) {
      const reading = read(watch, `dossier-${round}`, 0, 1);
      await new Promise(setImmediate);
      await fill(log, `dossier-${round}`, 1);
      expect(await reading).toHaveLength(1);
    }
  });

  it('100 readers from the first position read their own stream alone, few at a time, and leave turns to others', async () => {
    const inner = memoryEventLog();
    for (let dossier = 0; dossier < 100; dossier += 1) await fill(inner, `dossier-${dossier}`, 700);
    let [reading, readingMax, pages, turns] = [0, 0, 0, 0];
    const log = Object.create(inner, {
      readStream: {
        value: async (...given: Parameters<EventLog['readStream']>) => {
          reading += 1;
          pages += 1;
          readingMax = Math.max(readingMax, reading);
          const page = await inner.readStream(...given);
          reading -= 1;
          return page;
        },
      },
      subscribe: { value: inner.subscribe.bind(inner) },
      head: { value: inner.head.bind(inner) },
    }) as EventLog;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const watch = watchOf(log, 4);
    const all = await Promise.all(Array.from({ length: 100 }, (_, n) => read(watch, `dossier-${n}`, 0, 700)));
    counting = false;
    expect(all.map((positions) => positions.length)).toEqual(Array.from({ length: 100 }, () => 700));
    expect(readingMax).toBeLessThanOrEqual(4);
    // Seven pages forwards and as many backwards, each behind a turn of the event loop; four at a time.
    expect(pages).toBeLessThan(100 * 16);
    expect(turns).toBeGreaterThan(300);
  });
});
