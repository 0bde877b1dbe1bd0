import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { ReadSheet, SheetReader } from '#event-sourcing/ports/sheet.js';
import { answering, bytesMax, refuseSheet, rowsMax, SheetRefusedError } from '../sheet-file/refusals.js';
import { Table } from '../sheet-file/table.js';
import { checkDirectory } from './directory.js';
import type { FromWorker } from './xlsx-worker.js';

/** A workbook of 10,000 rows takes half a second. */
const millisecondsMax = 30_000;
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
const chunkRows = 500;

/** Reads the first visible sheet with content: directory first, then in a thread with limits on memory and time. */
export const readXlsxSheet: SheetReader = (bytes, file) =>
  answering(async () => {
    if (bytes.byteLength > bytesMax) return refuseSheet('TooLarge');
    const { names } = await checkDirectory(bytes);
    if (names.has('mimetype') || [...names].some((part) => /(?:^|\/)workbook\d*\.bin$/i.test(part)))
      return refuseSheet('OldWorkbook');
    // Its relations say what the workbook's part is called; most call it workbook.xml, some workbook2.xml.
    const isWorkbook = [...names].some((part) => /(?:^|\/)(?:workbook[^/]*\.xml|worksheets\/[^/]+\.xml)$/i.test(part));
    if (!names.has('[Content_Types].xml') || !isWorkbook) return refuseSheet('NotASheet');
    return parseInThread(bytes, file);
  });

const parseInThread = (bytes: Uint8Array, { name, worksheet }: Parameters<SheetReader>[1]): Promise<ReadSheet> =>
  new Promise((resolve, reject) => {
    const table = new Table(false);
    const hidden: number[] = [];
    let read: { readonly worksheet?: string; readonly worksheetsLeft?: readonly string[] } = {};
    const worker = new Worker(
      new URL(import.meta.url.endsWith('.ts') ? './xlsx-worker.ts' : './xlsx-worker.js', import.meta.url),
      {
        workerData: { bytes, rowsMax, chunkRows, ...(worksheet === undefined ? {} : { wanted: worksheet }) },
        resourceLimits,
        execArgv: ['--disable-warning=ExperimentalWarning'],
        env: {},
      },
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      void worker.terminate().then(settle, reject);
    };
    const refuse = (error: unknown): void => {
      end(() => {
        reject(error);
      });
    };
    const timer = setTimeout(() => {
      refuse(new SheetRefusedError('WorkbookTooSlow'));
    }, millisecondsMax);
    worker.on('message', (message: FromWorker) => {
      try {
        if ('failed' in message) refuse(refusalOf(message));
        else if ('name' in message) read = { worksheet: message.name, worksheetsLeft: message.others };
        else if ('rows' in message) {
          for (const [index, row] of message.rows.entries()) table.add(message.from + index, row);
          hidden.push(...message.hidden);
        } else {
          const { header, headerLine, rows } = table.read();
          const digest = createHash('sha256').update(bytes).digest('hex');
          const hiddenRows = hidden.filter((line) => line > headerLine).length;
          end(() => {
            resolve({
              readable: true,
              sheet: { name, ...read, header, headerLine, hiddenRows, rows, encoding: 'xlsx', digest },
            });
          });
        }
      } catch (error) {
        refuse(error);
      }
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      refuse(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new SheetRefusedError('WorkbookTooLarge') : error);
    });
  });

const refusalOf = (message: Extract<FromWorker, { failed: string }>): SheetRefusedError => {
  switch (message.failed) {
    case 'protected':
      return new SheetRefusedError('WorkbookProtected');
    case 'damaged':
      return new SheetRefusedError('WorkbookDamaged');
    case 'noneVisible':
      return new SheetRefusedError('SheetsHidden');
    case 'several':
      return new SheetRefusedError('SheetsSeveral', undefined, message.names.join('、'));
    case 'unknown':
      return new SheetRefusedError('SheetUnknown', undefined, message.names.join('、'));
  }
};
