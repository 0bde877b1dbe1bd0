import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from '#event-sourcing/vocabulary.js';
import { aboutFile } from '../folder/folder.js';

/** Stands beside the log and says how far it has come, so that a log that ends earlier is found out. */
export const markFile = 'log.mark';

export interface LogMark {
  readonly journalId: string;
  /** Position of the next event: how many there were. */
  readonly head: Position;
}

const digits = 16;
const form = new RegExp(`^(\\S{1,200}) (\\d{${digits}})\\n`);

/** Nothing where there is none, or none that was written whole: a mark that cannot be read proves nothing. */
export const readMark = (folder: string): LogMark | undefined => {
  const file = join(folder, markFile);
  if (!existsSync(file)) return undefined;
  const [, journalId, head] = form.exec(aboutFile(file, () => readFileSync(file, 'utf8'))) ?? [];
  return journalId === undefined ? undefined : { journalId, head: Number(head) };
};

/**
 * Overwritten in place after each batch that is on the disk, and never synced: so it never runs ahead of the log, and a
 * process that is killed leaves it where it was.
 */
export class LogMarker {
  readonly #descriptor: number;

  constructor(
    folder: string,
    private readonly journalId: string,
  ) {
    const file = join(folder, markFile);
    this.#descriptor = aboutFile(file, () => openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  standAt(head: Position): void {
    try {
      writeSync(this.#descriptor, `${this.journalId} ${String(head).padStart(digits, '0')}\n`, 0);
    } catch (error) {
      // Without space it stays behind, which claims nothing wrong. Any other failure is one of the disk.
      if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
