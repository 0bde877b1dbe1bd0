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
}

/**
 * A subscription that only says that there is more to read; the reading is done by `readStream`. The server ends a subscription that falls
 * behind and none comes back by itself, so it is made again after any end, and each new one counts as news.
 */
export const watchStream = ({ client, stream, timers, onMoved }: WakeOptions): { stop(): Promise<void> } => {
  const life = new AbortController();
  const loop = (async () => {
    for (let pause = pauseFirst; !life.signal.aborted; pause = Math.min(pause * 2, pauseMax)) {
      if (await oneSubscription(client, stream, onMoved, life.signal)) pause = pauseFirst;
      await timers.sleep(pause, life.signal);
    }
  })();
  return { stop: async () => { life.abort(); await loop; } };
};

/** Resolves when it has ended, however it did: whether it ever stood. */
const oneSubscription = (client: KurrentDBClient, stream: string, onMoved: (head?: Position) => void, signal: AbortSignal): Promise<boolean> => new Promise((resolve) => {
  let stood = false;
  const subscription = client.subscribeToStream(stream, { fromRevision: END });
  const end = (): void => {
    signal.removeEventListener('abort', leave);
    // An error that comes after the end is nobody's.
    subscription.removeAllListeners('data').on('error', () => undefined);
    resolve(stood);
  };
  const leave = (): void => { subscription.unsubscribe().then(end, end); };
  signal.addEventListener('abort', leave, { once: true });
  subscription
    .once('confirmation', () => { stood = true; onMoved(); })
    .on('data', ({ event }) => { onMoved(event === undefined ? undefined : Number(event.revision) + 1); })
    .once('error', () => { subscription.unsubscribe().catch(() => undefined); end(); })
    .once('end', end)
    .once('close', end);
  if (signal.aborted) leave();
});
