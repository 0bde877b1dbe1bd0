import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { refuseCostly } from '#graphql/cost.js';
import type { ErrorCode } from '#graphql/error-codes.js';
import { EdgeError, errorsMax } from '#graphql/errors.js';
import { documentLimits } from '#graphql/limits.js';

export interface SubscriptionQuestion {
  readonly schema: GraphQLSchema;
  readonly rules: readonly ValidationRule[];
  readonly payload: SubscribePayload;
}

/** GraphQL's own errors get the codes that Apollo gives them over HTTP, so that both transports answer alike. */
const coded = (errors: readonly GraphQLError[], code: ErrorCode): readonly GraphQLError[] =>
  errors
    .slice(0, errorsMax)
    .map((error) => new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code } }));

/**
 * What HTTP gets from Apollo, done for a socket: parse with a token limit, every validation rule, one named operation,
 * its cost.
 * And only subscriptions: a mutation over a socket would pass by CSRF protection, body limits and the operation log.
 */
export const admitSubscription = ({
  schema,
  rules,
  payload,
}: SubscriptionQuestion): Omit<ExecutionArgs, 'contextValue'> | readonly GraphQLError[] => {
  let document: DocumentNode;
  try {
    document = parse(payload.query, { maxTokens: documentLimits.tokensMax });
  } catch (error) {
    return coded([error instanceof GraphQLError ? error : new GraphQLError('Syntax Error')], 'GRAPHQL_PARSE_FAILED');
  }
  const invalid = validate(schema, document, [...specifiedRules, ...rules], { maxErrors: errorsMax });
  if (invalid.length > 0) return coded(invalid, 'GRAPHQL_VALIDATION_FAILED');
  const operation = getOperationAST(document, payload.operationName);
  if (operation === null || operation === undefined) return [new EdgeError('OPERATION_RESOLUTION_FAILURE')];
  if (operation.operation !== 'subscription') return [new EdgeError('ONLY_SUBSCRIPTIONS')];
  try {
    refuseCostly({ schema, document, operationName: payload.operationName, variables: payload.variables });
  } catch (error) {
    return [error as EdgeError];
  }
  return { schema, document, operationName: payload.operationName ?? null, variableValues: payload.variables ?? null };
};
