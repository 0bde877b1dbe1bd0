import { Command, Option } from 'commander';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { csvText } from '#adapters/sheet-csv/csv-text.js';
import { bytesMax, refuseSheet } from '#adapters/sheet-file/refusals.js';
import { readSheet } from '#adapters/sheet-file/sheet-file.js';
import type { Sheet } from '#event-sourcing/ports/sheet.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { answeredSheet } from '#features/intake/answered-sheet.js';
import { filedUnder } from '#features/edge/filed-under.js';
import { filingDeskOn } from '#features/edge/filing-desk-on-bus.js';
import { checkSheet, importSheet, ImportStoppedError, type SheetImport } from '#features/intake/import-sheet.js';
import { checkMapping, loadMapping, type Mapping } from '#features/intake/mapping.js';
import { emptySummary, summaryText, summed, type ImportSummary } from '#features/intake/summary.js';
import type { RowResult } from '#features/intake/row-result.js';
import { policyInForce, programFolding, programStream } from '#features/program/facts.js';
import type { Installation } from '#installation/installation.js';
import { loadPolicy, type Policy } from '#policy/policy.js';
import { rejectionText, type Language } from '#policy/sentences.js';
import type { Label } from '#policy/words.js';
import { operator } from './on-host.js';
import { openFolder } from './open-folder.js';
import { readPolicyFile } from './policy-file.js';
import { prepareProgram } from './prepare-program.js';
import { progressLine } from './progress-line.js';
import { UsageError } from './usage-error.js';

interface ImportOptions {
  readonly program: string;
  readonly mapping: string;
  readonly by: string;
  readonly prepare?: string;
  readonly sheet?: string;
  readonly dryRun: boolean;
  readonly answer?: string;
  readonly language: Language;
}

/**
 * `baobei import <file>`: files a sheet row by row into the data folder, and writes the same sheet back with what
 * became of each row. Exit 1 when it stopped before the end.
 */
export const importCommand = (): Command =>
  new Command('import')
    .description(
      '导入登记表（CSV 或 .xlsx），逐行报备；同一文件再导入不会重复 / file a sheet (CSV or .xlsx) row by row; the same file twice records nothing twice',
    )
    .argument('<file>', '表格文件 / the sheet')
    .requiredOption('--program <id>', '报备项目 / program')
    .requiredOption('--mapping <file>', '列的映射 / how the columns are read (YAML)')
    .option('--by <party>', '登记处 / the desk that hands the sheet in', 'administration')
    .option(
      '--prepare <policy>',
      '项目尚未开设时：按此制度开设，并登记映射中的人员 / where the program is not open yet: open it under this policy and enrol everybody the mapping names',
    )
    .option('--sheet <name>', '读工作簿中的哪一张工作表 / which sheet of the workbook is read')
    .option(
      '--dry-run',
      '只检查表单，不记录，也不查询他人的报备 / judge the forms only: nothing is recorded, nothing is asked about others',
      false,
    )
    .option('--answer <file>', '把带结果的表写到这里（CSV） / write the sheet back with a result for each row (CSV)')
    .addOption(
      new Option('--language <language>', '结果列的语言 / language of the result columns')
        .choices(['zh', 'en'])
        .default('zh'),
    )
    .action(runImport);

const runImport = async (file: string, options: ImportOptions): Promise<void> => {
  const sheet = await sheetOf(file, options.sheet);
  const mapping = mappingOf(options.mapping);
  const installation = await openFolder();
  try {
    await importInto(installation, { file, sheet, mapping, options });
  } finally {
    await installation.close();
  }
};

interface Task {
  readonly file: string;
  readonly sheet: Sheet;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
}

const importInto = async (installation: Installation, { file, sheet, mapping, options }: Task): Promise<void> => {
  const programId = options.program as ProgramId;
  if (options.prepare !== undefined)
    await prepare(installation, installation.bus, { mapping, options, path: options.prepare });
  const policy = await policyNow(installation, programId);
  if (policy === undefined)
    throw new UsageError(
      `报备项目 ${programId} 没有生效的制度；可用 --prepare <制度文件> 开设。 / Program ${programId} has no policy in force; --prepare <policy file> opens it.`,
    );
  const problems = checkMapping(mapping, policy);
  if (problems.length > 0)
    throw new UsageError(problems.map(({ message }) => `${options.mapping}: ${message.zh} / ${message.en}`).join('\n'));
  const task: SheetImport = {
    sheet,
    mapping,
    programId,
    by: options.by as PartyId,
    user: operator(),
    desk: filingDeskOn(installation.bus),
    filedUnder: filedUnder(installation),
    clock: installation.clock,
    evaluation: async () => {
      const inForce = await policyNow(installation, programId);
      return inForce === undefined ? undefined : { policy: inForce };
    },
  };
  const report = await follow(options.dryRun ? checkSheet(task) : importSheet(task), sheet.rows.length);
  tell(file, report, { sheet, policy, options });
};

interface Report {
  readonly results: ReadonlyMap<number, RowResult>;
  readonly summary: ImportSummary;
  readonly stopped?: ImportStoppedError;
}

