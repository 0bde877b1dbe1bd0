import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Configuration } from '#installation/configuration.js';
import type { Log } from '../logging/log.js';
import type { Metrics } from './metrics.js';
import { openMetricsListener, type MetricsListener } from './metrics-listener.js';

/** Opens the port of the metrics with the server and closes it with it, where the settings name one. */
export class MetricsEndpoint implements OnApplicationBootstrap, OnApplicationShutdown {
  #listener: MetricsListener | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly configuration: Pick<Configuration, 'metrics'>,
    private readonly log: Log,
  ) {}

  /** Nothing while it does not listen. */
  get port(): number | undefined {
    return this.#listener?.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.configuration.metrics === undefined) return;
    this.metrics.watchEventLoop();
    this.#listener = await openMetricsListener({
      ...this.configuration.metrics,
      metrics: this.metrics,
      onError: (error) => {
        this.log.failure('The metrics could not be told', error);
      },
    });
    this.log.info('Metrics are told', { host: this.configuration.metrics.host, port: this.#listener.port });
  }

  async onApplicationShutdown(): Promise<void> {
    this.metrics.close();
    await this.#listener?.close();
  }
}
