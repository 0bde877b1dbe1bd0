import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { wellFormedText } from '#identity/text.js';

const identifierPattern = /^[A-Za-z0-9][A-Za-z0-9._:@-]*$/;

/**
 * An id of ours or a command id: `max` of `A-Z a-z 0-9 . _ : @ -`, beginning with a letter or digit. Lists need `{
 * each: true }`.
 */
export const Identifier = ({
  max = 128,
  each = false,
}: { readonly max?: number; readonly each?: boolean } = {}): PropertyDecorator =>
  applyDecorators(
    ValidateBy(
      {
        name: 'identifier',
        constraints: [max],
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' && value.length <= max && identifierPattern.test(value),
        },
      },
      { each },
    ),
  );

/**
 * What a person typed: at most `max` characters, and none that storage, screens or readers would show differently from
 * what was sent.
 * `lines`: line breaks are allowed. An empty text is refused unless `empty`.
 */
export const PlainText = (
  max: number,
  {
    lines = false,
    empty = false,
    each = false,
  }: { readonly lines?: boolean; readonly empty?: boolean; readonly each?: boolean } = {},
): PropertyDecorator =>
  applyDecorators(
    ValidateBy(
      {
        name: 'plainText',
        constraints: [max],
        validator: {
          validate: (value: unknown) =>
            typeof value === 'string' &&
            wellFormedText(value, { max, lines, ...(empty ? { min: 0 as const } : {}) }).ok,
        },
      },
      { each },
    ),
  );
