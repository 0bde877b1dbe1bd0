import { LRUCache } from 'lru-cache';

/**
 * At most `max` entries, those used longest ago leave first. Grows as it is used: space is not set aside for entries
 * that may never come.
 */
export const recentlyUsed = <Key extends string, Value extends object>(max: number): LRUCache<Key, Value> =>
  new LRUCache({ maxSize: max, sizeCalculation: () => 1 });
