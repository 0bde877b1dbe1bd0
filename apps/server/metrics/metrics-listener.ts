import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

export interface MetricsListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly metrics: Pick<Metrics, 'scrape' | 'contentType'>;
  readonly onError: (error: unknown) => void;
}
export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

const requestTimeout = 10_000;
const connectionsMax = 16;

/**
 * Answers `GET /metrics` and nothing else, on a port that only whoever watches the servers needs to reach. Rejects as
 * `listen` does.
 */
export const openMetricsListener = async (options: MetricsListenerOptions): Promise<MetricsListener> => {
  const server = createServer(
    { requestTimeout, headersTimeout: requestTimeout, keepAliveTimeout: requestTimeout },
    (request, response) => {
      void answer(options, request, response);
    },
  );
  server.maxConnections = connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, () => {
      resolve();
    });
  });
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
};

const answer = async (
  { metrics, onError }: MetricsListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const say = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
    response
      .writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      .end(text);
  };
  // Whatever is sent along is not read.
  request.resume();
  try {
    if (request.url?.split('?')[0] !== '/metrics') say(404, 'Only /metrics is here.\n');
    else if (request.method !== 'GET') say(405, 'Only GET is answered.\n');
    else say(200, await metrics.scrape(), metrics.contentType);
  } catch (error) {
    onError(error);
    if (response.headersSent) response.destroy();
    else say(500, '');
  }
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
