import type { Type } from '@nestjs/common';
import { Field, ID, InputType } from '@nestjs/graphql';
import { Type as MadeOf } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { FenScalar, FormValuesScalar, InstantScalar } from '#graphql/scalars.js';
import type { Field as FieldOf, Fields, InputOf, Kind } from '../deciding/input.js';
import {
  AttachmentInput,
  attachmentsMax,
  attachmentsOf,
  LengthInput,
  lengthOf,
  ShareInput,
  sharesGiven,
} from './record-inputs.js';
import { sharesMax } from './record-types.js';

/** How one kind of field stands in the schema, what limits it there, and what the decision is given of it. */
interface AtTheEdge {
  readonly type: () => unknown;
  readonly limits: (field: FieldOf) => readonly PropertyDecorator[];
  /** A list that need not be given is empty. */
  readonly whenAbsent?: readonly never[];
  readonly given?: (value: never) => unknown;
}
const wordMax = 40;
const wordsMax = 20;
const party: AtTheEdge = { type: () => ID, limits: () => [Identifier()] };

const atTheEdge: Readonly<Record<Kind, AtTheEdge>> = {
  text: { type: () => String, limits: ({ max }) => [PlainText(max ?? 2_000, { lines: true })] },
  word: { type: () => String, limits: () => [Identifier({ max: wordMax })] },
  words: {
    type: () => [String],
    limits: () => [ArrayMaxSize(wordsMax), Identifier({ max: wordMax, each: true })],
    whenAbsent: [],
  },
  event: { type: () => ID, limits: () => [Identifier({ max: 64 })] },
  party,
  partyOnRecord: party,
  parties: { type: () => [ID], limits: () => [ArrayMaxSize(sharesMax), Identifier({ each: true })] },
  shares: {
    type: () => [ShareInput],
    limits: () => [ValidateNested({ each: true }), MadeOf(() => ShareInput), ArrayMaxSize(sharesMax)],
    given: sharesGiven,
  },
  fen: { type: () => FenScalar, limits: () => [IsDefined()] },
  instant: { type: () => InstantScalar, limits: () => [IsDefined()] },
  length: { type: () => LengthInput, limits: () => [ValidateNested(), MadeOf(() => LengthInput)], given: lengthOf },
  flag: { type: () => Boolean, limits: () => [IsBoolean()] },
  form: { type: () => FormValuesScalar, limits: () => [IsDefined()] },
  attachments: {
    type: () => [AttachmentInput],
    limits: () => [
      ValidateNested({ each: true }),
      MadeOf(() => AttachmentInput),
      ArrayMaxSize(attachmentsMax),
      IsOptional(),
    ],
    whenAbsent: [],
    given: attachmentsOf,
  },
};

/** The input class of a command: what every command of its kind carries, and the fields that the slice declares. */
export const inputType = <Base extends object>(
  name: string,
  base: abstract new () => Base,
  fields: Fields,
): Type<Base> => {
  const made = { [name]: class extends (base as unknown as new () => object) {} }[name] as Type<Base>;
  for (const [key, field] of Object.entries(fields)) {
    const { type, limits, whenAbsent } = atTheEdge[field.kind];
    const decorators = [
      Field(type as () => StringConstructor, {
        nullable: field.optional,
        defaultValue: whenAbsent as never,
        ...(field.says === undefined ? {} : { description: field.says }),
      }),
      ...(field.optional ? [IsOptional()] : []),
      ...limits(field),
    ];
    for (const decorate of decorators) decorate(made.prototype as object, key);
  }
  InputType(name)(made);
  return made;
};

/** What the decision is given of an input that has passed its limits. */
export const inputOf = <F extends Fields>(fields: F, input: object): InputOf<F> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, { kind }]) => {
      const value = (input as Readonly<Record<string, unknown>>)[key];
      return value === undefined ? [] : [[key, atTheEdge[kind].given?.(value as never) ?? value]];
    }),
  ) as InputOf<F>;
