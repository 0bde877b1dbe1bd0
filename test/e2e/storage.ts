import { systemClock, systemIds, systemTimers } from '#adapters/clock-system/clock-system.js';
import type { OrganisationId } from '#event-sourcing/vocabulary.js';
import { openThrowawayStorage } from '#installation/cluster/throwaway-storage.js';
import { openInMemory, type EmbeddedOptions } from '#installation/embedded.js';
import { Installation } from '#installation/installation.js';

/** In memory, or, for `npm run test:live`, on the servers that it names: the same end-to-end tests on both. */
export const openTestInstallation = async (
  options: Pick<EmbeddedOptions, 'clock' | 'timers' | 'ids'> = {},
): Promise<Installation> => {
  if (process.env['TEST_STORAGE'] !== 'eventstoredb-mongodb') return openInMemory(options);
  const { clock = systemClock, timers = systemTimers, ids = systemIds } = options;
  const { clear, ...adapters } = await openThrowawayStorage({
    eventStoreUrl: process.env['EVENTSTOREDB_URL']!,
    mongoUrl: process.env['MONGODB_URL']!,
    clock,
  });
  const installation = await Installation.open({
    ...adapters,
    clock,
    timers,
    ids,
    organisation: 'default' as OrganisationId,
  });
  const close = installation.close.bind(installation);
  installation.close = async () => {
    await close();
    await clear();
  };
  return installation;
};
