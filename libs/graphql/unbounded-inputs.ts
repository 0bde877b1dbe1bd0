import 'reflect-metadata';
import { TypeMetadataStorage } from '@nestjs/graphql';
import { getMetadataStorage } from 'class-validator';
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import {
  CalendarDateScalar,
  FenScalar,
  FormValuesScalar,
  IdentifierScalar,
  InstantScalar,
  PositionTokenScalar,
} from './scalars.js';

/** A class whose decorators say what its fields may be. */
type Declaration = abstract new (...given: never[]) => unknown;
type Handlers = ReturnType<typeof TypeMetadataStorage.getQueriesMetadata>;

/** Scalars that check themselves. */
const selfLimiting: ReadonlySet<string> = new Set([
  'Boolean',
  ...[FenScalar, InstantScalar, CalendarDateScalar, PositionTokenScalar, FormValuesScalar, IdentifierScalar].map(
    ({ name }) => name,
  ),
]);
const textLimits = ['maxLength', 'isLength', 'plainText', 'identifier', 'isIn'];
const lowerLimits = ['min', 'isPositive', 'isIn'];
const upperLimits = ['max', 'isNegative', 'isIn'];

/**
 * Places where a client may send text of any length, a list of any size or a number of any size, as `Type.field: what
 * is missing`.
 * Empty in a schema that may be served. The validation pipe does not look at bare scalars, bare lists and parameters
 * that are declared
 * without their class, so those are named too.
 */
export const unboundedInputs = (schema: GraphQLSchema): readonly string[] => [
  ...Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        missing(`${type.name}.${field.name}`, field, rulesOf(inputClass(type.name), field.name)),
      ),
    ),
  ...Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap((argument) =>
          inArgument(`${type.name}.${field.name}(${argument.name})`, argument, handlersOf(schema, type.name), field),
        ),
      ),
    ),
];

const inArgument = (
  place: string,
  argument: GraphQLArgument,
  handlers: Handlers,
  field: GraphQLField<unknown, unknown>,
): readonly string[] => {
  const handler = handlers.find(({ schemaName }) => schemaName === field.name);
  const bare = handler?.methodArgs?.find((one) => one.kind === 'arg' && one.name === argument.name);
  if (handler === undefined || bare === undefined)
    return missing(place, argument, rulesOf(argumentsClass(handler, argument.name), argument.name));
  const named = getNamedType(argument.type);
  if (!isInputObjectType(named) || isList(argument.type)) return missing(place, argument, new Set());
  const declared = (
    Reflect.getMetadata('design:paramtypes', handler.target.prototype as object, handler.methodName) as
      readonly unknown[] | undefined
  )?.[bare.index];
  return declared === inputClass(named.name) ? [] : [`${place}: the parameter must be declared as ${named.name}`];
};

const missing = (
  place: string,
  { type }: GraphQLInputField | GraphQLArgument,
  rules: ReadonlySet<string>,
): readonly string[] => {
  const named = getNamedType(type);
  const list = isList(type) && !rules.has('arrayMaxSize') ? [`${place}: @ArrayMaxSize`] : [];
  if (isEnumType(named)) return list;
  if (isInputObjectType(named))
    return rules.has('nestedValidation') ? list : [...list, `${place}: @ValidateNested and @Type`];
  if (!isScalarType(named) || selfLimiting.has(named.name)) return list;
  return [...list, ...scalarLimits(place, named.name, rules)];
};

const scalarLimits = (place: string, scalar: string, rules: ReadonlySet<string>): readonly string[] => {
  const has = (limits: readonly string[]): boolean => limits.some((limit) => rules.has(limit));
  if (scalar !== 'Int' && scalar !== 'Float') return has(textLimits) ? [] : [`${place}: a length limit`];
  return [...(has(lowerLimits) ? [] : [`${place}: @Min`]), ...(has(upperLimits) ? [] : [`${place}: @Max`])];
};

const isList = (type: GraphQLInputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

const handlersOf = (schema: GraphQLSchema, type: string): Handlers => {
  if (type === schema.getQueryType()?.name) return TypeMetadataStorage.getQueriesMetadata();
  if (type === schema.getMutationType()?.name) return TypeMetadataStorage.getMutationsMetadata();
  return type === schema.getSubscriptionType()?.name ? TypeMetadataStorage.getSubscriptionsMetadata() : [];
};

const inputClass = (name: string): Declaration | undefined =>
  TypeMetadataStorage.getInputTypesMetadata().find((metadata) => metadata.name === name)?.target as
    Declaration | undefined;

/**
 * The class of `@Args() page: PageArguments`; for arguments of fields, which the storage keeps to itself, the class
 * that has such a property.
 */
const argumentsClass = (handler: Handlers[number] | undefined, property: string): Declaration | undefined => {
  const own = handler?.methodArgs?.find(({ kind }) => kind === 'args')?.typeFn() as Declaration | undefined;
  return (
    own ??
    TypeMetadataStorage.getArgumentsMetadata()
      .map(({ target }) => target as Declaration)
      .find((target) => rulesOf(target, property).size > 0)
  );
};

const rulesOf = (declaration: Declaration | undefined, property: string): ReadonlySet<string> =>
  new Set(
    declaration === undefined
      ? []
      : getMetadataStorage()
          .getTargetValidationMetadatas(declaration, '', false, false)
          .filter(({ propertyName }) => propertyName === property)
          .map(({ name, type }) => name ?? type),
  );
