import { END, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { Timers } from '#event-sourcing/ports/clock.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import type { Patience } from './answered.js';
import type { EventStoreClients } from './connection.js';

/**
 * Milliseconds until a subscription that ended is made again: doubled each time it ends before it stood, up to the
 * second.
 */
const pauseFirst = 20;
const pauseMax = 2_000;

/**
 * Milliseconds that one subscription is believed while it says nothing: a wire that is dead without a word says nothing
 * either.
 */
const silenceMax = 5_000;

export interface WakeOptions {
  readonly clients: EventStoreClients;
  readonly stream: string;
  readonly patience: Pick<Patience, 'timers' | 'renew'>;
  /** Hears that the stream is at least so long, or, without a length, that something may have been missed. */
  readonly onMoved: (head?: Position) => void;
  /** Milliseconds until the next subscription, after one that had something to say. */
  readonly rest: () => number;
}

/**
 * A subscription that only says that there is more to read; the reading is done by `readStream`. It ends with the first
 * event that it hears:
 * to decode every one once more costs an appending server almost half of what it can append. It is made again after a
 * rest, as after an end
 * that the server made or after a silence, and each new one counts as news.
 */
export const watchStream = ({
  clients,
  stream,
  patience: { timers, renew },
  onMoved,
  rest,
}: WakeOptions): { stop(): Promise<void> } => {
  const life = new AbortController();
  const loop = (async () => {
    for (let [pause, failed] = [pauseFirst, 0]; !life.signal.aborted; pause = Math.min(pause * 2, pauseMax)) {
      const ended = await oneSubscription(clients.reader, stream, onMoved, timers, life.signal);
      failed = ended === 'never stood' ? failed + 1 : 0;
      if (failed === 0) pause = pauseFirst;
      // As for a question: the first time the client mends what was cut.
      if (failed > 1 && !life.signal.aborted) renew();
      await timers.sleep(ended === 'heard' ? rest() : pause, life.signal);
    }
  })();
  return {
    stop: async () => {
      life.abort();
      await loop;
    },
  };
};

/** Resolves when it has ended, however it did. */
const oneSubscription = (
  client: KurrentDBClient,
  stream: string,
  onMoved: (head?: Position) => void,
  timers: Timers,
  signal: AbortSignal,
): Promise<'heard' | 'stood' | 'never stood'> =>
  new Promise((resolve) => {
    let how: 'heard' | 'stood' | 'never stood' = 'never stood';
    const subscription = client.subscribeToStream(stream, { fromRevision: END });
    const ended = new AbortController();
    const end = (): void => {
      ended.abort();
      signal.removeEventListener('abort', leave);
      // An error that comes after the end is nobody's.
      subscription.removeAllListeners('data').on('error', () => undefined);
      resolve(how);
    };
    // Not waited for: the client answers only when it has a connection.
    const leave = (): void => {
      subscription.unsubscribe().catch(() => undefined);
      end();
    };
    signal.addEventListener('abort', leave, { once: true });
    timers.sleep(silenceMax, ended.signal).then(() => {
      if (!ended.signal.aborted) leave();
    }, leave);
    subscription
      .once('confirmation', () => {
        how = 'stood';
        onMoved();
      })
      .once('data', ({ event }) => {
        how = 'heard';
        onMoved(event === undefined ? undefined : Number(event.revision) + 1);
        leave();
      })
      .once('error', () => {
        subscription.unsubscribe().catch(() => undefined);
        end();
      })
      .once('end', end)
      .once('close', end);
    if (signal.aborted) leave();
  });
