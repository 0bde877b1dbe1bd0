import type { Happening } from '#event-sourcing/event.js';
import type { Folding, Reader } from '#event-sourcing/command/handle-command.js';
import type { Code, Instant, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { identityKeyStream } from '#identity/keys.js';
import { tablesAtHand, type TableInForce } from '#policy/clauses/tables.js';
import type { TablesAtHand } from '#policy/tables-at-hand.js';
import type { PolicyDocument } from '#policy/document.js';
import type { KeyObject } from 'node:crypto';
import type { Cells, TablePublished } from './events.js';

export const tableStream = (program: ProgramId, table: string): StreamName => `table-${program}-${table}` as StreamName;

/** The secret of an epoch of identity keys. */
type EpochSecret = (epoch: Code) => Promise<KeyObject>;
interface TableVersion {
  readonly version: number;
  readonly effectiveFrom: Instant;
  readonly epoch: Code;
  readonly rows: ReadonlyMap<Code, Cells>;
}
/** The versions that hold or will hold, in the order in which they were published. */
export interface TableFacts {
  readonly last: number;
  /** Of the version that was published last. */
  readonly digest?: Code;
  readonly versions: readonly TableVersion[];
}
const applyTable = ({ versions }: TableFacts, { event, at }: Happening<TablePublished>): TableFacts => {
  const { version, effectiveFrom, epoch } = event;
  const rows = new Map(event.keys.map((key, index) => [key, event.cells[index] ?? {}]));
  // What held until now will not hold again.
  const kept = versions.filter((each) => effectiveFrom > at || each.effectiveFrom > effectiveFrom);
  return { last: version, digest: event.digest, versions: [...kept, { version, effectiveFrom, epoch, rows }] };
};
export const tableFolding: Folding<TableFacts, TablePublished> = {
  name: 'table',
  initial: { last: 0, versions: [] },
  apply: applyTable,
};

/** The version that holds at an instant: the latest that has begun; of two that began together the later one. */
const inForceAt = ({ versions }: TableFacts, now: Instant): TableVersion | undefined =>
  versions.reduce<TableVersion | undefined>(
    (best, each) =>
      each.effectiveFrom <= now && (best === undefined || best.effectiveFrom <= each.effectiveFrom) ? each : best,
    undefined,
  );

/** What a row is looked up by, as the log may keep it. */
export const rowKey = (epoch: Code, secret: KeyObject, program: ProgramId, table: string, key: string): Code =>
  identityKeyStream(epoch, secret, program, `table.${table}`, key) as string as Code;

/** Every table of a policy as it holds now. What is read is checked by the append. */
export const readTables = async (
  reader: Reader,
  document: PolicyDocument,
  at: { readonly programId: ProgramId; readonly now: Instant },
  secret: EpochSecret,
): Promise<TablesAtHand> => {
  const published = await Promise.all(
    (document.tables ?? []).map(async ({ name }): Promise<readonly (readonly [string, TableInForce])[]> => {
      const found = inForceAt(await reader.fold(tableStream(at.programId, name), tableFolding), at.now);
      if (found === undefined) return [];
      const { version, epoch, rows } = found;
      const key = await secret(epoch);
      return [[name, { version, row: (value) => rows.get(rowKey(epoch, key, at.programId, name, value)) }]];
    }),
  );
  return tablesAtHand(document, new Map(published.flat()));
};
