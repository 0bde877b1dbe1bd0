import { z } from 'zod';
import { columnKey } from '#event-sourcing/ports/sheet.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import type { Policy } from '#policy/policy.js';
import { pathText, readSource, type PolicyProblem } from '#policy/reading.js';
import { labelSchema, nameSchema, type Label } from '#policy/words.js';
import { appliesTo } from '#policy/whom.js';

const columnSchema = z.string().trim().min(1).max(100);
const partyIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'A party id has 1 to 64 letters, digits, dots, hyphens.')
  .transform((id) => id as PartyId);
const classSchema = z.strictObject({
  class: nameSchema,
  deposit: z
    .enum(['paid', 'none'])
    .default('none')
    .describe('Whether an entry of this kind says that the customer has paid a deposit.'),
});

/** What is written beside each row of an answered sheet: outcome, short code, last day, why, rules. */
export const resultColumns = {
  zh: ['结果', '报备编号', '保护至', '原因', '依据'],
  en: ['Outcome', 'Registration', 'Protected until', 'Why', 'Rules'],
} as const;

/**
 * How the columns of one organisation's sheet become claims under its policy. Data like the policy itself, and it lies
 * beside it.
 */
export const mappingSchema = z.strictObject({
  mapping: z.string().min(1).max(100),
  title: labelSchema,
  channel: nameSchema.describe('The channel of the policy by which these entries came.'),
  receivedBy: nameSchema.default('deskRegister').describe('Who attests when an entry was made.'),
  time: z
    .strictObject({ column: columnSchema })
    .optional()
    .describe("When each entry was made, in the policy's time zone. Without it: when the sheet was handed in."),
  received: z
    .strictObject({ column: columnSchema })
    .optional()
    .describe('When each form reached the desk, as the desk attests. Without it: when the sheet was handed in.'),
  attachments: z
    .record(columnSchema, nameSchema)
    .default({})
    .describe('Columns whose filled cells say that a paper was handed in, and the kind of attachment it is.'),
  filer: z.strictObject({ column: columnSchema, parties: z.record(z.string().trim().min(1).max(100), partyIdSchema) }),
  class: z.union([
    z.strictObject({ column: columnSchema, values: z.record(z.string().trim().min(1).max(100), classSchema) }),
    z.strictObject({ always: classSchema }),
  ]),
  form: z.record(columnSchema, nameSchema).describe("Columns and the fields of the policy's form that they fill."),
  deposit: z.strictObject({ column: columnSchema, unit: z.enum(['yuan', 'fen']).default('yuan') }).optional(),
  permission: z
    .enum(['grantedByDesk', 'notNeeded'])
    .default('notNeeded')
    .describe(
      'grantedByDesk: whoever keeps the sheet looked before it let the entry be made, and grants it on record.',
    ),
  ignored: z
    .array(columnSchema)
    .max(200)
    .default([])
    .describe('Columns that are read by nobody. A column that is named nowhere stops the import.'),
});
export type Mapping = z.output<typeof mappingSchema>;

export type LoadedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Reads a mapping from YAML (or JSON, which is YAML). Never throws; every problem has its place and both languages. */
export const loadMapping = (text: string): LoadedMapping => {
  const source = readSource(text);
  if (!source.ok) return source;
  const parsed = mappingSchema.safeParse(source.value);
  if (parsed.success) return { ok: true, mapping: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }): PolicyProblem => {
      const steps = path.map((step) => (typeof step === 'number' ? step : String(step)));
      return {
        code: 'ShapeWrong',
        path: pathText(steps),
        ...source.locate(steps),
        message: { zh: `映射不符合要求：${message}`, en: message },
      };
    }),
  };
};

export interface MappingProblem {
  readonly code: string;
  readonly about: string;
  readonly message: Label;
}
const problem = (code: string, about: string, zh: string, en: string): MappingProblem => ({
  code,
  about,
  message: { zh, en },
});

const classesOf = (mapping: Mapping): readonly z.output<typeof classSchema>[] =>
  'always' in mapping.class ? [mapping.class.always] : Object.values(mapping.class.values);
export const namedColumns = (mapping: Mapping): readonly string[] => [
  ...(mapping.time === undefined ? [] : [mapping.time.column]),
  ...(mapping.received === undefined ? [] : [mapping.received.column]),
  ...Object.keys(mapping.attachments),
  mapping.filer.column,
  ...('column' in mapping.class ? [mapping.class.column] : []),
  ...Object.keys(mapping.form),
  ...(mapping.deposit === undefined ? [] : [mapping.deposit.column]),
];

/**
 * What a mapping says that its policy does not know: classes nobody files in, fields of no form, required fields that
 * no column fills.
 */
