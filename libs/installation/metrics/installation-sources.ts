import type { Instant } from '#event-sourcing/vocabulary.js';
import { due } from '#features/deadline/due/due.js';
import type { Installation } from '../installation.js';
import type { MetricsSources } from './metrics-sources.js';

/** What an installation tells of itself, on whatever storage. */
export const installationSources = (installation: Installation): MetricsSources => {
  const {
    engine,
    progress,
    parts: { log },
  } = installation;
  return {
    head: () => log.head(),
    readModels: () => progress.status(),
    oldestOverdue: () => oldestOverdue(installation),
    setAside: () => installation.setAside(),
    redecided: () => engine.redecided,
    storageFull: () => engine.storageFull,
    waitingReaders: () => progress.waiting,
    contestedStreams: () => engine.contested,
    ...('waiting' in log ? { waitingCommits: () => log.waiting as number } : {}),
  };
};

const oldestOverdue = async ({ readings, clock }: Installation): Promise<number> => {
  const now = clock.now();
  const { rows } = await (
    await readings.of(due)
  ).page({ where: { dueAt: { below: now } }, order: [{ field: 'dueAt', direction: 'ascending' }], first: 1 });
  const [oldest] = rows;
  return oldest === undefined ? 0 : secondsBetween(oldest.document.dueAt, now);
};

const secondsBetween = (from: Instant, to: Instant): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
