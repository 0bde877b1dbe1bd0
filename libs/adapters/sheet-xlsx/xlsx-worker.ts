// Runs in a thread of its own, so that a workbook can neither hold up the server nor take its memory. Imports nothing
// of ours:
// the thread is started from the source as well as from the build.
import { parentPort, workerData } from 'node:worker_threads';
import { readXlsx } from 'hucre/xlsx';

interface Task {
  readonly bytes: Uint8Array;
  readonly rowsMax: number;
  readonly chunkRows: number;
}
export type FromWorker =
  | { readonly name: string }
  | { readonly from: number; readonly rows: readonly (readonly string[])[] }
  | { readonly done: true }
  | { readonly failed: 'protected' | 'damaged' };

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * Workbooks know no zone: the date as the sheet's clock shows it. Serial numbers are fractions of a day, so seconds are
 * rounded.
 */
const dateText = (given: Date): string => {
  const date = new Date(Math.round(given.getTime() / 1_000) * 1_000);
  const day = `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
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

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : dateText(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'string' ? value : '';
};

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- A thread has no origin.
const post = (message: FromWorker): void => {
  parentPort?.postMessage(message);
};

const read = async ({ bytes, rowsMax, chunkRows }: Task): Promise<void> => {
  // One row more than allowed tells that there are too many.
  const workbook = await readXlsx(bytes, {
    sheets: ({ hidden, veryHidden }) => hidden !== true && veryHidden !== true,
  });
  const sheet =
    workbook.sheets.find(({ rows }) => rows.some((row) => row.some((cell) => textOf(cell) !== ''))) ??
    workbook.sheets[0];
  post({ name: sheet?.name ?? '' });
  let sent = 0;
  let chunk: string[][] = [];
  let from = 1;
  for (const [index, row] of (sheet?.rows ?? []).entries()) {
    const texts = row.map(textOf);
    const filled = texts.some((text) => text !== '');
    if (filled && chunk.length === 0) from = index + 1;
    // Rows without content inside a chunk keep the count of rows; a million of them after each other are never sent.
    if (filled || chunk.length > 0) chunk.push(filled ? texts : []);
    if (filled) sent += 1;
    if (sent > rowsMax + 2) break;
    if (chunk.length < chunkRows) continue;
    post({ from, rows: chunk });
    chunk = [];
  }
  if (chunk.length > 0) post({ from, rows: chunk });
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
