import { ValidationPipe } from '@nestjs/common';
import { inputProblems } from './input-problems.js';
import { EdgeError } from './errors.js';

/** How many problems one answer lists. */
const problemsMax = 20;

/**
 * Checks every input class. Fields that a class does not declare are refused, not dropped: a misspelt optional field would otherwise be
 * a silent "no". Bare scalars and bare lists pass it unchecked, which is why `unboundedInputs` lets the schema have none.
 */
export const inputPipe = (): ValidationPipe => new ValidationPipe({
  whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, transform: true,
  transformOptions: { exposeUnsetFields: false }, validationError: { target: true, value: false },
  exceptionFactory: (errors) => new EdgeError('BAD_INPUT', { fields: inputProblems(errors).slice(0, problemsMax) }),
});
