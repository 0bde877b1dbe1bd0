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
export const readXlsxSheet: SheetReader = (bytes, { name }) =>
  answering(async () => {
    if (bytes.byteLength > bytesMax) return refuseSheet('TooLarge');
    const { names } = await checkDirectory(bytes);
    if (!names.has('[Content_Types].xml') || !names.has('xl/workbook.xml')) return refuseSheet('NotASheet');
    return parseInThread(bytes, name);
  });

const parseInThread = (bytes: Uint8Array, name: string): Promise<ReadSheet> =>
  new Promise((resolve, reject) => {
    const table = new Table(false);
    const worker = new Worker(
      new URL(import.meta.url.endsWith('.ts') ? './xlsx-worker.ts' : './xlsx-worker.js', import.meta.url),
      {
        workerData: { bytes, rowsMax, chunkRows },
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
        if ('failed' in message) {
          refuse(new SheetRefusedError(message.failed === 'protected' ? 'WorkbookProtected' : 'WorkbookDamaged'));
          return;
        }
        if ('rows' in message) for (const [index, row] of message.rows.entries()) table.add(message.from + index, row);
        if ('done' in message)
          end(() => {
            resolve({
              readable: true,
              sheet: {
                name,
                header: table.header,
                rows: table.rows,
                encoding: 'xlsx',
                digest: createHash('sha256').update(bytes).digest('hex'),
              },
            });
          });
      } catch (error) {
        refuse(error);
      }
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      refuse(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? new SheetRefusedError('WorkbookTooLarge') : error);
    });
  });
