import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { inputProblems } from './input-problems.js';
import { EdgeError } from './errors.js';

/** How many problems one answer lists. */
const problemsMax = 20;

/**
 * An optional field that is sent as null is a field that is not sent: nobody below has to know two ways of saying
 * nothing.
 */
class InputPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // Only what a client sent: what a decorator found, the caller above all, passes as it is.
    return super.transform(metadata.type === 'custom' ? value : withoutNulls(value), metadata);
  }
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, withoutNulls(inner)]),
  );
};
/** What GraphQL makes of variables: objects without a prototype, and those that a scalar has read. */
const isPlain = (value: object): boolean =>
  [null, Object.prototype].includes(Object.getPrototypeOf(value) as object | null);

/**
 * Checks every input class. Fields that a class does not declare are refused, not dropped: a misspelt optional field
 * would otherwise be
 * a silent "no". Bare scalars and bare lists pass it unchecked, which is why `unboundedInputs` lets the schema have
 * none.
 */
export const inputPipe = (): ValidationPipe =>
  new InputPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    transformOptions: { exposeUnsetFields: false },
    validationError: { target: true, value: false },
    exceptionFactory: (errors) => new EdgeError('BAD_INPUT', { fields: inputProblems(errors).slice(0, problemsMax) }),
  });
