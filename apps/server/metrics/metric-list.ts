import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Seconds. From a command that only reads memory to one that waited for another server to come back. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Every metric of the product, in a registry of its own. `docs/reference/metrics.md` is checked against this list. */
export const metricList = (registry: Registry) => {
  const registers = [registry];
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Histogram<Label> =>
    new Histogram({ name, help, labelNames, buckets, registers });
  return {
    build: gauge('baobei_build_info', 'Always 1; what runs stands in the labels.', 'version', 'node', 'storage'),
    ready: gauge('baobei_ready', '1 when every readiness check says yes.'),
    readinessCheck: gauge('baobei_readiness_check', '1 when this readiness check says yes.', 'check'),
    journalEvents: gauge('baobei_journal_events', 'Events in the journal, as far as this server has read it.'),
    projectionLag: gauge(
      'baobei_projection_lag_events',
      'Events in the journal that this read model has still to see.',
      'model',
    ),
    projectionState: gauge('baobei_projection_state', '1 for the state that this read model is in.', 'model', 'state'),
    overdue: gauge(
      'baobei_deadline_overdue_seconds',
      'How long the oldest deadline that has come waits to be met; 0 when none does.',
    ),
    setAside: gauge(
      'baobei_rows_set_aside',
      'What a loop (deadlines, a reaction) could not do and tries again with growing distance.',
      'loop',
    ),
    storageFull: gauge('baobei_storage_full', '1 when the last append found no space.'),
    queueLength: gauge(
      'baobei_queue_length',
      'What waits: commits for a batch, readers for their own write, streams on which commands take turns, requests for their turn.',
      'queue',
    ),
    mirrorLag: gauge('baobei_mirror_lag_events', 'Events in the shared journal that this server has not read yet.'),
    leaseHeld: gauge('baobei_lease_held', '1 when this server holds this lease.', 'lease'),
    leaseTerm: gauge(
      'baobei_lease_term',
      'How often somebody took this lease, as far as this server has read.',
      'lease',
    ),
    forwardedCommits: counter(
      'baobei_commits_handed_total',
      'Commits that were handed to the server that holds the pen.',
    ),
    redecided: counter('baobei_commands_redecided_total', 'Commands decided again because another writer was first.'),
    commands: counter('baobei_commands_total', 'Commands by what came of them.', 'command', 'outcome'),
    commandDuration: histogram(
      'baobei_command_duration_seconds',
      'From a command to its answer, whatever it was.',
      'command',
    ),
    graphqlRequests: counter(
      'baobei_graphql_requests_total',
      'GraphQL operations over HTTP by what came of them.',
      'operation',
      'outcome',
    ),
    graphqlDuration: histogram(
      'baobei_graphql_duration_seconds',
      'From a GraphQL operation to its answer, over HTTP.',
      'operation',
    ),
    requestsShed: counter('baobei_requests_shed_total', 'Requests turned away because too many were waiting.'),
    openSockets: gauge('baobei_open_sockets', 'WebSockets that are open for subscriptions.'),
    eventLoopDelay: gauge(
      'baobei_event_loop_delay_seconds',
      'How late the event loop was since the scrape before.',
      'quantile',
    ),
    memory: gauge('baobei_process_memory_bytes', 'Memory of this process, by kind.', 'kind'),
    cpu: counter('baobei_process_cpu_seconds_total', 'Processor time that this process has used.'),
    startedAt: gauge('baobei_process_start_time_seconds', 'When this process began, in seconds since 1970.'),
    scrapeErrors: counter(
      'baobei_scrape_errors_total',
      'Sources that failed or were too late, and were left out of a scrape.',
      'source',
    ),
  };
};

export type MetricList = ReturnType<typeof metricList>;
