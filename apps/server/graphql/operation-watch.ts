import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { FormattedExecutionResult } from 'graphql';
import type { OperationContext } from '#graphql/caller.js';
import type { Metrics } from '../metrics/metrics.js';
import type { AnsweredOperation } from '#installation/metrics/metrics-sources.js';
import { operationWords } from '#graphql/operation-words.js';

/** Counts operations by what came of them, and names the span of the request after what it asks for. */
export const operationWatch = (metrics: Pick<Metrics, 'observeOperation'>): ApolloServerPlugin<OperationContext> => {
  const unread = async (): Promise<void> => {
    metrics.observeOperation({ operation: 'none', outcome: 'rejected', seconds: 0 });
  };
  return {
    // A token that is not good, and a request that is no GraphQL, never become an operation.
    contextCreationDidFail: unread,
    invalidRequestWasReceived: unread,
    requestDidStart: async (): Promise<GraphQLRequestListener<OperationContext>> => {
      const startedAt = performance.now();
      return {
        async didResolveOperation({ operation }) {
          if (operation != null)
            trace
              .getActiveSpan()
              ?.updateName(operationWords(operation))
              .setAttribute('graphql.operation.type', operation.operation);
        },
        async willSendResponse({ operation, response: { body } }) {
          const outcome = body.kind === 'single' ? outcomeOf(body.singleResult) : 'answered';
          metrics.observeOperation({
            operation: operation?.operation ?? 'none',
            outcome,
            seconds: (performance.now() - startedAt) / 1_000,
          });
          const span = trace.getActiveSpan();
          span?.setAttribute('baobei.outcome', outcome);
          if (outcome === 'failed') span?.setStatus({ code: SpanStatusCode.ERROR });
        },
      };
    },
  };
};

const outcomeOf = ({ errors = [] }: FormattedExecutionResult): AnsweredOperation['outcome'] => {
  if (errors.length === 0) return 'answered';
  return errors.some(({ extensions }) => extensions?.['code'] === 'INTERNAL') ? 'failed' : 'rejected';
};
