import {
  getNamedType,
  isLeafType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

const depthMax = 9;

export const rootsOf = (
  schema: GraphQLSchema,
): readonly (readonly ['query' | 'mutation' | 'subscription', GraphQLObjectType])[] => {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) => (type === null || type === undefined ? [] : [[kind, type] as const]));
};

/** Every object type of ours but the roots, with its fields: `Registration.customer`. */
export const objectFields = (schema: GraphQLSchema): readonly string[] => {
  const roots = new Set(rootsOf(schema).map(([, { name }]) => name));
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__') && !roots.has(name))
    .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
};
export const rootFields = (schema: GraphQLSchema): readonly string[] =>
  rootsOf(schema).flatMap(([, type]) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));

/** Everything that can be asked of a type without arguments. */
export const selectionOf = (type: GraphQLNamedOutputType, depth = 0): string => {
  if (isLeafType(type) || depth > depthMax) return '';
  if (isUnionType(type))
    return `{ __typename ${type
      .getTypes()
      .map((member) => `... on ${member.name} ${selectionOf(member, depth + 1)}`)
      .join(' ')} }`;
  if (!isObjectType(type)) throw new Error(`${type.name} is neither object, union nor leaf`);
  return `{ __typename ${Object.values(type.getFields())
    .filter(({ args }) => args.length === 0)
    .map((field) => `${field.name} ${selectionOf(getNamedType(field.type), depth + 1)}`)
    .join(' ')} }`;
};

/** One operation that asks for everything behind one root field; its arguments are variables of their own names. */
export const documentFor = (
  kind: 'query' | 'mutation' | 'subscription',
  field: GraphQLField<unknown, unknown>,
): string => {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  return `${kind} ${declared === '' ? '' : `(${declared})`} { ${field.name}${given === '' ? '' : `(${given})`} ${selectionOf(getNamedType(field.type))} }`;
};

export interface Seen {
  readonly place: string;
  readonly value: unknown;
}
/** Every field of every object in an answer: `Registration.customer` with its value. */
export const fieldsIn = (value: unknown): readonly Seen[] => {
  if (Array.isArray(value)) return value.flatMap(fieldsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { __typename, ...fields } = value as Readonly<Record<string, unknown>>;
  if (typeof __typename !== 'string') return [];
  return Object.entries(fields).flatMap(([name, inner]) => [
    { place: `${__typename}.${name}`, value: inner },
    ...fieldsIn(inner),
  ]);
};
