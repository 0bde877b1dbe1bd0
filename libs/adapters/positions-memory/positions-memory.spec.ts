import type { KeptPosition } from '#event-sourcing/ports/positions.js';
import { positionsContract } from '#event-sourcing/testing/positions-contract.js';
import { memoryPositions } from './positions-memory.js';

positionsContract('memory', async () => {
  const kept = new Map<string, KeptPosition>();
  return async () => memoryPositions(kept);
});
