import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { flushTraces } from './tracing/flush-traces.js';
import { inSpan } from '#installation/tracing/span.js';
import { startTelemetry } from './telemetry.js';

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
  trace.disable();
});

it('sends spans where the usual variables say, with the name of this service and nothing about the machine', async () => {
  const received: { readonly path: string | undefined; readonly body: Sent }[] = [];
  const collector = createServer((request, response) => {
    let text = '';
    request
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        text += chunk;
      })
      .on('end', () => {
        received.push({ path: request.url, body: JSON.parse(text) as Sent });
        response.end('{}');
      });
  });
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve);
  });
  try {
    Object.assign(process.env, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_SERVICE_NAME: 'baobei-east',
    });
    await startTelemetry(process.env);
    await inSpan('work', {}, async () => undefined);
    await flushTraces();
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
    const [{ resource, scopeSpans }] = received[0]!.body.resourceSpans as [Sent['resourceSpans'][number]];
    expect(scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name))).toEqual(['work']);
    expect(resource.attributes.map(({ key, value }) => [key, value.stringValue])).toEqual([
      ['service.name', 'baobei-east'],
    ]);
  } finally {
    collector.close();
    collector.closeAllConnections();
  }
});

it.each([
  ['no endpoint is named', {}],
  ['it is switched off', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' }],
  ['nothing is to be exported', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_TRACES_EXPORTER: 'none' }],
])('does nothing when %s', async (_, settings) => {
  await startTelemetry(settings);
  expect(trace.getTracer('spec').startSpan('none').isRecording()).toBe(false);
});
