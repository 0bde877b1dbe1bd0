/** Milliseconds before the first repetition, and the longest pause before one. */
const pauseFirst = 100;
const pauseMax = 10_000;

/** The pause before something is tried again: doubled each time, until something works. */
export class GrowingPause {
  #milliseconds = 0;

  next(): number {
    this.#milliseconds = Math.min(Math.max(this.#milliseconds * 2, pauseFirst), pauseMax);
    return this.#milliseconds;
  }

  reset(): void {
    this.#milliseconds = 0;
  }
}
