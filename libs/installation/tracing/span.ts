import { SpanStatusCode, trace, type Attributes, type Span, type SpanOptions } from '@opentelemetry/api';

/**
 * Everything of the product that is traced goes through here. Without a telemetry SDK in the process these calls do
 * nothing: the domain knows
 * none of it, and nobody who does not look at traces pays for them.
 */
export const tracer = trace.getTracer('baobei');

const nameOf = (error: unknown): string =>
  error instanceof Error && /^[A-Za-z_$][\w$]{0,63}$/.test(error.name) ? error.name : 'Error';

/** Says of a span that it failed, by the error's name alone: messages quote rows, values and file contents. */
export const failed = (span: Span, error: unknown): void => {
  span.setAttribute('error.type', nameOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR });
};

/** Runs `work` in a span that its own spans hang from. Attributes never hold what a person typed, nor whose it is. */
export const inSpan = <T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  options: SpanOptions = {},
): Promise<T> =>
  tracer.startActiveSpan(name, { ...options, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      failed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
