import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Positions } from '#event-sourcing/ports/positions.js';

/** The file of the positions, apart from the read models: they may be dropped, these may not. */
export const positionsFile = 'positions.db';

const schema = `CREATE TABLE IF NOT EXISTS positions (
  name TEXT PRIMARY KEY, next INTEGER NOT NULL, parked TEXT NOT NULL, version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`;

interface Row {
  readonly next: number;
  readonly parked: string;
  readonly version: number;
}

/** Opens or makes `positions.db` in `folder`. */
export const openSqlitePositions = async ({ folder }: { readonly folder: string }): Promise<Positions> => {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, positionsFile), { timeout: 1_000 });
  try {
    database.pragma('journal_mode = WAL');
    // A power cut may take back the last keepings: what follows from an event then is asked again, and recorded once.
    database.pragma('synchronous = NORMAL');
    database.pragma('trusted_schema = OFF');
    database.exec(schema);
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
