import type { ModelStatus } from '#event-sourcing/projection/projector.js';
import type { MetricList } from './metric-list.js';
import type { MetricsSources } from '#installation/metrics/metrics-sources.js';

/** One question to the sources and where its answer is shown. */
export interface MetricReading {
  readonly source: string;
  /** Nothing when no such source was given. */
  readonly ask: (sources: MetricsSources) => unknown;
  readonly show: (answer: unknown) => void;
  /** Takes away what an earlier scrape showed: an old number that looks like a new one is worse than none. */
  readonly clear: () => void;
}

const states: readonly ModelStatus['state'][] = ['running', 'rebuilding', 'retrying', 'stopped'];

const reading = <T>(
  source: string,
  ask: (sources: MetricsSources) => T | Promise<T> | undefined,
  show: (answer: T) => void,
  clear: () => void,
): MetricReading => ({ source, ask, show: show as (answer: unknown) => void, clear });

/** How the sources fill the metrics that are collected when somebody asks. */
export const metricReadings = (list: MetricList): readonly MetricReading[] => [
  reading(
    'journal',
    ({ head }) => head?.(),
    (events) => {
      list.journalEvents.set(events);
    },
    () => {
      list.journalEvents.remove();
    },
  ),
  reading('read-models', readModels(list).ask, readModels(list).show, () => {
    list.projectionLag.reset();
    list.projectionState.reset();
  }),
  reading(
    'deadlines',
    ({ oldestOverdue }) => oldestOverdue?.(),
    (seconds) => {
      list.overdue.set(seconds);
    },
    () => {
      list.overdue.remove();
    },
  ),
  reading(
    'set-aside',
    ({ setAside }) => setAside?.(),
    (loops) => {
      for (const { loop, rows } of loops) list.setAside.set({ loop }, rows);
    },
    () => {
      list.setAside.reset();
    },
  ),
  reading(
    'storage',
    ({ storageFull }) => storageFull?.(),
    (full) => {
      list.storageFull.set(Number(full));
    },
    () => {
      list.storageFull.remove();
    },
  ),
  reading(
    'redecided',
    ({ redecided }) => redecided?.(),
    (count) => {
      setCounter(list.redecided, count);
    },
    () => {
      list.redecided.remove();
    },
  ),
  reading(
    'handed',
    ({ forwardedCommits }) => forwardedCommits?.(),
    (count) => {
      setCounter(list.forwardedCommits, count);
    },
    () => {
      list.forwardedCommits.remove();
    },
  ),
  ...queues.map(([queue, source]) =>
    reading(
      `queue-${queue}`,
      (sources) => sources[source]?.(),
      (length) => {
        list.queueLength.set({ queue }, length);
      },
      () => {
        list.queueLength.remove({ queue });
      },
    ),
  ),
  reading(
    'mirror',
    ({ mirrorLag }) => mirrorLag?.(),
    (lag) => {
      list.mirrorLag.set(Math.max(0, lag));
    },
    () => {
      list.mirrorLag.remove();
    },
  ),
  reading(
    'leases',
    ({ leases }) => leases?.(),
    (seen) => {
      for (const { name: lease, held, term } of seen) {
        list.leaseHeld.set({ lease }, Number(held));
        list.leaseTerm.set({ lease }, term);
      }
    },
    () => {
      list.leaseHeld.reset();
      list.leaseTerm.reset();
    },
  ),
  reading(
    'readiness',
    ({ readiness }) => readiness?.(),
    (checks) => {
      for (const [check, yes] of Object.entries(checks)) list.readinessCheck.set({ check }, Number(yes));
      list.ready.set(Number(Object.values(checks).every(Boolean)));
    },
    () => {
      list.readinessCheck.reset();
      list.ready.remove();
    },
  ),
  reading(
    'shed',
    ({ shedRequests }) => shedRequests?.(),
    (count) => {
      setCounter(list.requestsShed, count);
    },
    () => {
      list.requestsShed.remove();
    },
  ),
  reading(
    'sockets',
    ({ openSockets }) => openSockets?.(),
    (count) => {
      list.openSockets.set(count);
    },
    () => {
      list.openSockets.remove();
    },
  ),
];

const queues = [
  ['commits', 'waitingCommits'],
  ['readers', 'waitingReaders'],
  ['streams', 'contestedStreams'],
  ['requests', 'waitingRequests'],
] as const;

const readModels = (list: MetricList) => ({
  ask: ({ readModels: status, head }: MetricsSources) =>
    status === undefined || head === undefined
      ? undefined
      : Promise.resolve(head()).then((events) => ({ events, models: status() })),
  show: ({ events, models }: { readonly events: number; readonly models: readonly ModelStatus[] }) => {
    for (const { name: model, state: present, seen } of models) {
      list.projectionLag.set({ model }, Math.max(0, events - 1 - seen));
      for (const state of states) list.projectionState.set({ model, state }, Number(state === present));
    }
  },
});

/** A count that somebody else keeps. */
const setCounter = (counter: MetricList['redecided'], count: number): void => {
  counter.reset();
  counter.inc(count);
};
