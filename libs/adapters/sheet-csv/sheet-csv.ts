import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import type { SheetReader } from '#event-sourcing/ports/sheet.js';
import { answering, bytesMax, refuseSheet, SheetRefusedError } from '../sheet-file/refusals.js';
import { Table } from '../sheet-file/table.js';
import { wouldCalculate } from './csv-text.js';
import { decodeText } from './decode.js';

/**
 * Characters handed to the parser at a time: it works on the main thread, which must stay free for others in between.
 */
const chunkLength = 16 * 1024;
/** Bytes of one row: far above any entry, far below what a quotation mark that never closes would swallow. */
const recordBytesMax = 256 * 1024;
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Reads text with commas, semicolons or tabs, in UTF-8 or GBK/GB18030. */
export const readCsvSheet: SheetReader = (bytes, { name }) =>
  answering(async () => {
    if (bytes.byteLength > bytesMax) return refuseSheet('TooLarge');
    const { text, encoding } = decodeText(bytes);
    const table = new Table(true);
    const { rest, delimiter, above } = separated(text.replaceAll(/\r\n?/g, '\n'));
    for await (const { record, line } of records(rest, delimiter)) table.add(line + above, record.map(withoutGuard));
    return {
      readable: true,
      sheet: {
        name,
        ...table.read(),
        hiddenRows: 0,
        encoding,
        digest: createHash('sha256').update(bytes).digest('hex'),
      },
    };
  });

async function* records(
  text: string,
  delimiter: string,
): AsyncGenerator<{ readonly record: readonly string[]; readonly line: number }> {
  const parser = Readable.from(chunks(text)).pipe(
    parse({ delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: recordBytesMax }),
  );
  try {
    // A record begins on the line that follows it when it spans several; the parser counts the last one.
    for await (const { record, info } of parser as AsyncIterable<Parsed>)
      yield { record, line: info.lines - lineBreaks(record) };
  } catch (error) {
    if (error instanceof CsvError) throw refusalOf(error);
    throw error;
  }
}

async function* chunks(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += chunkLength) {
    yield text.slice(from, from + chunkLength);
    await setImmediate();
  }
}

const lineBreaks = (record: readonly string[]): number =>
  record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);

const refusalOf = (error: CsvError): SheetRefusedError => {
  const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
  return new SheetRefusedError(error.code === 'CSV_MAX_RECORD_SIZE' ? 'CellTooLong' : 'QuotesUnbalanced', line);
};

/** What workbooks write in front to say their separator. */
const SEP = /^\ufeff?"?sep=([,;\t|])"?\n/i;
/** Lines among which the headings are looked for: a title above them has no separator. */
const firstLinesMax = 20;

/** The table, its separator, and how many lines stand above it. */
const separated = (text: string): { readonly rest: string; readonly delimiter: string; readonly above: number } => {
  const said = SEP.exec(text);
  if (said !== null) return { rest: text.slice(said[0].length), delimiter: said[1]!, above: 1 };
  const decides = text.split('\n', firstLinesMax).find((line) => /[,;\t]/.test(line)) ?? '';
  const cells = (delimiter: string): number => decides.split(delimiter).length;
  return { rest: text, delimiter: [',', '\t', ';'].toSorted((one, other) => cells(other) - cells(one))[0]!, above: 0 };
};

/** What keeps a workbook from calculating a cell: the apostrophe that `csvText` and people put before it, or `="139…"`. */
const withoutGuard = (cell: string): string =>
  cell.startsWith("'") && wouldCalculate(cell) ? cell.slice(1) : cell.replace(/^="([^"]*)"$/, '$1');
