import { Kind, type OperationDefinitionNode } from 'graphql';

const fieldsMax = 5;

/**
 * What a valid operation asks for, by the schema's own names: `mutation register`. Clients choose names for operations
 * and aliases, and could
 * write anything there, a telephone number too.
 */
export const operationWords = ({ operation, selectionSet }: OperationDefinitionNode): string => {
  const fields = selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [selection.name.value] : [],
  );
  return [operation, ...new Set(fields.slice(0, fieldsMax))].join(' ');
};
