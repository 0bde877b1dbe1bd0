import { oneByOneReadStore } from '#event-sourcing/testing/one-by-one-read-store.js';
import type { CrashPoint } from '#event-sourcing/ports/read-store.js';
import { readStoreContract } from '#event-sourcing/testing/read-store-contract.js';
import { memoryReadStore } from './read-store-memory.js';

const none: CrashPoint = () => {};

readStoreContract('memory', async () => {
  let crash = none;
  const store = memoryReadStore({ crashPoint: (name) => crash(name) });
  return {
    open: async (crashPoint = none) => {
      crash = crashPoint;
      return store;
    },
    dispose: () => store.close(),
  };
});

// What a store without transactions can promise: this is the shape that MongoDB's adapter has.
readStoreContract('one document at a time', async () => {
  const kept = memoryReadStore();
  return { open: async (crashPoint = none) => oneByOneReadStore(kept, { crashPoint }), dispose: () => kept.close() };
});
