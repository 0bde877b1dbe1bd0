import type { ClusterNode } from '../cluster/cluster-node.js';
import { deadlines, notices, pen, projections } from '../cluster/cluster-node.js';
import type { MetricsSources } from './metrics-sources.js';

/** What one of several servers tells besides what every installation does. */
export const clusterSources = ({ log, leases }: Pick<ClusterNode, 'log' | 'leases'>): MetricsSources => ({
  mirrorLag: async () => (await log.journalHead()) - (await log.head()),
  waitingCommits: () => log.waiting,
  forwardedCommits: () => log.handed,
  leases: () => {
    const terms = leases.terms();
    return [pen, projections, notices, deadlines].map((name) => ({
      name,
      held: leases.holds(name),
      term: terms.get(name) ?? 0,
    }));
  },
});
