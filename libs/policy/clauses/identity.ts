import { z } from 'zod';
import type { Reason } from '#event-sourcing/vocabulary.js';
import { creditCode } from '#identity/credit-code.js';
import { composeKey } from '#identity/keys.js';
import { normaliseCompanyName } from '#identity/company-name.js';
import { normalisePersonName, surnameOf } from '#identity/person-name.js';
import { maskPhone, normalisePhone, type Phone } from '#identity/phone.js';
import { normaliseAddress, normaliseProject } from '#identity/place.js';
import { folded } from '#identity/script.js';
import { unsound, type Clause } from '../clause.js';
import { reasonOf, type Evaluation } from '../evaluation.js';
import { nameOf } from '../naming.js';
import { appliesTo, classFilter, perClass } from '../whom.js';
import { cited, codes, nameSchema, oneOrMore, type Messages } from '../words.js';
import { filedClasses } from './classes.js';

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
      .array(z.strictObject({ field: nameOf('field'), as: z.enum(normalisers) }))
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
const schema = z
  .strictObject({
    strongKeys: oneOrMore(keySchema(strongNormalisers), 8),
    weakKeys: oneOrMore(keySchema(weakNormalisers), 8).optional(),
    candidatesMax: z.int().min(1).max(200).default(20),
    ...cited,
  })
  .optional();

const refusals = {
  NoStrongKey: {
    zh: '所填内容不足以识别客户，须填写：{fields}。',
    en: 'This does not tell which customer is meant; needed: {fields}.',
  },
} as const satisfies Messages;

export const identity: Clause<'identity', typeof schema, typeof refusals, (name: string) => ClassKeys> = {
  name: 'identity',
  schema,
  binds: 'filing',
  items: { by: ['kind'] },
  says: {
    reason: {
      zh: '识别客户的键{keys?，相同的键 }{keys}',
      en: 'The keys that tell the customer{keys?, the same by }{keys}',
    },
    refusals,
    names: {
      empty: { zh: '为空', en: 'it is empty' },
      notANumber: { zh: '不是号码或数字', en: 'it is no number' },
      tooShort: { zh: '太短', en: 'it is too short' },
      tooLong: { zh: '太长', en: 'it is too long' },
      noSuchNumber: { zh: '没有这样的号码', en: 'there is no such number' },
      masked: { zh: '号码不完整', en: 'digits are hidden' },
      titleOnly: { zh: '只有称呼', en: 'it is only a title' },
      surnameAndTitle: { zh: '只有姓和称呼', en: 'it is only a surname and a title' },
      nickname: { zh: '只是称呼，须填全名', en: 'it is only what friends say; the full name is needed' },
      notAName: { zh: '不是姓名', en: 'it is no name' },
      mixedScripts: { zh: '混用了不同文字', en: 'it mixes alphabets' },
      lookAlikes: {
        zh: '所用字母与拉丁字母相同，请改用拉丁字母',
        en: 'its letters look like Latin ones; write it in Latin letters',
      },
      onlyLegalForm: { zh: '只有公司类型', en: 'it is only a legal form' },
      onlyDigits: { zh: '只有数字', en: 'it is only digits' },
      length: { zh: '长度不对', en: 'its length is wrong' },
      alphabet: { zh: '含有不允许的字符', en: 'it has characters that do not occur' },
      registrationOffice: { zh: '登记机关代码不对', en: 'its registration office is wrong' },
      region: { zh: '行政区划代码不对', en: 'its region is wrong' },
      organisationCheck: { zh: '校验码不对', en: 'a check digit is wrong' },
      check: { zh: '校验码不对', en: 'its check digit is wrong' },
    },
  },
  declares: ({ strongKeys }) => strongKeys.map(({ kind }) => ({ name: kind, path: ['identity', 'strongKeys'] })),
  refers: ({ strongKeys }, { classes, form }) =>
    filedClasses(classes.filter((each) => each.identity !== 'own'))
      .filter((name) => {
        const fields = new Set(
          form.filter((part) => appliesTo(part, name)).flatMap((part) => part.fields.map((field) => field.name)),
        );
        return !strongKeys.some((key) => appliesTo(key, name) && key.parts.every(({ field }) => fields.has(field)));
      })
      .map((name) =>
        unsound(
          'ClassWithoutKey',
          ['identity', 'strongKeys'],
          `类别“${name}”的表单凑不成任何强键，客户无法识别。`,
          `The form of "${name}" gives no strong key: its subject cannot be told.`,
        ),
      ),
  compile: (given, { classes }) => {
    const own = new Set(classes.filter((each) => each.identity === 'own').map(({ name }) => name));
    return perClass(classes, (name) => ({
      strong: (given?.strongKeys ?? []).filter((key) => !own.has(name) && appliesTo(key, name)),
      weak: (given?.weakKeys ?? []).filter((key) => !own.has(name) && appliesTo(key, name)),
    }));
  },
  again: ({ e, inputs }) => sameSubject(e, inputs['keys'] as readonly string[]),
};

