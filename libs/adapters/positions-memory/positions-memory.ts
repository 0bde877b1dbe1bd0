import type { KeptPosition, Positions } from '#event-sourcing/ports/positions.js';

/** Positions that end with this process, unless `kept` outlives it. */
export const memoryPositions = (kept = new Map<string, KeptPosition>()): Positions => ({
  async get(name) {
    return kept.get(name);
  },
  async keep(name, next) {
    if ((kept.get(name)?.version ?? 0) !== next.version - 1) return false;
    kept.set(name, next);
    return true;
  },
  async close() {
    /* Nothing to give back. */
  },
});
