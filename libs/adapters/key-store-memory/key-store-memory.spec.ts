import { keyStoreContract } from '#event-sourcing/testing/key-store-contract.js';
import { memoryKeyStore } from './key-store-memory.js';

keyStoreContract('memory', async () => ({ store: memoryKeyStore() }));
