import { code, type Fen, type Instant, type PartyId, type ProgramId } from '#event-sourcing/vocabulary.js';
import type { SheetRow } from '#event-sourcing/ports/sheet.js';
import { verifyShortCode } from '#identity/short-code.js';
import { judgeForm } from '#policy/clauses/form.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { FieldValue } from '#policy/field.js';
import type { RegistrationId } from '../dossier/events.js';
import { resultColumns, type Mapping } from './mapping.js';
import { isoTime, type Entry } from './read-row.js';
import type { AnsweredRow, RefusedRow } from './row-result.js';

/** What the log says of one registration, as far as a row of a sheet can speak of it. */
export interface FiledClaim {
  readonly registrationId: RegistrationId;
  readonly programId: ProgramId;
  /** Whom it was filed for. */
  readonly holder: PartyId;
  /** The class it was filed in, and those it came to stand in. */
  readonly classes: readonly string[];
  /** Of the filing and of each deposit. */
  readonly occurredAt: readonly Instant[];
  readonly receivedAt: readonly Instant[];
  readonly deposits: readonly Fen[];
  /** Last days of all its protections, the latest at the end. */
  readonly lastDays: readonly string[];
  /** `erased`: the person is gone from it, and nothing can be compared. */
  readonly form: Readonly<Record<string, FieldValue>> | 'erased';
}
/** The registrations that carry a short code. Codes are short: now and then two share one. */
export type FiledUnder = (shortCode: string) => Promise<readonly FiledClaim[]>;

/** The code that stands beside a row, if it is one: a row that carries it is not filed a second time. */
export const codeBeside = ({ cells }: SheetRow): string | undefined =>
  Object.values(resultColumns)
    .map(([, registration]) => verifyShortCode(cells[registration] ?? ''))
    .find((found) => found !== null) ?? undefined;

export interface AnsweredEntry {
  readonly row: SheetRow;
  readonly entry: Entry;
  readonly programId: ProgramId;
  readonly mapping: Mapping;
  readonly evaluation: Evaluation;
}

/**
 * Whether a row that comes back with a code is the row that got it. Anybody can write a genuine code beside another
 * customer: whatever of the row is not what was recorded is named, and the row counts as refused.
 */
export const checkAnswered = (answered: AnsweredEntry, claims: readonly FiledClaim[]): AnsweredRow | RefusedRow => {
  const compared = claims
    .filter(({ programId }) => programId === answered.programId)
    .map((claim) => ({ claim, columns: disagreeing(answered, claim) }));
  const same = compared.find(({ columns }) => columns.length === 0);
  if (same !== undefined)
    return { outcome: 'answered', registrationId: same.claim.registrationId, lastDay: same.claim.lastDays.at(-1) };
  const columns = compared[0]?.columns ?? [columnOf(answered.row, 1)];
  return {
    outcome: 'refused',
    step: 'answer',
    rejections: [{ reason: code('AnswerDisagrees'), inputs: { columns: columns.map(code) } }],
  };
};

const disagreeing = ({ row, entry, mapping, evaluation }: AnsweredEntry, claim: FiledClaim): readonly string[] => {
  // A customer who came back to pay was entered again, perhaps with another address: it is the same by its keys.
  const paid = entry.deposit !== undefined && claim.deposits.includes(entry.deposit);
  const lastDay = row.cells[columnOf(row, 2)] ?? '';
  const columns: readonly (string | false | undefined)[] = [
    entry.filer !== claim.holder && mapping.filer.column,
    !paid && !claim.classes.includes(entry.class) && 'column' in mapping.class && mapping.class.column,
    entry.at !== undefined && !claim.occurredAt.includes(entry.at) && mapping.time?.column,
    entry.receivedAt !== undefined && !claim.receivedAt.includes(entry.receivedAt) && mapping.received?.column,
    entry.deposit !== undefined && !paid && mapping.deposit?.column,
    ...otherForm(entry, claim, { mapping, evaluation, paid }),
    lastDay !== '' && !claim.lastDays.includes(isoTime(lastDay)) && columnOf(row, 2),
  ];
  return columns.filter((column) => typeof column === 'string');
};

const otherForm = (
  entry: Entry,
  { form }: FiledClaim,
  { mapping, evaluation, paid }: Pick<AnsweredEntry, 'mapping' | 'evaluation'> & { readonly paid: boolean },
): readonly string[] => {
  if (form === 'erased') return [];
  const judged = (values: Readonly<Record<string, FieldValue>>) =>
    judgeForm(evaluation, { class: entry.class, values, attachments: [] });
  const [now, then] = [judged(entry.form), judged(form)];
  const known = new Set(then.strongKeys.map(({ kind, value }) => `${kind} ${value}`));
  if (paid && now.strongKeys.some(({ kind, value }) => known.has(`${kind} ${value}`))) return [];
  return Object.entries(mapping.form)
    .filter(([, name]) => (now.values[name] ?? entry.form[name]) !== form[name])
    .map(([column]) => column);
};

/** How this sheet calls one of the columns that stand beside an answered row. */
const columnOf = ({ cells }: SheetRow, index: number): string =>
  Object.values(resultColumns)
    .map((columns) => columns[index]!)
    .find((column) => (cells[column] ?? '') !== '') ?? resultColumns.zh[index]!;