/** Rows that were recorded before the import had to stop are reported all the same. */
const follow = async (results: AsyncIterable<RowResult>, rows: number): Promise<Report> => {
  const line = progressLine(process.stderr, rows);
  const found = new Map<number, RowResult>();
  let summary = emptySummary;
  try {
    for await (const result of results) {
      found.set(result.line, result);
      summary = summed(summary, result);
      line.show(found.size);
    }
    return { results: found, summary };
  } catch (error) {
    if (!(error instanceof ImportStoppedError)) throw error;
    return { results: found, summary, stopped: error };
  } finally {
    line.end();
  }
};

const tell = (
  file: string,
  { results, summary, stopped }: Report,
  { sheet, policy, options }: { readonly sheet: Sheet; readonly policy: Policy; readonly options: ImportOptions },
): void => {
  if (stopped === undefined || summary.rows > 0) {
    const text = summaryText(summary, {
      dryRun: options.dryRun,
      say: (rejection) => rejectionText(rejection, { policy }),
    });
    process.stdout.write(
      `${basename(file)} (${sheet.encoding}, sha256 ${sheet.digest.slice(0, 12)})\n${aboutSheet(sheet)}${text.zh}\n${text.en}\n`,
    );
  }
  if (options.answer !== undefined && summary.rows > 0) {
    const { header, rows } = answeredSheet(sheet, results, options.language, policy);
    writeFileSync(options.answer, csvText(header, rows));
    process.stdout.write(`→ ${options.answer}\n`);
  }
  if (stopped === undefined) return;
  process.stderr.write(`${stopped.text.zh}\n${stopped.text.en}\n`);
  process.exitCode = 1;
};

/** What was read and what was not, where the file holds more than one plain table. */
const aboutSheet = ({ worksheet, worksheetsLeft = [], headerLine, hiddenRows }: Sheet): string =>
  [
    ...(worksheet === undefined ? [] : [`工作表“${worksheet}” / the sheet "${worksheet}"`]),
    ...(worksheetsLeft.length === 0
      ? []
      : [`未读的工作表：${worksheetsLeft.join('、')} / sheets that were not read: ${worksheetsLeft.join(', ')}`]),
    ...(headerLine === 1
      ? []
      : [`列名在第 ${headerLine} 行，其上未读 / the headings are in line ${headerLine}; nothing above was read`]),
    ...(hiddenRows === 0
      ? []
      : [`其中 ${hiddenRows} 行是隐藏行，一并报备 / ${hiddenRows} hidden rows are among them and are filed`]),
  ]
    .map((line) => `${line}\n`)
    .join('');

const prepare = async (
  installation: Installation,
  commands: Parameters<typeof prepareProgram>[0],
  { mapping, options, path }: { readonly mapping: Mapping; readonly options: ImportOptions; readonly path: string },
): Promise<void> => {
  const policyText = readPolicyFile(path);
  const loaded = loadPolicy(policyText);
  if (!loaded.ok)
    throw new UsageError(
      loaded.problems.map(({ message, line }) => `${path}:${line ?? 1}: ${message.zh} / ${message.en}`).join('\n'),
    );
  const programId = options.program as ProgramId;
  await prepareProgram(commands, {
    programId,
    policy: loaded.policy,
    policyText,
    mapping,
    desk: options.by as PartyId,
    from: installation.clock.now(),
    user: operator(),
  });
  const inForce = await policyNow(installation, programId);
  if (inForce?.digest !== loaded.policy.digest)
    throw new UsageError(
      `报备项目 ${programId} 已有另一份制度：${inForce?.reference ?? '—'}。请去掉 --prepare。 / Program ${programId} has another policy: ${inForce?.reference ?? '—'}. Leave --prepare out.`,
    );
};

const policyNow = async (installation: Installation, programId: ProgramId): Promise<Policy | undefined> =>
  policyInForce(await installation.engine.ask(programStream(programId), programFolding), installation.clock.now());

const sheetOf = async (path: string, worksheet: string | undefined): Promise<Sheet> => {
  const read = await readSheet(bytesOf(path), {
    name: basename(path),
    ...(worksheet === undefined ? {} : { worksheet }),
  });
  if (!read.readable) throw new UsageError(unreadable(path, read.text));
  return read.sheet;
};
const unreadable = (path: string, { zh, en }: Label): string => `${path}: ${zh} / ${en}`;

const bytesOf = (path: string): Uint8Array => {
  try {
    const found = statSync(path);
    // A device or a pipe may never end.
    if (!found.isFile()) throw new UsageError(`${path}: 不是文件。 / This is no file.`);
    if (found.size > bytesMax) throw new UsageError(unreadable(path, refuseSheet('TooLarge').text));
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path}: 无法读取。 / It cannot be read.`, { cause: error });
  }
};

const mappingOf = (path: string): Mapping => {
  const loaded = loadMapping(readPolicyFile(path));
  if (loaded.ok) return loaded.mapping;
  throw new UsageError(
    loaded.problems
      .map(({ path: where, line, message }) => `${path}:${line ?? 1} ${where}: ${message.zh} / ${message.en}`)
      .join('\n'),
  );
};
