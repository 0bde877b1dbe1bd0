import type { Beat, Heartbeats } from '#event-sourcing/ports/heartbeats.js';

/** Signs of life within one process; servers in it share one object. */
export const memoryHeartbeats = (): Heartbeats => {
  const beats = new Map<string, Beat>();
  return {
    async beat(lease, holder, term) {
      const last = beats.get(lease);
      if (last !== undefined && last.term > term) return false;
      beats.set(lease, { lease, holder, term, count: (last?.count ?? 0) + 1 });
      return true;
    },
    async look() {
      return [...beats.values()];
    },
    async close() {
      /* Those who share it go on. */
    },
  };
};
