/**
 * Canonical JSON (RFC 8785): the one text a value has, so that a hash over it means the value.
 * Keys stand in the order of their UTF-16 code units, there is no white space, numbers are written as ECMAScript writes
 * them.
 * Narrower than the RFC where a value could not be trusted to come back as it was sent.
 */

/** Levels of objects and arrays in one value: deep nesting kills recursion long after a parser has let it through. */
export const depthMax = 32;

/** What canonical JSON can hold. Fields that are `undefined` are left out. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | null
  | readonly CanonicalValue[]
  | { readonly [field: string]: CanonicalValue | undefined };

/** A value that canonical JSON refuses to write; `path` is where it stands, such as `form.items[2]`. */
export class CanonicalError extends Error {
  override readonly name = 'CanonicalError';
  constructor(
    readonly problem: string,
    readonly path: string,
  ) {
    super(path === '' ? problem : `${path}: ${problem}`);
  }
}

type Trail = (string | number)[];

/**
 * The canonical text of a value. Throws `CanonicalError` for text with a lone surrogate, a number that is not finite, a
 * whole number beyond
 * ±(2^53−1) (it was probably rounded on its way here), `undefined` in an array, more than `depthMax` levels, and
 * anything that is
 * neither a plain object, array, string, boolean, number nor null. Minus zero is written `0`, as RFC 8785 says.
 */
export const canonicalText = (value: unknown): string => write(value, []);

/** UTF-8 of `canonicalText`. */
export const canonicalBytes = (value: unknown): Uint8Array => Buffer.from(canonicalText(value), 'utf8');

/**
 * Whether bytes are canonical JSON: what was written is exactly what its reading would write again (so no key stands
 * twice).
 */
export const isCanonical = (bytes: Uint8Array): boolean => {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return canonicalText(JSON.parse(text)) === text;
  } catch {
    return false;
  }
};

const write = (value: unknown, trail: Trail): string => {
  switch (typeof value) {
    case 'string':
      return writeString(value, trail);
    case 'number':
      return writeNumber(value, trail);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (trail.length >= depthMax) return refuse(`more than ${depthMax} levels deep`, trail);
      return Array.isArray(value)
        ? writeArray(value, trail)
        : writeObject(value as Readonly<Record<string, unknown>>, trail);
    default:
      return refuse(`a ${typeof value} cannot be written`, trail);
  }
};

// Nearly all text is short and plain; this finds out faster than JSON.stringify writes it.
const plainText = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

const writeString = (text: string, trail: Trail): string => {
  if (plainText.test(text)) return `"${text}"`;
  return text.isWellFormed() ? JSON.stringify(text) : refuse('text with a lone surrogate', trail);
};

const writeNumber = (number: number, trail: Trail): string => {
  if (!Number.isFinite(number)) return refuse(`${number} is not a finite number`, trail);
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    return refuse(`${number} is beyond the whole numbers that stay exact`, trail);
  return String(number);
};

const writeArray = (items: readonly unknown[], trail: Trail): string => {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    trail.push(index);
    text += index === 0 ? write(items[index], trail) : `,${write(items[index], trail)}`;
    trail.pop();
  }
  return `${text}]`;
};

const writeObject = (object: Readonly<Record<string, unknown>>, trail: Trail): string => {
  const prototype: unknown = Object.getPrototypeOf(object);
  // A root prototype of any realm: a date, a map or an instance of a class has one more above it.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return refuse(`a ${object.constructor?.name ?? 'special object'} cannot be written`, trail);
  let text = '';
  for (const key of Object.keys(object).toSorted()) {
    const value = object[key];
    if (value === undefined) continue;
    trail.push(key);
    text += `${text === '' ? '{' : ','}${writeString(key, trail)}:${write(value, trail)}`;
    trail.pop();
  }
  return text === '' ? '{}' : `${text}}`;
};

const refuse = (problem: string, trail: Trail): never => {
  throw new CanonicalError(
    problem,
    trail.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join(''),
  );
};
