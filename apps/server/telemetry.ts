/**
 * Loaded in front of the server by `node --import ./dist/apps/server/telemetry.js`: sends traces where the usual
 * variables of OpenTelemetry say
 * (`OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER`, …). Without an endpoint it loads nothing,
 * and the server is as if it were not there.
 */
export const startTelemetry = async ({
  OTEL_EXPORTER_OTLP_ENDPOINT,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
  OTEL_SDK_DISABLED,
  OTEL_TRACES_EXPORTER,
}: NodeJS.ProcessEnv): Promise<void> => {
  const hasEndpoint = [OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].some(
    (address) => address !== undefined && address.trim() !== '',
  );
  if (!hasEndpoint || OTEL_SDK_DISABLED?.toLowerCase() === 'true' || OTEL_TRACES_EXPORTER === 'none') return;
  const [
    { BatchSpanProcessor, NodeTracerProvider },
    { OTLPTraceExporter },
    { detectResources, envDetector, resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  // Of the environment alone: the detectors of host and process would send command lines, users and paths along.
  const resource = resourceFromAttributes({ 'service.name': 'baobei' }).merge(
    detectResources({ detectors: [envDetector] }),
  );
  new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();
};

await startTelemetry(process.env);
