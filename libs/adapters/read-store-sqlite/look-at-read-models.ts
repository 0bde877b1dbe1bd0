import type Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Position } from '#event-sourcing/vocabulary.js';
import { hasTable, journalOf, lookInto } from '../folder/folder.js';
import { readFile, readModelsUnusable } from './read-store-sqlite.js';

/** What the read models say of the log that they were folded from. */
export interface ReadModelsSeen {
  readonly journalId?: string;
  /** Position of the next event to fold, of the model that has come furthest. */
  readonly head: Position;
}

/** Undefined where there are none. Throws `ReadStoreUnusableError` for a damaged file. */
export const lookAtReadModels = (folder: string): ReadModelsSeen | undefined => {
  const file = join(folder, readFile);
  if (!existsSync(file)) return undefined;
  try {
    return lookInto(file, seenIn);
  } catch (error) {
    throw readModelsUnusable(error, file);
  }
};

const seenIn = (database: Database.Database): ReadModelsSeen | undefined => {
  if (!hasTable(database, 'generations')) return undefined;
  const journalId = journalOf(database);
  const head = database
    .prepare<[], Position | null>('SELECT max(checkpoint) FROM generations WHERE live = 1')
    .pluck()
    .get();
  return { ...(journalId === undefined ? {} : { journalId }), head: head ?? 0 };
};
