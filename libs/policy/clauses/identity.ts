import { z } from 'zod';
import { creditCode } from '#identity/credit-code.js';
import { composeKey } from '#identity/keys.js';
import { normaliseCompanyName } from '#identity/company-name.js';
import { normalisePersonName, surnameOf } from '#identity/person-name.js';
import { maskPhone, normalisePhone, type Phone } from '#identity/phone.js';
import { normaliseAddress, normaliseProject } from '#identity/place.js';
import { folded } from '#identity/script.js';
import type { Evaluation } from '../evaluation.js';
import { cited, classFilter, nameSchema, oneOrMore } from '../words.js';

/** How a field becomes a part of a key. The last two only ever find candidates and belong to weak keys. */
export const strongNormalisers = [
  'phone',
  'companyName',
  'personName',
  'creditCode',
  'project',
  'address',
  'text',
] as const;
export const weakNormalisers = [...strongNormalisers, 'maskedPhone', 'surname'] as const;

const keySchema = <const N extends readonly [string, ...string[]]>(normalisers: N) =>
  z.strictObject({
    kind: nameSchema.describe('Part of the key itself: keys of different kinds never meet.'),
    parts: z
      .array(z.strictObject({ field: nameSchema, as: z.enum(normalisers) }))
      .min(1)
      .max(6),
    ...classFilter,
    ...cited,
  });

/**
 * Strong keys decide that two claims are about one subject: any one that is equal is enough. Weak keys only find
 * candidates,
 * of which at most `candidatesMax` are shown to a reviewer.
 */
export const identitySchema = z.strictObject({
  strongKeys: oneOrMore(keySchema(strongNormalisers), 8),
  weakKeys: oneOrMore(keySchema(weakNormalisers), 8).optional(),
  candidatesMax: z.int().min(1).max(200).default(20),
  ...cited,
});

export interface MatchKey {
  readonly kind: string;
  readonly value: string;
}
type Normaliser = (typeof weakNormalisers)[number];

/**
 * The strong keys that a form gives. A key whose parts are not all there is not formed: half a key would match
 * strangers.
 */
export const strongKeysOf = (e: Evaluation, name: string, values: Readonly<Record<string, unknown>>): MatchKey[] =>
  keysOf(e.policy.document.identity.strongKeys, name, values, strongPart);
/**
 * The weak keys that a form gives; parts that are only half known (a hidden phone, a bare surname) may stand in them.
 */
export const weakKeysOf = (e: Evaluation, name: string, values: Readonly<Record<string, unknown>>): MatchKey[] =>
  keysOf(e.policy.document.identity.weakKeys ?? [], name, values, weakPart);

interface Key {
  readonly kind: string;
  readonly class?: readonly string[] | undefined;
  readonly parts: readonly { readonly field: string; readonly as: Normaliser }[];
}
type Part = (text: string, as: Normaliser) => string | undefined;

const keysOf = (
  keys: readonly Key[],
  name: string,
  values: Readonly<Record<string, unknown>>,
  part: Part,
): MatchKey[] =>
  keys.flatMap((key) => {
    if (key.class !== undefined && !key.class.includes(name)) return [];
    const parts = key.parts.map(({ field, as }, index) => {
      const given = Object.hasOwn(values, field) ? values[field] : undefined;
      const value = typeof given === 'string' || typeof given === 'number' ? part(String(given), as) : undefined;
      // A normaliser used twice in one key (two phones) is told apart by its place.
      return value === undefined || value === ''
        ? undefined
        : { kind: key.parts.findIndex((other) => other.as === as) === index ? as : `${as}#${index}`, value };
    });
    const known = parts.filter((each) => each !== undefined);
    return known.length === parts.length ? [{ kind: key.kind, value: composeKey(known) }] : [];
  });

const strongPart: Part = (text, as) => {
  switch (as) {
    case 'phone': {
      const phone = phoneOf(text);
      return phone.ok ? phone.e164 + (phone.extension === undefined ? '' : `;${phone.extension}`) : undefined;
    }
    case 'companyName':
      return keyIfSure(normaliseCompanyName(text));
    case 'personName':
      return keyIfSure(normalisePersonName(text));
    case 'creditCode': {
      const given = creditCode(text);
      return given.ok ? given.code : undefined;
    }
    case 'project':
      return keyIfSure(normaliseProject(text));
    case 'address':
      return keyIfSure(normaliseAddress(text));
    case 'text':
      return folded(text).trim().replace(/\s+/g, ' ');
    case 'maskedPhone':
    case 'surname':
      return undefined;
  }
};

const weakPart: Part = (text, as) => {
  switch (as) {
    case 'maskedPhone': {
      const phone = phoneOf(text);
      return phone.ok || phone.why === 'masked' ? phone.masked : undefined;
    }
    case 'surname': {
      const name = normalisePersonName(text);
      return name.key === undefined ? undefined : (surnameOf(name.key) ?? name.key);
    }
    case 'companyName':
      return normaliseCompanyName(text).key;
    case 'personName':
      return normalisePersonName(text).key;
    default:
      return strongPart(text, as);
  }
};

/**
 * A form's phone has been read before its keys are formed, and reading it again costs more than all the rest. Only
 * ranges that are assigned as a whole are known by sight.
 */
const phoneOf = (text: string): Phone =>
  /^\+861(?:3\d|5[0-35-9]|8\d)\d{8}$/.test(text)
    ? { ok: true, e164: text, kind: 'mobile', masked: maskPhone(text) }
    : normalisePhone(text);

const keyIfSure = (name: { readonly ok: boolean; readonly key?: string }): string | undefined =>
  name.ok ? name.key : undefined;
