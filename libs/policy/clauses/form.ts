import { z } from 'zod';
import type { Rejection } from '#event-sourcing/decision.js';
import { code, type DerivedFact } from '#event-sourcing/vocabulary.js';
import { unsound, type Clause, type Unsound } from '../clause.js';
import { allowed, reasonOf, refused, type Evaluation, type Judgement } from '../evaluation.js';
import type { ConditionFacts } from '../facts.js';
import { acceptedIn, fieldProblems, type Field, type FieldValue } from '../field.js';
import { declaredBy, filledIn, readFilled, rulesOf, together, type FieldSet } from '../filled.js';
import { appliesTo, classFilter, perClass } from '../whom.js';
import { cited, codes, duplicates, type Messages } from '../words.js';
import { claimsOf, unknownClass } from './classes.js';
import { strongKeysOf, unreadableParts, weakKeysOf, type MatchKey } from './identity.js';

const schema = z
  .array(z.strictObject({ ...classFilter, ...filledIn, ...cited }))
  .min(1)
  .max(40);

const refusals = {
  FieldUnknown: {
    zh: '表单没有字段“{field}”，可填：{fields}。',
    en: 'The form has no field "{field}"; it has: {fields}.',
  },
  FieldMissing: {
    zh: '请填写“{field}”{example?，例如 }{example}{unit? }{unit}{choices?，可选：}{choices}。',
    en: 'Fill in "{field}"{example?, such as }{example}{unit? }{unit}{choices?, choose from: }{choices}.',
  },
  FieldInvalid: {
    zh: '“{field}”填写有误：{problem}{max?，最多 }{max}{choices?，可选：}{choices}{example?，应如 }{example}{unit? }{unit}。',
    en: '"{field}" is not right: {problem}{max?, at most }{max}{choices?, choose from: }{choices}{example?; it should look like }{example}{unit? }{unit}.',
  },
  FieldOutOfRange: {
    zh: '“{field}”超出允许范围{min?，最小 }{min}{max?，最大 }{max}{unit? }{unit}。',
    en: '"{field}" is out of range{min?, at least }{min}{max?, at most }{max}{unit? }{unit}.',
  },
  CheckFailed: {
    zh: '填写内容不符合要求{check?：}{check}。',
    en: 'What was filled in is not in order{check?: }{check}.',
  },
  AttachmentMissing: { zh: '请附上“{field}”。', en: 'Attach "{field}".' },
} as const satisfies Messages;

export const form: Clause<'form', typeof schema, typeof refusals, (name: string) => ClassForm> = {
  name: 'form',
  schema,
  binds: 'filing',
  items: { by: ['name', 'kind', 'class'], through: ['fields', 'rows', 'attachments', 'checks'] },
  says: {
    reason: { zh: '表单{item?：}{item}{complete? 完整}', en: 'Form{item?: }{item}{complete? is complete}' },
    refusals,
    names: {
      notAFlag: { zh: '须为是或否', en: 'it must be yes or no' },
      notFen: { zh: '金额须为整数分', en: 'an amount is in whole fen' },
      notYuan: { zh: '须为以元计的金额，最多两位小数', en: 'it must be an amount in yuan, with two decimals at most' },
      yuan: { zh: '元', en: 'yuan' },
      notText: { zh: '须为文字', en: 'it must be text' },
      notAChoice: { zh: '不在选项内', en: 'it is not one of the choices' },
      notADate: { zh: '不是存在的日期', en: 'there is no such date' },
      notAnInstant: { zh: '不是时刻', en: 'it is no point in time' },
      lineBreak: { zh: '含有换行', en: 'it has a line break' },
      control: { zh: '含有控制字符', en: 'it has control characters' },
      bidiControl: { zh: '含有方向控制字符', en: 'it has direction marks' },
      invisible: { zh: '含有不可见字符', en: 'it has invisible characters' },
      loneSurrogate: { zh: '编码不完整', en: 'its encoding is broken' },
      replacementCharacter: { zh: '含有乱码', en: 'it has unreadable characters' },
      nonCharacter: { zh: '含有非法字符', en: 'it has characters that are none' },
      combiningPile: { zh: '叠加符号过多', en: 'it has piles of marks' },
    },
  },
  declares: (parts) => parts.flatMap((part) => declaredBy(part, ['form'])),
  refers: (parts, document) => [
    ...fieldProblems(parts.map(({ fields }) => fields)),
    ...parts.flatMap(({ rows }, part) =>
      fieldProblems(
        rows.map(({ fields }) => fields),
        ['form', part, 'rows'],
      ),
    ),
    ...doubledFields(parts, document.classes),
  ],
  compile: (parts, { classes }) => perClass(classes, (name) => classForm(parts, name)),
};

/** All that a class's form is, put together from its parts. */
interface ClassForm extends FieldSet {
  /** The rules that a complete form satisfies. */
  readonly rules: readonly string[];
}
const classForm = (all: z.output<typeof schema>, name: string): ClassForm => {
  const parts = all.filter((part) => appliesTo(part, name));
  const set = together(parts);
  return { ...set, rules: [...new Set([...parts.flatMap(({ rule }) => rule ?? []), ...rulesOf(set)])] };
};

