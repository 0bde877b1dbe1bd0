import type { EdgeLimits } from '#graphql/limits.js';

/** Somebody who waits for a place; told whether it got one. */
type Waiting = (entered: boolean) => void;

/**
 * Lets as many requests work at once as this process can do well, lets a few wait a moment, and turns the rest away at
 * once: what is taken is answered in time, and who is turned away knows it before it has cost anything.
 */
export class OverloadGate {
  #working = 0;
  readonly #waiting = new Set<Waiting>();
  /** Requests that were turned away. */
  shed = 0;

  constructor(
    private readonly limits: Pick<EdgeLimits, 'requestsWorkingMax' | 'requestsWaitingMax' | 'requestWaitMax'>,
  ) {}

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whoever comes now is turned away. */
  get full(): boolean {
    return this.#working >= this.limits.requestsWorkingMax && this.#waiting.size >= this.limits.requestsWaitingMax;
  }

  /** True: work, and `leave` when it is done. False: turned away. Who goes while it waits aborts `gone`. */
  async enter(gone: AbortSignal): Promise<boolean> {
    if (this.#working < this.limits.requestsWorkingMax) {
      this.#working += 1;
      return true;
    }
    const entered = !this.full && (await this.#turn(gone));
    if (!entered) this.shed += 1;
    return entered;
  }

  leave(): void {
    const [first] = this.#waiting;
    if (first === undefined) this.#working -= 1;
    else first(true);
  }

  #turn(gone: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const tell: Waiting = (entered) => {
        clearTimeout(timer);
        gone.removeEventListener('abort', left);
        this.#waiting.delete(tell);
        resolve(entered);
      };
      const left = (): void => {
        tell(false);
      };
      const timer = setTimeout(left, this.limits.requestWaitMax);
      gone.addEventListener('abort', left, { once: true });
      this.#waiting.add(tell);
    });
  }
}
