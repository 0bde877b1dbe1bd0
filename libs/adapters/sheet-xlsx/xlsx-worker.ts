// Runs in a thread of its own, so that a workbook can neither hold up the server nor take its memory. Imports nothing
// of ours: the thread is started from the source as well as from the build.
import { parentPort, workerData } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { readXlsx } from 'hucre/xlsx';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

interface Task {
  readonly bytes: Uint8Array;
  readonly rowsMax: number;
  readonly chunkRows: number;
  /** The sheet that somebody asked for by name. */
  readonly wanted?: string;
}
export type FromWorker =
  | { readonly name: string; readonly others: readonly string[] }
  | { readonly from: number; readonly rows: readonly (readonly string[])[]; readonly hidden: readonly number[] }
  | { readonly done: true }
  | { readonly failed: 'protected' | 'damaged' | 'noneVisible' }
  | { readonly failed: 'several' | 'unknown'; readonly names: readonly string[] };

const two = (value: number): string => String(value).padStart(2, '0');
const dayMilliseconds = 86_400_000;
/** Day 0 of the two calendars that workbooks count in, as they are handed to us. */
const dayZero = { '1900': Date.UTC(1899, 11, 31), '1904': Date.UTC(1904, 0, 1) } as const;
/** No register goes back so far: an earlier date is a time of day, or a number of hours. */
const timesOnlyDays = 3_650;

/**
 * Workbooks know no zone: the date as the sheet's clock shows it. Serial numbers are fractions of a day, so seconds are
 * rounded. A cell that holds a time and no date is that time.
 */
const dateText = (given: Date, calendar: '1900' | '1904'): string => {
  const date = new Date(Math.round(given.getTime() / 1_000) * 1_000);
  const seconds = two(date.getUTCSeconds());
  const sinceZero = date.getTime() - dayZero[calendar];
  if (sinceZero < timesOnlyDays * dayMilliseconds)
    return `${two(Math.floor(sinceZero / 3_600_000))}:${two(date.getUTCMinutes())}${seconds === '00' ? '' : `:${seconds}`}`;
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${seconds}`;
  return time === '00:00:00' ? day : `${day} ${time}`;
};

/** Telephone numbers and amounts are often typed as numbers: never an exponent, never the tail of a binary fraction. */
const numberText = (value: number): string => {
  if (Number.isSafeInteger(value)) return String(value);
  const shown = Number(value.toPrecision(15));
  return Number.isSafeInteger(shown)
    ? String(shown)
    : shown.toString().includes('e')
      ? shown.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 })
      : shown.toString();
};

const textOf = (value: unknown, calendar: '1900' | '1904'): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : dateText(value, calendar);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'string' ? value : '';
};

const phonetic = /<((?:\w+:)?rPh)\b[^>]*>.*?<\/\1>/gs;

/**
 * How a name is read aloud stands beside it in the cell, and our reader takes it for a part of the name where the text
 * is not shared. Such parts are written anew without it; a workbook that has none stays as it is.
 */
const withoutPhonetics = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const parts: { readonly name: string; readonly content: Buffer }[] = [];
  let found = false;
  const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    lazyEntries: true,
  });
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const content = await contentOf(zip, entry);
    const inline = /worksheets?\/.*\.xml$/i.test(entry.fileName) && content.includes('rPh');
    found ||= inline;
    parts.push({
      name: entry.fileName,
      content: inline ? Buffer.from(content.toString('utf8').replace(phonetic, '')) : content,
    });
  }
  return found ? stored(parts) : bytes;
};

const contentOf = async (zip: ZipFile, entry: Entry): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** An archive whose parts are not packed. */
const stored = (parts: readonly { readonly name: string; readonly content: Buffer }[]): Uint8Array => {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of parts) {
    const path = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(0x800, 2);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), fields, place, path]));
    files.push(Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fields, path, content]));
    offset += 30 + path.length + content.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, entries, end]);
};

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
const post = (message: FromWorker): void => {
  parentPort?.postMessage(message);
};

type Sheet = Awaited<ReturnType<typeof readXlsx>>['sheets'][number];
const isFilled = (cell: unknown): boolean =>
  cell instanceof Date || (cell !== null && cell !== undefined && cell !== '');
/** A heading and a row below it, with two columns at least: a cover or a note has neither. */
const isRegister = ({ rows }: Sheet): boolean => {
  let lines = 0;
  for (const row of rows) if (row.filter(isFilled).length > 1 && (lines += 1) > 1) return true;
  return false;
};

/** The one sheet that is meant; whose rows are others' is never decided here. */
const chosen = (sheets: readonly Sheet[], wanted: string | undefined): Sheet | undefined => {
  const named = (message: 'several' | 'unknown', found: readonly Sheet[]): undefined => {
    post({ failed: message, names: found.map(({ name }) => name).slice(0, 20) });
  };
  if (sheets.length === 0) {
    post({ failed: 'noneVisible' });
    return undefined;
  }
  if (wanted !== undefined) return sheets.find(({ name }) => name.trim() === wanted.trim()) ?? named('unknown', sheets);
  const registers = sheets.filter(isRegister);
  if (registers.length > 1) return named('several', registers);
  return registers[0] ?? sheets.find(({ rows }) => rows.some((row) => row.some(isFilled))) ?? sheets[0];
};

const read = async ({ bytes, rowsMax, chunkRows, wanted }: Task): Promise<void> => {
  const { sheets, dateSystem } = await readXlsx(await withoutPhonetics(bytes), {
    sheets: ({ hidden, veryHidden }) => hidden !== true && veryHidden !== true,
  });
  const sheet = chosen(sheets, wanted);
  if (sheet === undefined) return;
  post({
    name: sheet.name,
    others: sheets.filter((other) => other !== sheet && other.rows.length > 0).map(({ name }) => name),
  });
  const calendar = dateSystem === '1904' ? '1904' : '1900';
  let sent = 0;
  let chunk: string[][] = [];
  let hidden: number[] = [];
  let from = 1;
  const flush = (): void => {
    post({ from, rows: chunk, hidden });
    chunk = [];
    hidden = [];
  };
  for (const [index, row] of sheet.rows.entries()) {
    const texts = row.map((cell) => textOf(cell, calendar));
    const filled = texts.some((text) => text !== '');
    if (filled && chunk.length === 0) from = index + 1;
    // Rows without content inside a chunk keep the count of rows; a million of them after each other are never sent.
    if (filled || chunk.length > 0) chunk.push(filled ? texts : []);
    if (filled && sheet.rowDefs?.get(index)?.hidden === true) hidden.push(index + 1);
    if (filled) sent += 1;
    // More rows than allowed tell that there are too many; some lines above the headings are none of them.
    if (sent > rowsMax + 30) break;
    if (chunk.length >= chunkRows) flush();
  }
  if (chunk.length > 0) flush();
  post({ done: true });
};

try {
  await read(workerData as Task);
} catch (error) {
  post({
    failed:
      error instanceof Error && /password|encrypt/i.test(`${error.name} ${error.message}`) ? 'protected' : 'damaged',
  });
}
