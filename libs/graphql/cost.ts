import {
  getNamedType,
  getVariableValues,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type DocumentNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { getComplexity, type ComplexityEstimator } from 'graphql-query-complexity';
import { documentLimits } from './limits.js';
import { operationIn } from './document-rules.js';
import { EdgeError, type FieldProblem } from './errors.js';
import { argumentProblem } from './variable-problems.js';

/** Rows of a page that names no number. */
export const pageSizeDefault = 20;
export const pageSizeMax = 100;

/**
 * How many values a list field may return: `first` where it has one, else what its declaration promises (`@Extensions({
 * listMax: 12 })`).
 * `undefined`: nobody knows, which the build refuses.
 */
export const rowsMax = (
  field: GraphQLField<unknown, unknown>,
  values: Readonly<Record<string, unknown>>,
): number | undefined => {
  if (field.args.some(({ name }) => name === 'first')) return rowsAsked(values['first']);
  if (!isList(field.type)) return getNamedType(field.type).name.endsWith('Connection') ? undefined : 1;
  const declared = field.extensions['listMax'];
  return typeof declared === 'number' && declared > 0 ? declared : undefined;
};

const rowsAsked = (first: unknown): number =>
  typeof first === 'number' && first >= 0 ? Math.min(first, pageSizeMax) : pageSizeDefault;
export const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);
/** `edges` of a connection: as many as its `first`, which stands one level up and has been counted there. */
export const isCountedAbove = (parentName: string, fieldName: string): boolean =>
  parentName.endsWith('Connection') && fieldName === 'edges';

/** One for the field itself, and all below it once for each row that it may return. */
const estimator: ComplexityEstimator = ({ type, field, args, childComplexity }) => {
  // The schema about itself is as long as it is, and GraphQL's own rule limits how deep it may be asked for.
  const rows =
    type.name.startsWith('__') || isCountedAbove(type.name, field.name) ? 1 : (rowsMax(field, args) ?? pageSizeMax);
  return 1 + rows * Math.max(childComplexity, isList(field.type) && rows > 1 ? 1 : 0);
};

export interface CostQuestion {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** How many values the operation may return at most, with its variables. */
export const costOf = ({ schema, document, operationName, variables }: CostQuestion): number =>
  getComplexity({
    schema,
    query: document,
    estimators: [estimator],
    maxQueryNodes: documentLimits.nodesMax,
    variables: { ...variables },
    ...(typeof operationName === 'string' ? { operationName } : {}),
  });

/**
 * Throws EdgeError when the operation costs more than `costMax`. Variables that do not fit are left to the executor,
 * whose words are better.
 */
export const refuseCostly = (question: CostQuestion): void => {
  // First, and with the first misfit as the last: counting with variables that do not fit would make an error for each
  // of ten thousand list items.
  if (!variablesFit(question)) return;
  const cost = costOrUndefined(question);
  if (cost === undefined || cost > documentLimits.costMax)
    throw new EdgeError('QUERY_TOO_COSTLY', { fields: [costProblem(cost)] });
};

/** `undefined`: more nodes after spreading fragments than anybody should count. */
const costOrUndefined = (question: CostQuestion): number | undefined => {
  // The same document without variables costs the same every time; Apollo keeps parsed documents, so most are seen
  // again.
  const fixed = Object.keys(question.variables ?? {}).length === 0 && typeof question.operationName !== 'string';
  const known = fixed ? costs.get(question.document) : undefined;
  if (known !== undefined) return known;
  try {
    const cost = costOf(question);
    if (fixed) costs.set(question.document, cost);
    return cost;
  } catch (error) {
    const misfit = argumentProblem(error instanceof Error ? error.message : '');
    if (misfit !== undefined) throw new EdgeError('BAD_USER_INPUT', { fields: [misfit] });
    return undefined;
  }
};
const costs = new WeakMap<object, number>();

const variablesFit = ({ schema, document, operationName, variables }: CostQuestion): boolean => {
  const definitions = operationIn(document, operationName)?.variableDefinitions ?? [];
  return getVariableValues(schema, definitions, { ...variables }, { maxErrors: 1 }).errors === undefined;
};

const costProblem = (cost: number | undefined): FieldProblem => ({
  path: 'query',
  message: {
    zh: `开销 ${cost ?? '无法计算'}，上限 ${documentLimits.costMax}。`,
    en: `The cost is ${cost ?? 'beyond counting'}; the limit is ${documentLimits.costMax}.`,
  },
  accepted: { costMax: documentLimits.costMax },
});

/** Output fields whose length nobody has limited, as `Type.field`. Empty in a schema that may be served. */
export const uncostedLists = (schema: GraphQLSchema): readonly string[] =>
  Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => !isCountedAbove(type.name, field.name) && rowsMax(field, {}) === undefined)
        .map((field) => `${type.name}.${field.name}`),
    );
