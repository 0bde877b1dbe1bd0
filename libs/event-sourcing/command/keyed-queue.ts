/**
 * One waiting line per name. In-process only: it spares work that a conflict would undo, correctness never rests on it.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Runs `work` when everybody who asked for any of `names` before has finished. Names are taken in one synchronous
   * step, so no two callers can wait for each other.
   */
  async run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    let release!: () => void;
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const before: Promise<void>[] = [];
    const taken = [...new Set(names)];
    for (const name of taken) {
      const tail = this.#tails.get(name);
      if (tail !== undefined) before.push(tail);
      this.#tails.set(name, mine);
    }
    if (before.length > 0) await Promise.all(before);
    try {
      return await work();
    } finally {
      for (const name of taken) if (this.#tails.get(name) === mine) this.#tails.delete(name);
      release();
    }
  }

  get length(): number {
    return this.#tails.size;
  }
}
