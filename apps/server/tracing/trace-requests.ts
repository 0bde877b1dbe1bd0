import { context, propagation, ROOT_CONTEXT, SpanKind, trace, type Context } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { graphqlPath } from '../graphql/graphql-options.js';
import { tracer } from '#installation/tracing/span.js';

const traceHeaders = ['traceparent', 'tracestate'] as const;

/**
 * A span for each request to GraphQL, hanging from the caller's own trace where a `traceparent` came with it. The
 * operation names it, see
 * operation-span.ts. Of the request only method and status are told: a query string or a header may hold anything.
 */
export const traceRequests = (fastify: FastifyInstance): void => {
  const contexts = new WeakMap<FastifyRequest, Context>();
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== graphqlPath) {
      done();
      return;
    }
    // Baggage is not taken: it would carry whatever a client likes to everybody behind us.
    const carrier = Object.fromEntries(
      traceHeaders.flatMap((name) =>
        typeof request.headers[name] === 'string' ? [[name, request.headers[name]]] : [],
      ),
    );
    const parent = propagation.extract(ROOT_CONTEXT, carrier);
    const span = tracer.startSpan(
      'graphql',
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method, 'http.route': graphqlPath } },
      parent,
    );
    contexts.set(request, trace.setSpan(parent, span));
    // Comes also when the client went away before it was answered.
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.raw.statusCode).end();
    });
    done();
  });
  // Not earlier: the body arrives in events of the socket, which would leave the context behind.
  fastify.addHook('preHandler', (request, _reply, done) => {
    const traced = contexts.get(request);
    if (traced === undefined) done();
    else
      context.with(traced, () => {
        done();
      });
  });
};
