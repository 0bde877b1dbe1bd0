import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  NoSchemaIntrospectionCustomRule,
  type DocumentNode,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import { documentLimits } from './limits.js';

/**
 * Rules on top of GraphQL's own, the same ones over HTTP and WebSocket. They report instead of throwing, so that a
 * document that is too much
 * is the client's mistake (400) and not ours (500). Tokens are counted by the parser itself, before there is a
 * document.
 */
export const documentRules = ({ introspection }: { readonly introspection: boolean }): readonly ValidationRule[] => {
  const { depthMax, aliasesMax, directivesMax } = documentLimits;
  const armor = new ApolloArmor({
    maxDepth: { n: depthMax, flattenFragments: true },
    maxAliases: { n: aliasesMax },
    maxDirectives: { n: directivesMax },
    // The parser, cost.ts and errors.ts do these: with variables, over WebSocket too, and with the right status.
    maxTokens: { enabled: false },
    costLimit: { enabled: false },
    blockFieldSuggestion: { enabled: false },
  });
  return [
    ...(armor.protect().validationRules as readonly ValidationRule[]),
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
};

/** `{ __typename }` and nothing else: a question that anybody may ask, to learn that a GraphQL server is here. */
export const asksOnlyTypename = (operation: OperationDefinitionNode): boolean =>
  operation.operation === 'query' &&
  operation.selectionSet.selections.every((one) => one.kind === 'Field' && one.name.value === '__typename');

export const operationIn = (document: DocumentNode, name?: string | null): OperationDefinitionNode | undefined => {
  const operations = document.definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );
  if (typeof name === 'string' && name !== '') return operations.find((operation) => operation.name?.value === name);
  return operations.length === 1 ? operations[0] : undefined;
};
