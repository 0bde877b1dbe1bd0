import { createHash } from 'node:crypto';
import type { SheetRow } from '#event-sourcing/ports/sheet.js';
import type { Code, Fen, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { fen, MoneyError, parseYuan } from '#money/fen.js';
import { fieldsOf } from '#policy/clauses/form.js';
import type { Field, FieldValue } from '#policy/field.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { Label } from '#policy/words.js';
import { parseInstant, TimeError } from '#time/instant.js';
import type { Attachment } from '../dossier/events.js';
import { namedColumns, type Mapping } from './mapping.js';

/** One entry of a sheet, as a claim that can be filed. */
export interface Entry {
  readonly line: number;
  readonly filer: PartyId;
  readonly class: string;
  readonly form: Readonly<Record<string, FieldValue>>;
  /** When the sheet says it was entered. */
  readonly at?: Instant;
  /** When the desk says that the form reached it. */
  readonly receivedAt?: Instant;
  readonly attachments: readonly Attachment[];
  readonly deposit?: Fen;
}

/** A cell that cannot be read, and what would be accepted in its place. Never repeats the cell. */
export interface CellProblem {
  readonly code: string;
  readonly column?: string;
  readonly text: Label;
}

export type ReadRow =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly problems: readonly [CellProblem, ...CellProblem[]] };

type Cell<T> = { readonly value: T } | { readonly problem: CellProblem };
const wrong = (code: string, column: string, zh: string, en: string): { readonly problem: CellProblem } => ({
  problem: { code, column, text: { zh: `“${column}”${zh}`, en: `"${column}" ${en}` } },
});

/**
 * Reads a row by the mapping. All cells that cannot be read are named at once. What is missing under the policy is not
 * its concern.
 */
export const readRow = (row: SheetRow, mapping: Mapping, evaluation: Evaluation): ReadRow => {
  if (row.ragged !== undefined) return { ok: false, problems: [ragged(row.ragged)] };
  const broken = brokenCells(row, mapping);
  if (broken[0] !== undefined) return { ok: false, problems: [broken[0], ...broken.slice(1)] };
  const cells = {
    filer: filerOf(row, mapping),
    class: classOf(row, mapping),
    at: timeOf(row, mapping.time, evaluation),
    receivedAt: timeOf(row, mapping.received, evaluation),
  };
  const kind = 'value' in cells.class ? cells.class.value : undefined;
  const deposit = kind === undefined ? { value: undefined } : depositOf(row, mapping, kind.deposit === 'paid');
  const form = kind === undefined ? [] : formOf(row, mapping, fieldsOf(evaluation, kind.class));
  const [first, ...more] = [...Object.values(cells), deposit, ...form.map(([, cell]) => cell)].flatMap((cell) =>
    'problem' in cell ? [cell.problem] : [],
  );
  if (first !== undefined) return { ok: false, problems: [first, ...more] };
  return {
    ok: true,
    entry: {
      line: row.line,
      filer: valueOf(cells.filer),
      class: kind!.class,
      form: Object.fromEntries(form.map(([name, cell]) => [name, valueOf(cell)])),
      attachments: attachmentsOf(row, mapping),
      ...present('at', valueOf(cells.at)),
      ...present('receivedAt', valueOf(cells.receivedAt)),
      ...present('deposit', valueOf(deposit)),
    },
  };
};

const valueOf = <T>(cell: Cell<T>): T => {
  if ('problem' in cell) throw new Error('a row with problems is never filed');
  return cell.value;
};
const present = <K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: T });

const ragged = ({ expected, found }: NonNullable<SheetRow['ragged']>): CellProblem => ({
  code: 'RowRagged',
  text: {
    zh: `这一行有 ${found} 格，列名有 ${expected} 个，无法对应。内容里的逗号须放在引号中。`,
    en: `This row has ${found} cells for ${expected} columns. A comma inside a cell needs quotation marks.`,
  },
});

const filerOf = (row: SheetRow, { filer }: Mapping): Cell<PartyId> => {
  const party = own(filer.parties, row.cells[filer.column] ?? '');
  return party === undefined
    ? wrong(
        'FilerUnknown',
        filer.column,
        `应为：${Object.keys(filer.parties).join('、')}。`,
        `is one of: ${Object.keys(filer.parties).join(', ')}.`,
      )
    : { value: party };
};

const classOf = (
  row: SheetRow,
  mapping: Mapping,
): Cell<{ readonly class: string; readonly deposit: 'paid' | 'none' }> => {
  if ('always' in mapping.class) return { value: mapping.class.always };
  const { column, values } = mapping.class;
  const kind = own(values, row.cells[column] ?? '');
  return kind === undefined
    ? wrong(
        'ClassUnknown',
        column,
        `应为：${Object.keys(values).join('、')}。`,
        `is one of: ${Object.keys(values).join(', ')}.`,
      )
    : { value: kind };
};

/** What a workbook shows where a formula failed: nobody is called #N/A. */
const CELL_ERROR =
  /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!|CONNECT!|EXTERNAL!|BUSY!|PYTHON!)$/i;
