import { trace } from '@opentelemetry/api';

/** Milliseconds that the end of the process waits for its last spans to be taken. */
const flushTimeout = 2_000;

/**
 * Hands over the spans that are still held, where a telemetry SDK is in the process. Never throws: whoever collects
 * them may be away.
 */
export const flushTraces = async (): Promise<void> => {
  const provider: unknown = trace.getTracerProvider();
  const sdk: unknown =
    typeof provider === 'object' &&
    provider !== null &&
    'getDelegate' in provider &&
    typeof provider.getDelegate === 'function'
      ? provider.getDelegate()
      : provider;
  if (typeof sdk !== 'object' || sdk === null || !('forceFlush' in sdk) || typeof sdk.forceFlush !== 'function') return;
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, flushTimeout).unref();
  });
  await Promise.race([Promise.resolve(sdk.forceFlush()).catch(() => undefined), late]);
};