const doubledFields = (parts: z.output<typeof schema>, classes: readonly { readonly name: string }[]): Unsound[] =>
  classes.flatMap(({ name }) =>
    duplicates(
      parts
        .filter((part) => appliesTo(part, name))
        .flatMap(({ fields, rows }) => [...fields, ...rows].map((field) => field.name)),
    ).map((field) =>
      unsound(
        'FieldTwice',
        ['form'],
        `类别“${name}”的表单中字段“${field}”写了两次。`,
        `The form of "${name}" has the field "${field}" twice.`,
      ),
    ),
  );

export interface JudgedForm {
  readonly judgement: Judgement;
  /**
   * What was given and means nothing: an unknown class or field, a value that cannot be read. A command that only names
   * its subject is refused for it too, though nothing has to be complete.
   */
  readonly misread: readonly Rejection[];
  /** Every value that could be read, in its canonical spelling: E.164 phone, canonical instant, whole fen. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** What says nothing about a person: may stand unsealed in an event. */
  readonly clearValues: Readonly<Record<string, DerivedFact>>;
  readonly personalValues: Readonly<Record<string, FieldValue>>;
  readonly strongKeys: readonly MatchKey[];
  readonly weakKeys: readonly MatchKey[];
  /** Names of required fields and kinds of required attachments that are not there. */
  readonly missing: readonly string[];
}

export const fieldsOf = (e: Evaluation, name: string): readonly Field[] => e.policy.compiled.form(name).fields;

/**
 * Reads and judges a whole form: all problems at once, not the first. An empty text is an empty field.
 * Rejections: ClassUnknown, FieldUnknown, FieldInvalid, FieldOutOfRange, FieldMissing, AttachmentMissing, CheckFailed,
 * NoStrongKey. None repeats a value.
 */
export const judgeForm = (
  e: Evaluation,
  given: {
    readonly class: string;
    readonly values: Readonly<Record<string, FieldValue>>;
    readonly attachments: readonly string[];
    /** Fields whose credit code a desk has compared with the licence. */
    readonly attested?: readonly string[];
    /** Of whoever fills it in. */
    readonly facts?: ConditionFacts;
  },
): JudgedForm => {
  const unknown = unknownClass(e, given.class);
  const { attested = [] } = given;
  const asked = e.policy.compiled.form(given.class);
  const { fields, values, ...filled } = readFilled(e, 'form', asked, given);
  const misread = [
    ...(unknown === undefined ? filled.misread : [unknown]),
    ...unformedKeys(e, given.class, fields, values, attested),
  ];
  const missing = unknown === undefined ? filled.missing : [];
  const unsoundness = unknown === undefined ? filled.unsound : [];
  const rejections = [...misread, ...missing.map(({ rejection }) => rejection), ...unsoundness];
  const strongKeys = strongKeysOf(e, given.class, values, attested);
  // A missing or unreadable field has its own rejection; this one is for forms that are complete and still name nobody.
  if (strongKeys.length === 0 && rejections.length === 0 && !claimsOf(e, given.class).ownSubject)
    rejections.push({
      reason: 'NoStrongKey',
      because: [reasonOf(e, 'identity', e.policy.document.identity)],
      accepted: {
        fields: codes([
          ...new Set(
            (e.policy.document.identity?.strongKeys ?? []).flatMap(({ parts }) => parts.map(({ field }) => field)),
          ),
        ]),
      },
    });
  const [first, ...more] = rejections;
  return {
    judgement:
      first === undefined
        ? allowed(reasonOf(e, 'form', { rule: asked.rules }, { class: code(given.class), complete: true }))
        : refused(first, ...more),
    misread,
    values,
    clearValues: filled.clearValues,
    personalValues: filled.personalValues,
    strongKeys,
    // What could not be read whole (a masked phone) may still find candidates.
    weakKeys: weakKeysOf(e, given.class, { ...given.values, ...values }),
    missing: missing.map(({ name }) => name),
  };
};

/** Values of the right type that a strong key cannot be formed from. What may be partial finds candidates instead. */
const unformedKeys = (
  e: Evaluation,
  name: string,
  fields: readonly Field[],
  values: Readonly<Record<string, FieldValue>>,
  attested: readonly string[],
): Rejection[] => {
  const unreadable = new Map(
    unreadableParts(e, name, values, attested).map(({ field, problem }) => [field, problem] as const),
  );
  return fields.flatMap((field) => {
    const problem = field.partial ? undefined : unreadable.get(field.name);
    if (problem === undefined) return [];
    return [
      {
        reason: 'FieldInvalid' as const,
        field: field.name,
        because: [reasonOf(e, `form.${field.name}`, field, { problem: code(problem) })],
        accepted: acceptedIn(field),
      },
    ];
  });
};
