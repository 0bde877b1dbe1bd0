import { createHash } from 'node:crypto';
import type { Recorded } from '#event-sourcing/event.js';
import { CommandIdTakenError, type Outcome } from '#event-sourcing/command/handle-command.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import { LogBusyError } from '#event-sourcing/ports/event-log.js';
import type { Sheet } from '#event-sourcing/ports/sheet.js';
import type { Code, CommandId, Instant, PartyId, ProgramId, User } from '#event-sourcing/vocabulary.js';
import { judgeForm } from '#policy/clauses/form.js';
import type { Evaluation } from '#policy/evaluation.js';
import type { Label } from '#policy/words.js';
import type { RecordedRejection } from '../audit/events.js';
import { recordedRejection, type ProgramCommand } from '../deciding/decision-facts.js';
import type { DossierEvent, RegistrationId } from '../dossier/events.js';
import type { FilingDesk } from './filing-desk.js';
import { inOrder } from './in-order.js';
import { calledAs, checkHeader, type Mapping } from './mapping.js';
import type { Pace } from './own-dates.js';
import { checkAnswered, codeBeside, type AnsweredEntry, type FiledUnder } from './answered-row.js';
import { readRow, type Entry, type ReadRow } from './read-row.js';
import {
  acceptedRow,
  rejectionsOf,
  type ImportStep,
  type RefusedRow,
  type RowOutcome,
  type RowResult,
} from './row-result.js';

export interface SheetImport {
  readonly sheet: Sheet;
  readonly mapping: Mapping;
  readonly programId: ProgramId;
  /** The desk that hands the sheet in and grants what the sheet shows as granted. */
  readonly by: PartyId;
  /** Who hands it in for the desk. */
  readonly user?: User;
  readonly desk: FilingDesk;
  /** What stands in the log under a code that a sheet brings back. */
  readonly filedUnder: FiledUnder;
  /** The policy in force now, as the form is read under it. */
  readonly evaluation: () => Promise<Evaluation | undefined>;
  readonly clock: Clock;
  /**
   * Takes each entry at the time it carries, on a clock that can be set. Without it the sheet is received now and its
   * times are claims.
   */
  readonly pace?: Pace;
}

/**
 * The whole sheet cannot be imported, or cannot be imported further; what was recorded stays, and the same file again
 * goes on from there.
 */
export class ImportStoppedError extends Error {
  override readonly name = 'ImportStoppedError';
  constructor(
    readonly code: string,
    readonly text: Label,
    readonly line?: number,
  ) {
    super(text.en);
  }
}

/** An append that nobody knows the end of is settled by sending the same command again. */
const attemptsMax = 5;

/** Rows on their way to the log at once: one sync of the disk carries them all. */
const inFlightMax = 32;

/**
 * Files the rows and tells each result, in the sheet's order, as soon as it is durable. Rows about one customer go one
 * after the other;
 * with a pace all do. Every command's id follows from the program, the file's bytes, the row and the step: the same
 * file twice records
 * nothing twice, and an import that was cut off goes on exactly where it stopped. Throws ImportStoppedError.
 */
export async function* importSheet(asked: SheetImport): AsyncGenerator<RowResult, void, undefined> {
  stopOnHeader(asked.mapping, asked.sheet);
  const given = { ...asked, mapping: calledAs(asked.mapping, asked.sheet.header) };
  yield* inOrder(rowsOf(given), (row) => importRow(given, row), {
    inFlightMax: given.pace === undefined ? inFlightMax : 1,
    namesOf: ({ keys }) => keys,
  });
}

interface Row {
  readonly line: number;
  readonly read: ReadRow;
  /** It carries a code: it was accepted before, or says so. */
  readonly answered?: { readonly code: string } & Omit<AnsweredEntry, 'entry'>;
  /** What its customer is known by. */ readonly keys: readonly string[];
}

async function* rowsOf(given: SheetImport): AsyncGenerator<Row> {
  for (const row of given.sheet.rows) {
    const evaluation = await policyInForce(given);
    const read = readRow(row, given.mapping, evaluation);
    const code = codeBeside(row);
    if (code !== undefined) {
      yield { line: row.line, read, answered: { ...given, code, row, evaluation }, keys: [] };
      continue;
    }
    const keys = read.ok
      ? judgeForm(evaluation, { class: read.entry.class, values: read.entry.form, attachments: [] }).strongKeys
      : [];
    yield { line: row.line, read, keys: keys.map(({ kind, value }) => `${kind} ${value}`) };
  }
}

