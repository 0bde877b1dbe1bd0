import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SubjectKeyId } from '#event-sourcing/vocabulary.js';
import { hasTable, journalOf, lookInto } from '../folder/folder.js';
import { proofName } from '../key-wrapping/key-wrapping.js';
import { keyFile } from './key-store-sqlite.js';

/** What a key store says of itself, without the master key and without changing anything. */
export interface KeysSeen {
  /** Of the log that it goes with; absent in one that never was told. */
  readonly journalId?: string;
  readonly secrets: ReadonlySet<string>;
  /** Of the keys that were asked for, those it never had. */
  readonly unknown: readonly SubjectKeyId[];
}

/** Undefined where there are no keys: no file, or one that not even the proof of a master key stands in. */
export const lookAtKeys = (folder: string, asked: readonly SubjectKeyId[]): KeysSeen | undefined => {
  const file = join(folder, keyFile);
  if (!existsSync(file)) return undefined;
  return lookInto(file, (database) => {
    if (!hasTable(database, 'secrets') || !hasTable(database, 'keys')) return undefined;
    const secrets = new Set(database.prepare<[], string>('SELECT name FROM secrets').pluck().all());
    if (!secrets.has(proofName)) return undefined;
    const journalId = journalOf(database);
    const known = new Set(
      database
        .prepare<[string], SubjectKeyId>('SELECT id FROM keys WHERE id IN (SELECT value FROM json_each(?))')
        .pluck()
        .all(JSON.stringify(asked)),
    );
    return {
      ...(journalId === undefined ? {} : { journalId }),
      secrets,
      unknown: asked.filter((id) => !known.has(id)),
    };
  });
};
