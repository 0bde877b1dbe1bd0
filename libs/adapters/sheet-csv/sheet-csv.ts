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
    for await (const { record, line } of records(text.replaceAll(/\r\n?/g, '\n')))
      table.add(line, record.map(withoutGuard));
    return {
      readable: true,
      sheet: {
        name,
        header: table.header,
        rows: table.rows,
        encoding,
        digest: createHash('sha256').update(bytes).digest('hex'),
      },
    };
  });

async function* records(text: string): AsyncGenerator<{ readonly record: readonly string[]; readonly line: number }> {
  const parser = Readable.from(chunks(text)).pipe(
    parse({
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: recordBytesMax,
    }),
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

/** The separator that the first line with content uses most. */
const delimiterOf = (text: string): string => {
  const header = /[^\r\n]*\S[^\r\n]*/.exec(text)?.[0] ?? '';
  return [',', '\t', ';'].toSorted((one, other) => header.split(other).length - header.split(one).length)[0]!;
};

/** The apostrophe that `csvText` put before a cell that a workbook would calculate. */
const withoutGuard = (cell: string): string => (cell.startsWith("'") && wouldCalculate(cell) ? cell.slice(1) : cell);