/**
 * Judges every row's form and nothing else: it asks nobody whether a customer is free, so it tells nothing about
 * others' claims, and records nothing.
 */
export async function* checkSheet(
  asked: Pick<SheetImport, 'sheet' | 'mapping' | 'evaluation' | 'programId' | 'filedUnder'>,
): AsyncGenerator<RowResult, void, undefined> {
  stopOnHeader(asked.mapping, asked.sheet);
  const given = { ...asked, mapping: calledAs(asked.mapping, asked.sheet.header) };
  const evaluation = await policyInForce(given);
  for (const row of given.sheet.rows) {
    const read = readRow(row, given.mapping, evaluation);
    const at = { line: row.line, recordedBefore: false };
    if (!read.ok) {
      yield { ...at, outcome: 'malformed', problems: read.problems };
      continue;
    }
    const code = codeBeside(row);
    if (code !== undefined) {
      const found = await given.filedUnder(code);
      yield { ...at, ...checkAnswered({ ...given, row, entry: read.entry, evaluation }, found) };
      continue;
    }
    const { judgement } = judgeForm(evaluation, {
      class: read.entry.class,
      values: read.entry.form,
      attachments: read.entry.attachments.map(({ kind }) => kind),
    });
    yield judgement.allowed
      ? { ...at, outcome: 'complete' }
      : { ...at, outcome: 'refused', step: 'registration', rejections: judgement.rejections.map(recordedRejection) };
  }
}

const stopOnHeader = (mapping: Mapping, { header }: Sheet): void => {
  const problems = checkHeader(mapping, header);
  if (problems.length > 0)
    throw new ImportStoppedError('HeaderUnfit', {
      zh: problems.map(({ message }) => message.zh).join(''),
      en: problems.map(({ message }) => message.en).join(' '),
    });
};

const policyInForce = async ({ evaluation }: Pick<SheetImport, 'evaluation'>): Promise<Evaluation> => {
  const inForce = await evaluation();
  if (inForce === undefined)
    throw new ImportStoppedError('NoPolicyInForce', {
      zh: '该报备项目目前没有生效的制度。',
      en: 'No policy is in force in this program.',
    });
  return inForce;
};

const importRow = async (given: SheetImport, { line, read, answered }: Row): Promise<RowResult> => {
  if (!read.ok) return { line, recordedBefore: false, outcome: 'malformed', problems: read.problems };
  if (answered !== undefined) {
    const claims = await given.filedUnder(answered.code);
    return { line, recordedBefore: false, ...checkAnswered({ ...answered, entry: read.entry }, claims) };
  }
  if (given.pace !== undefined && read.entry.at !== undefined) await given.pace(read.entry.at);
  return fileEntry(given, read.entry);
};

/** The fixed list of an entry's commands: permission, registration, deposit. The first refusal is the row's result. */
const fileEntry = async (given: SheetImport, entry: Entry): Promise<RowResult> => {
  const { desk, mapping } = given;
  let recordedBefore = true;
  const send = async (step: ImportStep, command: (base: ProgramCommand) => Promise<Outcome>): Promise<Settled> => {
    const outcome = await settled(entry.line, () => command(baseOf(given, entry, step)));
    recordedBefore &&= outcome.repeated;
    return outcome;
  };
  const result = (found: RowOutcome): RowResult => ({ line: entry.line, recordedBefore, ...found });
  const onForm = { class: entry.class, form: entry.form };

  if (mapping.permission === 'grantedByDesk') {
    const granted = await send('permission', (base) =>
      desk.grantPermission({ ...base, ...onForm, partyId: entry.filer }),
    );
    if (granted.outcome !== 'accepted') return result(refusedRow('permission', granted));
  }
  const registered = await send('registration', (base) =>
    desk.register({
      ...base,
      ...onForm,
      onBehalfOf: entry.filer,
      channel: mapping.channel,
      attachments: entry.attachments,
      ...(entry.receivedAt === undefined ? {} : { receivedAt: entry.receivedAt, receiptAttested: true }),
    }),
  );
  const registrationId = registrationOf(registered);
  const { deposit } = entry;
  if (registrationId === undefined || (deposit === undefined && registered.outcome !== 'accepted'))
    return result(refusedRow('registration', registered));
  if (deposit === undefined) return result(acceptedRow(registrationId, dossierEvents(registered)));

  const paid = await send('deposit', (base) => desk.recordDeposit({ ...base, registrationId, amount: deposit }));
  if (paid.outcome === 'accepted')
    return result(acceptedRow(registrationId, [...dossierEvents(registered), ...dossierEvents(paid)]));
  if (registered.outcome !== 'accepted') return result(refusedRow('deposit', paid));
  return result({ ...acceptedRow(registrationId, dossierEvents(registered)), depositRefused: rejectionsIn(paid) });
};