const brokenCells = ({ cells }: SheetRow, mapping: Mapping): readonly CellProblem[] =>
  namedColumns(mapping)
    .filter((column) => CELL_ERROR.test((cells[column] ?? '').normalize('NFKC')))
    .map(
      (column) =>
        wrong(
          'CellIsError',
          column,
          '是公式错误（如 #N/A），请改成实际内容。',
          'is an error of a formula (such as #N/A): fill in what it is.',
        ).problem,
    );

const nothing = new Set(['', '无', '否', '未', '0', 'no', 'none', 'FALSE', '-', '—']);
/** A paper that the desk has before it: its hash is that of what the cell says about it. */
const attachmentsOf = ({ cells }: SheetRow, mapping: Mapping): readonly Attachment[] =>
  Object.entries(mapping.attachments).flatMap(([column, kind]) => {
    const said = cells[column] ?? '';
    return nothing.has(said)
      ? []
      : [{ kind: kind as Code, sha256: createHash('sha256').update(said).digest('hex') as Code }];
  });

const timeOf = (
  row: SheetRow,
  time: { readonly column: string } | undefined,
  { policy }: Evaluation,
): Cell<Instant | undefined> => {
  if (time === undefined) return { value: undefined };
  try {
    return { value: parseInstant(isoTime(row.cells[time.column] ?? ''), policy.timeZone) };
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    return wrong(
      'TimeUnreadable',
      time.column,
      '应为日期和时间，如 2026-03-03 10:00。',
      'is a date and a time, such as 2026-03-03 10:00.',
    );
  }
};

const depositOf = (row: SheetRow, { deposit }: Mapping, paid: boolean): Cell<Fen | undefined> => {
  if (deposit === undefined) return { value: undefined };
  const text = row.cells[deposit.column] ?? '';
  if (text === '')
    return paid
      ? wrong('DepositMissing', deposit.column, '应填已缴的金额。', 'says how much was paid.')
      : { value: undefined };
  if (!paid)
    return wrong(
      'DepositUnexpected',
      deposit.column,
      '只有已缴定金的才填金额。',
      'is filled in only where a deposit was paid.',
    );
  const amount = moneyOf(text, deposit.unit);
  return amount === undefined
    ? wrong(
        'DepositUnreadable',
        deposit.column,
        '应为金额，如 2000 或 2,000.00。',
        'is an amount, such as 2000 or 2,000.00.',
      )
    : { value: amount };
};

/** Empty cells are left out: the policy says whether they may be empty. */
const formOf = (
  row: SheetRow,
  mapping: Mapping,
  fields: readonly Field[],
): readonly (readonly [string, Cell<FieldValue>])[] =>
  Object.entries(mapping.form).flatMap(([column, name]) => {
    const text = row.cells[column] ?? '';
    return text === ''
      ? []
      : [
          [
            name,
            fieldValue(
              text,
              column,
              fields.find((field) => field.name === name),
            ),
          ] as const,
        ];
  });

const flags: Readonly<Record<string, boolean>> = {
  是: true,
  有: true,
  已: true,
  否: false,
  无: false,
  未: false,
  TRUE: true,
  FALSE: false,
  yes: true,
  no: false,
};
const fieldValue = (text: string, column: string, field: Field | undefined): Cell<FieldValue> => {
  switch (field?.type) {
    case 'number':
      return /^[+-]?\d+(?:\.\d+)?$/.test(text)
        ? { value: Number(text) }
        : wrong('NumberUnreadable', column, '应为数字。', 'is a number.');
    case 'money':
      return moneyOf(text, 'yuan') === undefined
        ? wrong('AmountUnreadable', column, '应为金额（元）。', 'is an amount in yuan.')
        : { value: text };
    case 'flag': {
      const flag = own(flags, text);
      return flag === undefined ? wrong('FlagUnreadable', column, '应为“是”或“否”。', 'is 是 or 否.') : { value: flag };
    }
    case 'choice':
      return {
        value: field.choices?.find(({ value, label }) => [value, label.zh, label.en].includes(text))?.value ?? text,
      };
    case 'date':
    case 'instant':
      return { value: isoTime(text) };
    default:
      return { value: text };
  }
};

const moneyOf = (text: string, unit: 'yuan' | 'fen'): Fen | undefined => {
  try {
    return unit === 'fen' ? fen(text) : parseYuan(text);
  } catch (error) {
    if (error instanceof MoneyError) return undefined;
    throw error;
  }
};

/**
 * `2026/3/3 9:05`, `2026年3月3日10时05分` as people and workbooks write them, in the one form that is then read strictly.
 */
export const isoTime = (text: string): string => {
  const match =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:(?:[T ]+|(?<=日))(\d{1,2})[:时点](\d{2})分?(?::?(\d{2})秒?)?)?$/.exec(
      text.normalize('NFKC').replaceAll(/\s+/g, ' '),
    );
  if (match === null) return text;
  const [, year, month = '', day = '', hour, minute, second] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return hour === undefined
    ? date
    : `${date} ${hour.padStart(2, '0')}:${minute}${second === undefined ? '' : `:${second}`}`;
};

/** A cell that says `constructor` names nobody. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