/** Why two dossiers are one subject: the kinds of strong keys that one form gave and that led to both. */
export const sameSubject = (e: Evaluation, kinds: readonly string[]): Reason =>
  reasonOf(e, 'identity', e.policy.document.identity, { keys: codes(kinds) });

export interface MatchKey {
  readonly kind: string;
  readonly value: string;
}
type Normaliser = (typeof weakNormalisers)[number];

/**
 * The strong keys that a form gives. A key whose parts are not all there is not formed: half a key would match
 * strangers.
 */
export const strongKeysOf = (
  e: Evaluation,
  name: string,
  values: Readonly<Record<string, unknown>>,
  attested: readonly string[] = [],
): MatchKey[] =>
  keysOf(e.policy.compiled.identity(name).strong, values, (text, as, field) =>
    keyIn(strongPart(text, as, attested.includes(field))),
  );

/**
 * Values that stand in a strong key and cannot be read as one, with what is wrong. Such a value is refused: in silence
 * it would name nobody, and the customer would be free.
 */
export const unreadableParts = (
  e: Evaluation,
  name: string,
  values: Readonly<Record<string, unknown>>,
  attested: readonly string[] = [],
): readonly { readonly field: string; readonly problem: string }[] =>
  e.policy.compiled
    .identity(name)
    .strong.flatMap(({ parts }) => parts)
    .flatMap(({ field, as }) => {
      const given = Object.hasOwn(values, field) ? values[field] : undefined;
      if (typeof given !== 'string' && typeof given !== 'number') return [];
      const read = strongPart(String(given), as, attested.includes(field));
      return 'problem' in read ? [{ field, problem: read.problem }] : [];
    });

/**
 * The weak keys that a form gives; parts that are only half known (a hidden phone, a bare surname) may stand in them.
 */
export const weakKeysOf = (e: Evaluation, name: string, values: Readonly<Record<string, unknown>>): MatchKey[] =>
  keysOf(e.policy.compiled.identity(name).weak, values, weakPart);

interface Key {
  readonly kind: string;
  readonly parts: readonly { readonly field: string; readonly as: Normaliser }[];
}
interface ClassKeys {
  readonly strong: readonly Key[];
  readonly weak: readonly Key[];
}
type Part = (text: string, as: Normaliser, field: string) => string | undefined;
type PartRead = { readonly key: string } | { readonly problem: string };

const keysOf = (keys: readonly Key[], values: Readonly<Record<string, unknown>>, part: Part): MatchKey[] =>
  keys.flatMap((key) => {
    const parts = key.parts.map(({ field, as }, index) => {
      const given = Object.hasOwn(values, field) ? values[field] : undefined;
      const value = typeof given === 'string' || typeof given === 'number' ? part(String(given), as, field) : undefined;
      // A normaliser used twice in one key (two phones) is told apart by its place.
      return value === undefined || value === ''
        ? undefined
        : { kind: key.parts.findIndex((other) => other.as === as) === index ? as : `${as}#${index}`, value };
    });
    const known = parts.filter((each) => each !== undefined);
    return known.length === parts.length ? [{ kind: key.kind, value: composeKey(known) }] : [];
  });

/** One value as a part of a strong key, or what is wrong with it. */
export const strongPart = (text: string, as: Normaliser, attested: boolean): PartRead => {
  switch (as) {
    case 'phone': {
      const phone = phoneOf(text);
      return phone.ok ? { key: phone.canonical } : { problem: phone.why };
    }
    case 'companyName':
      return partOf(normaliseCompanyName(text));
    case 'personName':
      return partOf(normalisePersonName(text));
    case 'creditCode': {
      const given = creditCode(text);
      if (given.ok || (attested && 'code' in given)) return { key: given.code };
      return { problem: given.why };
    }
    case 'project':
      return partOf(normaliseProject(text));
    case 'address':
      return partOf(normaliseAddress(text));
    case 'text': {
      const key = folded(text).trim().replace(/\s+/g, ' ');
      return key === '' ? { problem: 'empty' } : { key };
    }
    case 'maskedPhone':
    case 'surname':
      return { problem: 'empty' };
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
      return keyIn(strongPart(text, as, true));
  }
};

/**
 * A form's phone has been read before its keys are formed, and reading it again costs more than all the rest. Only
 * ranges that are assigned as a whole are known by sight.
 */
const phoneOf = (text: string): Phone =>
  /^\+861(?:3\d|5[0-35-9]|8\d)\d{8}$/.test(text)
    ? { ok: true, e164: text, canonical: text, kind: 'mobile', masked: maskPhone(text) }
    : normalisePhone(text);

const partOf = (
  name: { readonly ok: true; readonly key: string } | { readonly ok: false; readonly why: string },
): PartRead => (name.ok ? { key: name.key } : { problem: name.why });
export const keyIn = (read: PartRead): string | undefined => ('key' in read ? read.key : undefined);
