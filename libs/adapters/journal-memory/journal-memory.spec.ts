import { journalContract } from '#event-sourcing/testing/journal-contract.js';
import { memoryJournal } from './journal-memory.js';

journalContract('memory', async () => {
  const journal = memoryJournal();
  return { journal, other: journal, reopen: async () => journal };
});
