import { Registry } from 'prom-client';
import { EventLoopWatch } from './event-loop-watch.js';
import { metricList, type MetricList } from './metric-list.js';
import type { AnsweredCommand, AnsweredOperation, MetricsSources } from '#installation/metrics/metrics-sources.js';
import { metricReadings, type MetricReading } from './metric-readings.js';

export interface BuildLabels {
  readonly version: string;
  readonly node: string;
  readonly storage: string;
}

/** Milliseconds that one source may take: a scrape is answered within two seconds, whatever hangs. */
export const sourceTimeoutByDefault = 1_500;
/**
 * Milliseconds that a readiness check has here: less than a source, because they answer late exactly when they matter.
 */
export const readinessPatience = 1_000;
/** Names of commands are constants of the program; should that ever change, the series stay bounded all the same. */
const commandNamesMax = 100;
const commandName = /^[A-Z][A-Za-z]{0,63}$/;

/** What one server tells about itself, in a registry of its own: two servers in one process, as in specs, never mix. */
export class Metrics {
  readonly #registry = new Registry();
  readonly list: MetricList = metricList(this.#registry);
  readonly #readings: readonly MetricReading[] = metricReadings(this.list);
  readonly #commandNames = new Set<string>();
  readonly #late = new Set<string>();
  readonly #eventLoop = new EventLoopWatch();
  #sources: MetricsSources = {};
  #scraping: Promise<string> | undefined;

  constructor(
    build: BuildLabels,
    private readonly sourceTimeout = sourceTimeoutByDefault,
  ) {
    // What has no source is absent, and does not look like a nought.
    for (const { clear } of this.#readings) clear();
    this.list.build.set({ ...build }, 1);
    this.list.startedAt.set(Math.round(performance.timeOrigin) / 1_000);
  }

  readonly contentType = this.#registry.contentType;
  /** For the check of documents and dashboards against what is told. */
  names(): readonly string[] {
    return this.#registry.getMetricsAsArray().map(({ name }) => name);
  }

  /** Sources that come later are added; one of the same name takes the place of the earlier one. */
  read(sources: MetricsSources): void {
    this.#sources = { ...this.#sources, ...sources };
  }

  /** The event loop is watched from here on, at the cost of a timer; without it that metric stays empty. */
  watchEventLoop(): void {
    this.#eventLoop.start();
  }
  close(): void {
    this.#eventLoop.stop();
  }

  observeCommand({ name, outcome, seconds }: AnsweredCommand): void {
    const command = this.#bounded(name);
    this.list.commands.inc({ command, outcome });
    this.list.commandDuration.observe({ command }, seconds);
  }

  observeOperation({ operation, outcome, seconds }: AnsweredOperation): void {
    this.list.graphqlRequests.inc({ operation, outcome });
    this.list.graphqlDuration.observe({ operation }, seconds);
  }

  #bounded(name: string): string {
    if (this.#commandNames.has(name)) return name;
    if (this.#commandNames.size >= commandNamesMax || !commandName.test(name)) return 'other';
    this.#commandNames.add(name);
    return name;
  }

  /** The text for Prometheus. Never throws; who asks while another scrape is under way gets that one's answer. */
  scrape(): Promise<string> {
    this.#scraping ??= this.#collect().finally(() => {
      this.#scraping = undefined;
    });
    return this.#scraping;
  }

  async #collect(): Promise<string> {
    await Promise.all(this.#readings.map((reading) => this.#read(reading)));
    this.#readProcess();
    return this.#registry.metrics();
  }

  async #read({ source, ask, show, clear }: MetricReading): Promise<void> {
    // One that has not answered since the scrape before is not asked again: what hangs must not pile up.
    if (this.#late.has(source)) {
      this.#leaveOut(source, clear);
      return;
    }
    try {
      const answer = ask(this.#sources);
      if (answer === undefined) return;
      this.#late.add(source);
      const value = Promise.resolve(answer).finally(() => {
        this.#late.delete(source);
      });
      show(await this.#within(value));
    } catch {
      this.#leaveOut(source, clear);
    }
  }

  #leaveOut(source: string, clear: () => void): void {
    clear();
    this.list.scrapeErrors.inc({ source });
  }

  async #within<T>(value: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error('A source of the metrics did not answer in time'));
      }, this.sourceTimeout);
    });
    try {
      return await Promise.race([value, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #readProcess(): void {
    const { memory, cpu, eventLoopDelay } = this.list;
    const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
    for (const [kind, bytes] of Object.entries({
      resident: rss,
      heap_total: heapTotal,
      heap_used: heapUsed,
      external,
      array_buffers: arrayBuffers,
    }))
      memory.set({ kind }, bytes);
    const { user, system } = process.cpuUsage();
    cpu.reset();
    cpu.inc((user + system) / 1e6);
    for (const [quantile, seconds] of Object.entries(this.#eventLoop.take() ?? {}))
      eventLoopDelay.set({ quantile }, seconds);
  }
}
