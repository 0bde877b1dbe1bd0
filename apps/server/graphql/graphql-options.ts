import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Authentication } from '../authentication.js';
import type { OperationContext } from '#graphql/caller.js';
import type { Configuration } from '#installation/configuration.js';
import { documentLimits } from '#graphql/limits.js';
import type { Log } from '../logging/log.js';
import type { Metrics } from '../metrics/metrics.js';
import { refuseCostly } from '#graphql/cost.js';
import { asksOnlyTypename, documentRules } from '#graphql/document-rules.js';
import { EdgeError, errorsMax, type MaskError } from '#graphql/errors.js';
import { operationWatch } from './operation-watch.js';
import { operationWords } from '#graphql/operation-words.js';

export const graphqlPath = '/graphql';

export interface GraphqlParts {
  readonly configuration: Configuration;
  readonly authentication: Authentication;
  readonly maskError: MaskError;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Apollo over HTTP. Subscriptions are not here: they have a server of their own, see web-socket/. */
export const graphqlOptions = ({
  configuration,
  authentication,
  maskError,
  log,
  metrics,
}: GraphqlParts): ApolloDriverConfig => ({
  driver: ApolloDriver,
  path: graphqlPath,
  autoSchemaFile: true,
  sortSchema: true,
  graphiql: false,
  introspection: configuration.introspection,
  hideSchemaDetailsFromClientErrors: !configuration.introspection,
  csrfPrevention: true,
  allowBatchedHttpRequests: false,
  // Automatic persisted queries let anybody register documents: no allow-list, only a cache to fill.
  persistedQueries: false,
  cache: 'bounded',
  includeStacktraceInErrorResponses: false,
  autoTransformHttpErrors: false,
  parseOptions: { maxTokens: documentLimits.tokensMax },
  validationRules: [...documentRules(configuration)],
  formatError: (formatted, error) => maskError(formatted, error, 'http'),
  context: (request: FastifyRequest, reply: FastifyReply) => contextOfRequest(authentication, request, reply),
  plugins: [
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginCacheControlDisabled(),
    operationRules(),
    operationLog(log),
    operationWatch(metrics),
  ],
});

const contextOfRequest = async (
  authentication: Authentication,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<OperationContext> => {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return { caller: await authentication.callerOf(request.headers.authorization), signal: gone.signal };
};

/**
 * What can only be judged once the operation is known: whether it needs a caller, and what it costs with its variables.
 */
const operationRules = (): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: async (): Promise<GraphQLRequestListener<OperationContext>> => ({
    async didResolveOperation({ schema, document, operation, operationName, request, contextValue }) {
      // Here and not in a guard: introspection and documents without a resolver must not slip past.
      if (contextValue.caller === undefined && (operation === undefined || !asksOnlyTypename(operation)))
        throw new EdgeError('UNAUTHENTICATED');
      if (operation?.operation === 'subscription') throw new EdgeError('ONLY_OVER_WEBSOCKET');
      refuseCostly({ schema, document, operationName, variables: request.variables });
    },
    async willSendResponse({ response: { body } }) {
      if (
        body.kind === 'single' &&
        body.singleResult.errors !== undefined &&
        body.singleResult.errors.length > errorsMax
      ) {
        body.singleResult.errors = body.singleResult.errors.slice(0, errorsMax);
      }
    },
  }),
});

/** One line for each operation: who, which, how long. */
const operationLog = (log: Log): ApolloServerPlugin<OperationContext> => ({
  requestDidStart: async (): Promise<GraphQLRequestListener<OperationContext>> => {
    const startedAt = performance.now();
    return {
      async willSendResponse({ operation, contextValue, errors }) {
        log.debug('An operation was answered', {
          operation: operation == null ? 'none' : operationWords(operation),
          durationMs: Math.round(performance.now() - startedAt),
          transport: 'http',
          count: errors?.length ?? 0,
          ...(contextValue.caller === undefined ? {} : { partyId: contextValue.caller.party }),
        });
      },
    };
  },
});
