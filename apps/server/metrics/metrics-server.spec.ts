import { Readiness } from '../health/readiness.js';
import { Edge } from '#test/security/edge.js';
import { MetricsEndpoint } from './metrics-endpoint.js';
import { Metrics } from './metrics.js';

const told = async (edge: Edge): Promise<string> => {
  const { port } = edge.app.get(MetricsEndpoint, { strict: false });
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
};

describe('O7 the metrics of a server', () => {
  it('say what /health/ready says, and which check says no, also of one that hangs', async () => {
    const edge = await Edge.open({ settings: { METRICS_PORT: '0' }, limits: { readinessTimeout: 50 } });
    try {
      let stored = true;
      edge.app.get(Readiness).register('journal', () => (stored ? true : new Promise<boolean>(() => undefined)));
      expect(await told(edge)).toMatch(/^baobei_ready 1$/m);
      stored = false;
      const text = await told(edge);
      expect(text).toMatch(/^baobei_ready 0$/m);
      expect(text).toMatch(/^baobei_readiness_check\{check="journal"\} 0$/m);
      expect((await edge.fetch('/health/live')).status).toBe(200);
    } finally {
      await edge.close();
    }
  });

  it('are told while a source and a readiness check hang, and say of both', async () => {
    const edge = await Edge.open({ settings: { METRICS_PORT: '0' } });
    try {
      edge.app.get(Metrics, { strict: false }).read({ mirrorLag: () => new Promise<number>(() => undefined) });
      edge.app.get(Readiness).register('journal', () => new Promise<boolean>(() => undefined));
      // Neither ever answers: only an end of its own to the waiting lets this one be told.
      const text = await told(edge);
      expect(text).toMatch(/^baobei_readiness_check\{check="journal"\} 0$/m);
      expect(text).toMatch(/^baobei_scrape_errors_total\{source="mirror"\} 1$/m);
      expect(text).not.toMatch(/^baobei_mirror_lag_events /m);
    } finally {
      await edge.close();
    }
  });

  it('are told nowhere unless a port is named', async () => {
    const edge = await Edge.open();
    try {
      expect(edge.app.get(MetricsEndpoint, { strict: false }).port).toBeUndefined();
      expect((await edge.fetch('/metrics')).status).toBe(404);
    } finally {
      await edge.close();
    }
  });

  it('close with the server', async () => {
    const edge = await Edge.open({ settings: { METRICS_PORT: '0' } });
    const { port } = edge.app.get(MetricsEndpoint, { strict: false });
    await edge.close();
    await expect(fetch(`http://127.0.0.1:${port}/metrics`)).rejects.toThrow();
  });
});
