import { randomBytes } from 'node:crypto';
import type { Clock, Ids, Stopwatch, Timers } from '#event-sourcing/ports/clock.js';
import type { EventId, Instant } from '#event-sourcing/vocabulary.js';

export const systemClock: Clock = { now: () => new Date().toISOString() as Instant };

export const systemStopwatch: Stopwatch = { elapsed: () => performance.now() };

/** Node's timers fire at once when asked to wait longer than this. */
const timerMax = 2 ** 31 - 1;

export const systemTimers: Timers = {
  async sleep(milliseconds, signal) {
    for (let left = milliseconds; left > 0 && signal?.aborted !== true; left -= timerMax)
      await sleepOnce(Math.min(left, timerMax), signal);
  },
};

const sleepOnce = (milliseconds: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake, { once: true });
  });

/** Random bytes are drawn this many at a time: asking the system for each salt would cost more than sealing. */
const drawn = 16_384;

/**
 * Ids that rise within the process, also when the clock stands still or goes back: 48 bits of milliseconds, a 12-bit
 * counter, 62 random bits.
 * When a millisecond's counter is used up the ids run ahead of the clock by one.
 */
export const createIds = (milliseconds: () => number = Date.now): Ids => {
  let pool = Buffer.alloc(0);
  let last = 0;
  let counter = 0;
  const bytes = (count: number): Uint8Array => {
    if (count > drawn) return randomBytes(count);
    // A new pool each time, never the old one filled again: bytes that were handed out stay as they are.
    if (pool.length < count) pool = randomBytes(drawn);
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  };
  const uuid = (): EventId => {
    const now = milliseconds();
    const random = bytes(10);
    if (now > last) {
      last = now;
      // Starts in the lower half: room for 2,048 more in this millisecond.
      counter = ((random[0]! << 8) | random[1]!) & 0x7ff;
    } else if (counter < 0xfff) {
      counter += 1;
    } else {
      last += 1;
      counter = 0;
    }
    const time = last.toString(16).padStart(12, '0');
    const rest = Buffer.from(random.buffer, random.byteOffset + 2, 8).toString('hex');
    const variant = ((random[2]! & 0x3f) | 0x80).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${rest.slice(2, 4)}-${rest.slice(4)}` as EventId;
  };
  return { uuid, bytes };
};

export const systemIds: Ids = createIds();