/** `taken`: this row of this file was recorded before with other content, under another mapping say. */
type Settled =
  | Exclude<Outcome, { outcome: 'indeterminate' }>
  | { readonly outcome: 'taken'; readonly recordedAt: Instant; readonly repeated: true; readonly events: readonly [] };

const refusedRow = (step: ImportStep, settled: Settled): RefusedRow => ({
  outcome: 'refused',
  step,
  rejections: rejectionsIn(settled),
});
const rejectionsIn = (settled: Settled): readonly RecordedRejection[] =>
  settled.outcome === 'taken'
    ? [recordedRejection({ reason: 'CommandIdTaken', inputs: { recordedAt: settled.recordedAt } })]
    : rejectionsOf(settled.events);

const baseOf = (
  { sheet, mapping, programId, by, user, clock }: SheetImport,
  entry: Entry,
  step: ImportStep,
): ProgramCommand => ({
  commandId: commandId(programId, sheet.digest, entry.line, step),
  programId,
  by,
  ...(user === undefined ? {} : { user }),
  ...(entry.at === undefined ? {} : { occurredAt: entry.at }),
  receivedAt: clock.now(),
  receivedBy: mapping.receivedBy as Code,
});

/** The same row of the same file is the same command, for ever. */
export const commandId = (programId: ProgramId, digest: string, line: number, step: ImportStep): CommandId =>
  `row-${createHash('sha256')
    .update(JSON.stringify([programId, digest, line, step]))
    .digest('hex')
    .slice(0, 40)}` as CommandId;

/**
 * The registration this entry made; or, where the filer holds the customer already, the one it repeats: a customer who
 * came back to pay
 * is entered again, and the deposit belongs to the registration that stands (R04.07).
 */
const registrationOf = (outcome: Settled): RegistrationId | undefined => {
  for (const { event } of dossierEvents(outcome)) if (event.type === 'Registered') return event.registrationId;
  for (const { reason, inputs } of rejectionsOf(outcome.events)) {
    const standing = inputs?.['registrationId'];
    if (reason === 'AlreadyYours' && typeof standing === 'string') return standing as string as RegistrationId;
  }
  return undefined;
};

const dossierEvents = (outcome: Settled): readonly Recorded<DossierEvent>[] =>
  outcome.outcome === 'accepted' ? (outcome.events as unknown as readonly Recorded<DossierEvent>[]) : [];

/**
 * Accepted, refused or taken. What stays unknown or busy stops the import, because a later row must not overtake an
 * earlier one.
 */
const settled = async (line: number, send: () => Promise<Outcome>): Promise<Settled> => {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    try {
      const outcome = await send();
      if (outcome.outcome !== 'indeterminate') return outcome;
    } catch (error) {
      if (error instanceof CommandIdTakenError)
        return { outcome: 'taken', recordedAt: error.recordedAt, repeated: true, events: [] };
      if (!(error instanceof LogBusyError)) throw error;
    }
  }
  throw new ImportStoppedError(
    'NotSettled',
    {
      zh: `第 ${line} 行：不能确定是否已记录，导入到此为止。请稍后用同一文件再导入一次，已记录的不会重复。`,
      en: `Line ${line}: it is not known whether this row was recorded, so the import stops here. Import the same file again later; nothing is recorded twice.`,
    },
    line,
  );
};
