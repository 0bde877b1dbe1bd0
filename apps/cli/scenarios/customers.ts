import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CalendarDate, Instant } from '#event-sourcing/vocabulary.js';
import { fieldsOf } from '#policy/clauses/form.js';
import type { Field } from '#policy/field.js';
import type { Evaluation } from '#policy/evaluation.js';
import { addDays, at, dateIn } from '#time/instant.js';
import { nameSchema, textSchema } from './words.js';

export type Values = Readonly<Record<string, string | number | boolean>>;
export const valueSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Named customers: `C1: 王芳 13800001111`, or field by field. */
export const customersSchema = z.record(nameSchema, z.union([textSchema, z.record(z.string(), valueSchema)]));
export type Customers = z.output<typeof customersSchema>;

/** The customers that every scenario may name without saying who they are. */
const people: Readonly<Record<string, readonly [person: string, company: string, phone: string]>> = {
  C1: ['王芳', '永川机械有限公司', '13800001111'],
  C2: ['李强', '涪陵钢铁有限公司', '13800002222'],
  C3: ['张敏', '万州电器有限公司', '13800003333'],
  C4: ['刘洋', '合川建材有限公司', '13800004444'],
  C5: ['陈静', '南川食品有限公司', '13800005555'],
};

const isNameField = ({ type }: Field): boolean => type === 'personName' || type === 'companyName';
const creditCodePattern = /(?:^|\s)([0-9A-HJ-NP-RTUWXY]{18})(?=\s|$)/;
const phonePattern = /(?:^|\s)(\+?\d[\d*() -]{5,}[\d*])(?=\s|$)/;

/**
 * What a short mention says, field by field: `王小明 13800000001` is the form's first name and its first telephone, 18
 * capitals and digits
 * are a credit code. Undefined when the form has no field for a part of it.
 */
export const mentioned = (fields: readonly Field[], text: string, customers: Customers): Values | undefined => {
  const named = Object.hasOwn(customers, text) ? customers[text] : undefined;
  if (typeof named === 'object') return plainValues(fields, named);
  const nameField = fields.find(isNameField);
  const known = named === undefined ? people[text] : undefined;
  const spoken =
    named ?? (known === undefined ? text : `${nameField?.type === 'companyName' ? known[1] : known[0]} ${known[2]}`);
  const credit = creditCodePattern.exec(spoken)?.[1];
  const phone = phonePattern.exec(credit === undefined ? spoken : spoken.replace(credit, ''))?.[1]?.trim();
  const name = [credit, phone]
    .reduce<string>((rest, part) => (part === undefined ? rest : rest.replace(part, ' ')), spoken)
    .trim()
    .replace(/\s+/g, ' ');
  const parts: readonly (readonly [string | undefined, Field | undefined])[] = [
    [name === '' ? undefined : name, nameField],
    [phone, fields.find(({ type }) => type === 'phone')],
    [credit, fields.find(({ type }) => type === 'creditCode')],
  ];
  if (parts.some(([value, field]) => value !== undefined && field === undefined)) return undefined;
  return Object.fromEntries(
    parts.flatMap(([value, field]) => (value === undefined || field === undefined ? [] : [[field.name, value]])),
  );
};

/** Values as a form takes them; an empty field (`~`) is left out. */
export const plainValues = (
  fields: readonly Field[],
  given: Readonly<Record<string, string | number | boolean | null>>,
): Values =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      if (value === null) return [];
      const type = fields.find((field) => field.name === name)?.type;
      return [[name, typeof value === 'number' && type !== undefined && type !== 'number' ? String(value) : value]];
    }),
  );

/** Fields that a strong key is made of: together they say who the customer is. */
export const identifying = ({ policy }: Evaluation): ReadonlySet<string> =>
  new Set((policy.document.identity?.strongKeys ?? []).flatMap(({ parts }) => parts.map(({ field }) => field)));

/**
 * Required fields that the scenario leaves out are filled in, so that it only says what it is about. The same customer
 * always gets the same values.
 */
export const completed = (evaluation: Evaluation, name: string, values: Values, now: Instant): Values => {
  const fields = fieldsOf(evaluation, name);
  const seed = JSON.stringify(
    fields.filter((field) => isNameField(field) || field.type === 'phone').map((field) => values[field.name] ?? ''),
  );
  return {
    ...Object.fromEntries(
      fields
        .filter(({ required }) => required)
        .flatMap((field) => {
          const value = example(field, seed, now, evaluation.policy.timeZone);
          return value === undefined ? [] : [[field.name, value]];
        }),
    ),
    ...values,
  };
};

const number = (seed: string, below: number): number =>
  createHash('sha256').update(seed).digest().readUInt32BE() % below;
const surnames = '赵钱孙周吴郑冯卫蒋沈韩杨朱秦许何吕施孔曹';

/** A plain value for a required field; undefined for a credit code, which somebody has to know. */
const example = (field: Field, seed: string, now: Instant, zone: string): string | number | boolean | undefined => {
  const own = `${field.name} ${seed}`;
  switch (field.type) {
    case 'personName':
      return `${surnames[number(own, surnames.length)]}某${surnames[number(`${own}!`, surnames.length)]}`;
    case 'companyName':
      return `${surnames[number(own, surnames.length)]}氏第${'一二三四五六七八九'[number(`${own}!`, 9)]}机械有限公司`;
    case 'phone':
      return `139${String(number(own, 100_000_000)).padStart(8, '0')}`;
    case 'address':
      return `民权路${1 + number(own, 9_999)}号`;
    case 'text':
      return `${field.label.zh}甲`;
    case 'number':
      return typeof field.min === 'number' ? field.min : 1;
    case 'money':
      return field.min === undefined ? '100000' : String(field.min);
    case 'date':
      return addDays(dateIn(now, zone), 30);
    case 'instant':
      return at(addDays(dateIn(now, zone), 1) as CalendarDate, '15:00', zone);
    case 'choice':
      return field.choices?.[0]?.value;
    case 'flag':
      return true;
    case 'creditCode':
      return undefined;
  }
};
