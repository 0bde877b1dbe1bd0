import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Positions } from '#event-sourcing/ports/positions.js';
import type { Position } from '#event-sourcing/vocabulary.js';
import { hasTable, lookInto, makeFolder, openDatabase } from '../folder/folder.js';

/** The file of the positions, apart from the read models: they may be dropped, these may not. */
export const positionsFile = 'positions.db';

const schema = `CREATE TABLE IF NOT EXISTS positions (
  name TEXT PRIMARY KEY, next INTEGER NOT NULL, parked TEXT NOT NULL, version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`;

/** Milliseconds that a reader may hold up a keeping. */
const busyTimeout = 1_000;

interface Row {
  readonly next: number;
  readonly parked: string;
  readonly version: number;
}

/** Opens or makes `positions.db` in `folder`. */
export const openSqlitePositions = async ({ folder }: { readonly folder: string }): Promise<Positions> => {
  makeFolder(folder);
  const database = openDatabase(
    join(folder, positionsFile),
    (opened) => {
      opened.pragma('journal_mode = WAL');
      // A power cut may take back the last keepings: what follows from an event then is asked again, and recorded once.
      opened.pragma('synchronous = NORMAL');
      opened.pragma('trusted_schema = OFF');
      opened.exec(schema);
    },
    busyTimeout,
  );
  try {
    const find = database.prepare<[string], Row>('SELECT next, parked, version FROM positions WHERE name = ?');
    const first = database.prepare(
      'INSERT INTO positions (name, next, parked, version) VALUES (@name, @next, @parked, 1) ON CONFLICT DO NOTHING',
    );
    const later = database.prepare(
      'UPDATE positions SET next = @next, parked = @parked, version = @version WHERE name = @name AND version = @version - 1',
    );
    return {
      async get(name) {
        const row = find.get(name);
        return row && { ...row, parked: JSON.parse(row.parked) as number[] };
      },
      async keep(name, { next, parked, version }) {
        const row = { name, next, parked: JSON.stringify(parked), version };
        return (version === 1 ? first : later).run(row).changes === 1;
      },
      async close() {
        if (database.open) database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
};

/** How far the farthest has come; undefined where there are none. */
export const lookAtPositions = (folder: string): Position | undefined => {
  const file = join(folder, positionsFile);
  if (!existsSync(file)) return undefined;
  return lookInto(file, (database) =>
    hasTable(database, 'positions')
      ? (database.prepare<[], Position | null>('SELECT max(next) FROM positions').pluck().get() ?? 0)
      : undefined,
  );
};

/** Takes back whatever stands behind the end of a log that has lost events for good. */
export const lowerPositions = (folder: string, head: Position): void => {
  if (lookAtPositions(folder) === undefined) return;
  const lower = 'UPDATE positions SET next = ?, version = version + 1 WHERE next > ?';
  openDatabase(join(folder, positionsFile), (database) => database.prepare(lower).run(head, head)).close();
};
