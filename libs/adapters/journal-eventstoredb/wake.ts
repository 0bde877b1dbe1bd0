import { END, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { Timers } from '#event-sourcing/ports/clock.js';
import type { Position } from '#event-sourcing/vocabulary.js';

/** Milliseconds until a subscription that ended is made again: doubled each time it ends before it stood, up to the second. */
const pauseFirst = 20;
const pauseMax = 2_000;

export interface WakeOptions {
  readonly client: KurrentDBClient;
  readonly stream: string;
  readonly timers: Timers;
  /** Hears that the stream is at least so long, or, without a length, that something may have been missed. */
  readonly onMoved: (head?: Position) => void;
  /** Milliseconds until the next subscription, after one that had something to say. */
  readonly rest: () => number;
}

/**
 * A subscription that only says that there is more to read; the reading is done by `readStream`. It ends with the first event that it hears:
 * to decode every one once more costs an appending server almost half of what it can append. It is made again after a rest, as after an end
 * that the server made, and each new one counts as news.
 */
export const watchStream = ({ client, stream, timers, onMoved, rest }: WakeOptions): { stop(): Promise<void> } => {
  const life = new AbortController();
  const loop = (async () => {
    for (let pause = pauseFirst; !life.signal.aborted; pause = Math.min(pause * 2, pauseMax)) {
      const ended = await oneSubscription(client, stream, onMoved, life.signal);
      if (ended !== 'never stood') pause = pauseFirst;
      await timers.sleep(ended === 'heard' ? rest() : pause, life.signal);
    }
  })();
  return { stop: async () => { life.abort(); await loop; } };
};

/** Resolves when it has ended, however it did. */
const oneSubscription = (client: KurrentDBClient, stream: string, onMoved: (head?: Position) => void, signal: AbortSignal): Promise<'heard' | 'stood' | 'never stood'> => new Promise((resolve) => {
  let how: 'heard' | 'stood' | 'never stood' = 'never stood';
  const subscription = client.subscribeToStream(stream, { fromRevision: END });
  const end = (): void => {
    signal.removeEventListener('abort', leave);
    // An error that comes after the end is nobody's.
    subscription.removeAllListeners('data').on('error', () => undefined);
    resolve(how);
  };
  // Not waited for: the client answers only when it has a connection.
  const leave = (): void => { subscription.unsubscribe().catch(() => undefined); end(); };
  signal.addEventListener('abort', leave, { once: true });
  subscription
    .once('confirmation', () => { how = 'stood'; onMoved(); })
    .once('data', ({ event }) => { how = 'heard'; onMoved(event === undefined ? undefined : Number(event.revision) + 1); leave(); })
    .once('error', () => { subscription.unsubscribe().catch(() => undefined); end(); })
    .once('end', end)
    .once('close', end);
  if (signal.aborted) leave();
});
