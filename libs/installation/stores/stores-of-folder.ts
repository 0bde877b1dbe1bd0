import { cpSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { readMark, markFile } from '#adapters/event-log-sqlite/log-mark.js';
import { logFile, lookAtLog } from '#adapters/event-log-sqlite/look-at-log.js';
import { lookAtPositions, lowerPositions } from '#adapters/positions-sqlite/positions-sqlite.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { lookAtKeys } from '#adapters/key-store-sqlite/look-at-keys.js';
import { lookAtReadModels } from '#adapters/read-store-sqlite/look-at-read-models.js';
import { readFile } from '#adapters/read-store-sqlite/read-store-sqlite.js';
import { disagreements, type Disagreement, type StoresSeen } from './agreement.js';

/** The stores of a folder do not belong together, or one has lost what another has seen. Nothing was changed. */
export class StoresDisagreeError extends Error {
  override readonly name = 'StoresDisagreeError';
  constructor(
    folder: string,
    readonly disagreement: Disagreement,
  ) {
    super(
      `数据目录 ${folder} 中，${disagreement.zh}；没有改动任何内容。 / In the data folder ${folder}, ${disagreement.en}. Nothing was changed.`,
    );
  }
}

/**
 * Looks at every store without changing a byte. Those that hear of the log's progress are looked at before the log, so
 * that one that is written meanwhile does not seem to fall behind them.
 */
export const lookAtStores = (folder: string): StoresSeen => {
  const mark = readMark(folder);
  const readModels = lookAtReadModels(folder);
  const positions = lookAtPositions(folder);
  const log = lookAtLog(folder);
  const keys = lookAtKeys(folder, log?.newestKeys ?? []);
  return {
    ...(log === undefined ? {} : { log }),
    ...(mark === undefined ? {} : { mark }),
    ...(keys === undefined ? {} : { keys }),
    ...(readModels === undefined ? {} : { readModels }),
    ...(positions === undefined ? {} : { positions }),
  };
};

/** Throws `StoresDisagreeError`, and `FileUnusableError` or `RowDamagedError` for damage that a short look finds. */
export const storesMustAgree = (folder: string): void => {
  const [first] = disagreements(lookAtStores(folder));
  if (first !== undefined) throw new StoresDisagreeError(folder, first);
};

/**
 * Gives up what the log has lost: whatever has seen more goes into a folder of its own, with the write-ahead log as it
 * lies there, and is made anew from the log. Answers the folder.
 */
export const setProofAside = (folder: string, name: string, head: Position): string => {
  const aside = join(folder, name);
  mkdirSync(aside, { mode: 0o700 });
  const wal = `${logFile}-wal`;
  if (existsSync(join(folder, wal))) cpSync(join(folder, wal), join(aside, wal));
  for (const file of [markFile, readFile, `${readFile}-wal`, `${readFile}-shm`])
    if (existsSync(join(folder, file))) renameSync(join(folder, file), join(aside, file));
  lowerPositions(folder, head);
  return aside;
};
