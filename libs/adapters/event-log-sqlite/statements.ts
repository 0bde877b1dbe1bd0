import type Database from 'better-sqlite3';
import type { CommandId, Position, Revision, StreamName } from '#event-sourcing/vocabulary.js';
import type { EventRow } from './event-row.js';

/** `sums`: false for a file of version 1, which has none. */
export const eventColumns = (
  sums: boolean,
): string => `events.position, streams.name AS stream, events.revision, kinds.type, events.step, events.steps,
  events.recorded_at AS recordedAt, events.id, events.command, events.data,
  ${sums ? 'events.sum' : 'NULL AS sum'}
  FROM events JOIN streams ON streams.id = events.stream JOIN kinds ON kinds.id = events.kind`;

/** Every statement of a log, compiled once. */
export const preparedStatements = (database: Database.Database) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  beginReading: database.prepare('BEGIN'),
  commit: database.prepare('COMMIT'),
  rollback: database.prepare('ROLLBACK'),
  journalId: database.prepare<[], string>('SELECT id FROM journal').pluck(),
  kinds: database.prepare<[], { id: number; category: string; type: string }>('SELECT id, category, type FROM kinds'),
  insertKind: database.prepare<[string, string]>('INSERT INTO kinds (category, type) VALUES (?, ?)'),
  streamPlace: database.prepare<[StreamName], { id: number; revision: Revision }>(
    'SELECT id, (SELECT max(revision) FROM events WHERE stream = streams.id) AS revision FROM streams WHERE name = ?',
  ),
  insertStream: database.prepare<[StreamName]>('INSERT INTO streams (name) VALUES (?)'),
  insertEvent: database.prepare<
    [Position, number, Revision, number, number, number, number, Buffer, CommandId, Uint8Array, number]
  >(
    'INSERT INTO events (position, stream, revision, kind, step, steps, recorded_at, id, command, data, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ),
  lastEvent: database.prepare<[], EventRow>(`SELECT ${eventColumns(true)} ORDER BY events.position DESC LIMIT 1`),
  range: database.prepare<[Position, Position], EventRow>(
    `SELECT ${eventColumns(true)} WHERE events.position >= ? AND events.position < ? ORDER BY events.position`,
  ),
  rangeOfKinds: database.prepare<[string, Position, Position], EventRow>(
    `SELECT ${eventColumns(true)} WHERE events.kind IN (SELECT value FROM json_each(?)) AND events.position >= ? AND events.position < ? ORDER BY events.position`,
  ),
  stream: database.prepare<[number, Revision, Revision], EventRow>(
    `SELECT ${eventColumns(true)} WHERE events.stream = ? AND events.revision BETWEEN ? AND ? ORDER BY events.revision`,
  ),
  commandPlace: database.prepare<[CommandId], { position: Position; steps: number }>(
    'SELECT position, steps FROM events WHERE command = ? AND step = 1',
  ),
  commandStep: database.prepare<[Position], { step: number; steps: number }>(
    'SELECT step, steps FROM events WHERE position = ?',
  ),
});
