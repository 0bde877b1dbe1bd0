import { eventLogContract } from '#event-sourcing/testing/event-log-contract.js';
import { memoryJournal } from '../journal-memory/journal-memory.js';
import { memoryEventLog } from './event-log-memory.js';

eventLogContract('memory', async () => {
  const journal = memoryJournal();
  const log = memoryEventLog({ journal });
  return {
    log,
    reopen: async () => {
      await log.close();
      return memoryEventLog({ journal });
    },
  };
});
