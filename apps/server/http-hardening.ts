import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Configuration } from '#installation/configuration.js';
import { errorBody } from './http-errors.js';
import type { EdgeLimits } from '#graphql/limits.js';
import { graphqlPath } from './graphql/graphql-options.js';
import type { OverloadGate } from './overload-gate.js';
import { scanJson } from './raw-json.js';

/**
 * On every answer, errors and unknown paths included. The API needs nothing from a browser, so it forbids everything.
 */
export const securityHeaders = (production: boolean): Readonly<Record<string, string>> => ({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  ...(production ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
});

/** Fastify's and Node's own settings; by default both wait for ever. */
export const serverOptions = ({ environment }: Configuration, limits: EdgeLimits) => ({
  bodyLimit: limits.bodyBytesMax,
  requestTimeout: limits.requestTimeout,
  connectionTimeout: limits.connectionTimeout,
  keepAliveTimeout: limits.connectionTimeout,
  http: {
    headersTimeout: limits.connectionTimeout,
    connectionsCheckingInterval: limits.connectionsCheckingInterval,
    maxHeaderSize: limits.headerBytesMax,
  },
  // Only idle connections: whoever is being answered gets the answer.
  forceCloseConnections: 'idle' as const,
  return503OnClosing: true,
  // Behind a proxy `request.ip` would be whatever a client writes into a header; nothing here is keyed by address.
  trustProxy: false,
  exposeHeadRoutes: false,
  onProtoPoisoning: 'error' as const,
  onConstructorPoisoning: 'error' as const,
  // A path that cannot be decoded never reaches a hook, so its answer gets the headers here.
  frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply) => {
    void reply
      .headers(securityHeaders(environment === 'production'))
      .code(400)
      .send(errorBody('BAD_REQUEST'));
  },
});

/**
 * Headers, and a JSON reader that looks at the text before it builds anything from it. Every other content type is
 * refused (415).
 */
export const harden = (fastify: FastifyInstance, { environment }: Configuration, limits: EdgeLimits): void => {
  const headers = securityHeaders(environment === 'production');
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers);
    done();
  });
  // A connection that was busy when the stop came would be kept open for the client's next request, and the stop would
  // wait for it.
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
  fastify.removeAllContentTypeParsers();
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser(
    /^application\/(?:json|graphql\+json)(?:;|$)/i,
    { parseAs: 'string', bodyLimit: limits.bodyBytesMax },
    (request: FastifyRequest, body: string, done) => {
      const problem = scanJson(body);
      if (problem !== undefined) {
        done(Object.assign(new Error('The body was refused'), { statusCode: 400, code: problem }));
        return;
      }
      void parse(request, body, done);
    },
  );
};

/** Seconds after which a request that was turned away may come again. */
const retryAfter = '1';

/**
 * Requests beyond what this process can do well are turned away: while the gate is full before their body is read, else
 * before their token is looked at. A place is taken by a body that has arrived and held until the answer is made: a
 * slow sender holds none, nor does an answer that nobody reads or that waits behind another on its connection.
 * Health and metrics always get through.
 */
export const shedOverload = (
  fastify: FastifyInstance,
  gate: OverloadGate,
  { requestTimeout }: Pick<EdgeLimits, 'requestTimeout'>,
): void => {
  // The route, not what the client wrote: `/%67raphql` leads there too.
  const guarded = ({ method, routeOptions }: FastifyRequest) => method === 'POST' && routeOptions.url === graphqlPath;
  const turnAway = (reply: FastifyReply) =>
    reply.code(503).header('retry-after', retryAfter).send(errorBody('OVERLOADED'));
  const inside = new WeakSet<FastifyRequest>();
  const leave = (request: FastifyRequest): void => {
    if (inside.delete(request)) gate.leave();
  };
  fastify.addHook('onRequest', async (request, reply) => {
    if (!guarded(request) || !gate.full) return;
    gate.shed += 1;
    await turnAway(reply);
  });
  fastify.addHook('preValidation', async (request, reply) => {
    if (!guarded(request) || reply.raw.destroyed) return;
    // A client that goes away while it waits gives its place back. The work of one that was let in goes on without it,
    // and keeps its place as long as an answer may take: whoever sends and goes at once gets no more done than others.
    const gone = new AbortController();
    reply.raw.once('close', () => {
      gone.abort();
      if (inside.has(request)) setTimeout(leave, requestTimeout, request).unref();
    });
    if (await gate.enter(gone.signal)) {
      if (gone.signal.aborted) gate.leave();
      else inside.add(request);
      return;
    }
    await turnAway(reply);
  });
  fastify.addHook('onSend', (request, _reply, _payload, done) => {
    leave(request);
    done();
  });
};
