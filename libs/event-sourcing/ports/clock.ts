import type { EventId, Instant } from '../vocabulary.js';

/**
 * The only sources of time, waiting and chance outside the adapters. Simulated clocks and seeded ids implement the same
 * ports.
 */
export interface Clock {
  now(): Instant;
}
export interface Timers {
  /** Resolves after `milliseconds`, or at once when `signal` aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
/** Time that passes whatever the clock is set to, also while the process is frozen. */
export interface Stopwatch {
  /** Milliseconds since some moment; never goes back. */
  elapsed(): number;
}
export interface Ids {
  /** UUID version 7. */
  uuid(): EventId;
  /** 16 bytes that nobody can guess, for salts; cheap. */
  bytes(count: number): Uint8Array;
}
/** Certain: nothing was stored. The clock cannot be believed; the same command may be sent again once it can. */
export class ClockHeldError extends Error {
  override readonly name = 'ClockHeldError';
}
