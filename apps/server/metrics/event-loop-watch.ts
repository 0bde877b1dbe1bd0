import { createHistogram } from 'node:perf_hooks';

/** Milliseconds between two looks. */
const interval = 20;
const microseconds = 1_000;

/**
 * How late the event loop is: how much later than asked a timer comes. Node's own monitor forgets what goes on while it
 * is reset, so a loop
 * that is held right after a scrape would never be told of.
 */
export class EventLoopWatch {
  readonly #delays = createHistogram();
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  start(): void {
    this.#last = performance.now();
    this.#timer ??= setInterval(() => {
      const now = performance.now();
      this.#delays.record(Math.max(1, Math.round((now - this.#last - interval) * microseconds)));
      this.#last = now;
    }, interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Seconds, by quantile, since it was asked before; nothing when it did not look since. */
  take(): Readonly<Record<'0.5' | '0.9' | '0.99' | '1', number>> | undefined {
    if (this.#delays.count === 0) return undefined;
    const seconds = (value: number): number => value / (1_000 * microseconds);
    const at = (percent: number): number => seconds(this.#delays.percentile(percent));
    const taken = { 0.5: at(50), 0.9: at(90), 0.99: at(99), 1: seconds(this.#delays.max) };
    this.#delays.reset();
    return taken;
  }
}
