export interface KeptEvent {
  readonly id: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly custom: Uint8Array;
  readonly data: Uint8Array;
  readonly revision: number;
}
export type Expected =
  { readonly kind: 'any' | 'none' | 'exists' } | { readonly kind: 'revision'; readonly revision: number };
export type AppendOutcome = { readonly current: number } | { readonly wrong: number };

/**
 * The streams of a server that keeps its promises: exact revisions, and a repeated append answered as the first time.
 */
export class StreamStore {
  readonly streams = new Map<string, KeptEvent[]>();
  readonly #listeners = new Set<(stream: string) => void>();

  /**
   * `current`: revision of the last event of the append, also of one that was stored before. `wrong`: where the stream
   * stands, -1 for none.
   */
  append(stream: string, expected: Expected, events: readonly Omit<KeptEvent, 'revision'>[]): AppendOutcome {
    const kept = this.streams.get(stream) ?? [];
    const from = expected.kind === 'none' ? 0 : expected.kind === 'revision' ? expected.revision + 1 : kept.length;
    if (expected.kind === 'exists' && kept.length === 0) return { wrong: -1 };
    if (from !== kept.length) {
      const repeated = from < kept.length && events.every(({ id }, place) => kept[from + place]?.id === id);
      return repeated ? { current: from + events.length - 1 } : { wrong: kept.length - 1 };
    }
    for (const event of events) kept.push({ ...event, revision: kept.length });
    this.streams.set(stream, kept);
    for (const listener of this.#listeners) listener(stream);
    return { current: kept.length - 1 };
  }

  /** Nothing: there is no such stream. */
  read(
    stream: string,
    from: number | 'start' | 'end',
    backwards: boolean,
    count: number,
  ): readonly KeptEvent[] | undefined {
    const kept = this.streams.get(stream);
    if (kept === undefined) return undefined;
    if (!backwards) {
      const first = from === 'start' ? 0 : from === 'end' ? kept.length : from;
      return kept.slice(first, first + count);
    }
    const last = from === 'end' ? kept.length - 1 : from === 'start' ? 0 : Math.min(from, kept.length - 1);
    return kept.slice(Math.max(0, last - count + 1), last + 1).toReversed();
  }

  /** Calls back after each append. Returns the way to stop. */
  follow(listener: (stream: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