export const checkMapping = (mapping: Mapping, { document }: Policy): readonly MappingProblem[] => {
  const filed = new Set(document.classes.filter((each) => each.filed).map(({ name }) => name));
  const parts = document.form.filter((part) => classesOf(mapping).some((each) => appliesTo(part, each.class)));
  const fields = parts.flatMap((part) => part.fields);
  const known = new Set(fields.map(({ name }) => name));
  const mapped = new Set(Object.values(mapping.form));
  const classes = classesOf(mapping);
  return [
    ...classes
      .filter((each) => !filed.has(each.class))
      .map((each) =>
        problem(
          'ClassNotFiled',
          each.class,
          `制度中没有可以报备的类别“${each.class}”。`,
          `The policy has no class "${each.class}" that anybody files in.`,
        ),
      ),
    ...Object.values(mapping.attachments)
      .filter((kind) => !parts.some(({ attachments }) => attachments.some((one) => one.kind === kind)))
      .map((kind) =>
        problem('AttachmentUnknown', kind, `制度没有附件“${kind}”。`, `The policy has no attachment "${kind}".`),
      ),
    ...[...mapped]
      .filter((name) => !known.has(name))
      .map((name) =>
        problem('FieldUnknown', name, `制度的表单没有字段“${name}”。`, `The policy's form has no field "${name}".`),
      ),
    ...fields
      .filter(({ name, required }) => required && !mapped.has(name))
      .map(({ name, label }) =>
        problem(
          'FieldUnmapped',
          name,
          `必填字段“${label.zh}”没有对应的列。`,
          `No column fills the required field "${label.en}".`,
        ),
      ),
    ...(classes.some(({ deposit }) => deposit === 'paid') && mapping.deposit === undefined
      ? [
          problem(
            'DepositUnmapped',
            'deposit',
            '有已缴定金的类别，但没有定金列。',
            'A class has a deposit paid, but no column says how much.',
          ),
        ]
      : []),
    ...(document.intake.channels.some(({ accepts }) => accepts.includes(mapping.channel))
      ? []
      : [
          problem(
            'ChannelUnknown',
            mapping.channel,
            `制度不接受渠道“${mapping.channel}”。`,
            `The policy takes nothing by the channel "${mapping.channel}".`,
          ),
        ]),
  ];
};

/**
 * Whether a sheet is the one the mapping is for: every column it names is there, and no column is there that it does
 * not name.
 */
export const checkHeader = (mapping: Mapping, header: readonly string[]): readonly MappingProblem[] => {
  const wanted = namedColumns(mapping);
  // An answered sheet that was mended comes back with what we wrote beside its rows.
  const keys = (columns: readonly string[]): ReadonlySet<string> => new Set(columns.map(columnKey));
  const known = keys([...wanted, ...mapping.ignored, ...Object.values(resultColumns).flat()]);
  const there = keys(header);
  const missing = wanted.filter((column) => !there.has(columnKey(column)));
  const unmapped = header.filter((column) => !known.has(columnKey(column)));
  return [
    ...(missing.length === 0
      ? []
      : [
          problem(
            'ColumnMissing',
            missing.join(', '),
            `表里缺少这些列：${missing.join('、')}。`,
            `The sheet lacks these columns: ${missing.join(', ')}.`,
          ),
        ]),
    ...(unmapped.length === 0
      ? []
      : [
          problem(
            'ColumnUnmapped',
            unmapped.join(', '),
            `映射没有说明这些列怎么用：${unmapped.join('、')}；不用的请写进 ignored。`,
            `The mapping does not say what these columns are for: ${unmapped.join(', ')}; list under "ignored" those that are for nothing.`,
          ),
        ]),
  ];
};

/** The mapping with its columns called as this sheet calls them: 电话（手机） finds the heading 电话(手机)：*. */
export const calledAs = (mapping: Mapping, header: readonly string[]): Mapping => {
  const names = new Map(header.map((name) => [columnKey(name), name]));
  const name = (column: string): string => names.get(columnKey(column)) ?? column;
  const at = <T extends { readonly column: string }>(place: T): T => ({ ...place, column: name(place.column) });
  const renamed = (columns: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(columns).map(([column, to]) => [name(column), to]));
  return {
    ...mapping,
    filer: at(mapping.filer),
    class: 'column' in mapping.class ? at(mapping.class) : mapping.class,
    form: renamed(mapping.form),
    attachments: renamed(mapping.attachments),
    ...(mapping.time === undefined ? {} : { time: at(mapping.time) }),
    ...(mapping.received === undefined ? {} : { received: at(mapping.received) }),
    ...(mapping.deposit === undefined ? {} : { deposit: at(mapping.deposit) }),
  };
};
