import { heartbeatsContract } from '#event-sourcing/testing/heartbeats-contract.js';
import { memoryHeartbeats } from './heartbeats-memory.js';

heartbeatsContract('memory', async () => memoryHeartbeats());
