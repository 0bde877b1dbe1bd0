import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import { canonicalText } from '#event-sourcing/canonical.js';
import { personal } from '#event-sourcing/event.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { Code, Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { judgeTable, type TableRow } from '#policy/clauses/tables.js';
import type { FieldValue } from '#policy/field.js';
import {
  contextOf,
  isInForce,
  loadDecisionFacts,
  refusalOf,
  type CommandBase,
  type DecisionFacts,
} from '../../deciding/decision-facts.js';
import { mayAct } from '../../deciding/may-act.js';
import { noPast } from '../../deciding/no-past.js';
import type { Given, Slice } from '../../deciding/slice.js';
import { keyringFolding, keyringStream } from '../../dossier/facts.js';
import type { TablePublished } from '../events.js';
import { rowKey, tableFolding, tableStream, type TableFacts } from '../facts.js';
import type { KeyObject } from 'node:crypto';

/**
 * Puts a version of a table into force from an instant on, whole. Decisions that look into it cite its version; what
 * was decided before stays as it was.
 */
export interface PublishTable extends CommandBase {
  readonly programId: ProgramId;
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, FieldValue>>[];
  readonly effectiveFrom: Instant;
}
interface State {
  readonly facts: DecisionFacts;
  readonly published: TableFacts;
  readonly epoch: Code;
  readonly secret: KeyObject;
}

export const publishTable: Slice<PublishTable, TablePublished> = {
  name: 'PublishTable',
  handling: (command, given) => publishing(command, given),
};

const publishing = (command: PublishTable, { clock, secret }: Given): Handling<State, TablePublished, Rejection> => ({
  context: contextOf(command, 'PublishTable', command.programId),
  queueOn: [tableStream(command.programId, command.table)],
  load: async (reader) => {
    const { epochs } = await reader.fold(keyringStream, keyringFolding);
    const epoch = epochs.at(-1);
    if (epoch === undefined) throw new Error('The keyring has no epoch: open one before the first table');
    return {
      facts: await loadDecisionFacts(reader, command, command.programId, clock.now()),
      published: await reader.fold(tableStream(command.programId, command.table), tableFolding),
      epoch,
      secret: await secret(epoch),
    };
  },
  decide: (state) => decide(state, command),
  refusal: (rejections, { facts }) =>
    refusalOf(command, 'PublishTable', rejections, {
      programId: command.programId,
      policy: facts.inForce?.policy.reference,
    }),
});

const decide = ({ facts, ...state }: State, command: PublishTable): Decision<Placed<TablePublished>> => {
  const { programId, effectiveFrom } = command;
  if (facts.program.programId === undefined) return refuse({ reason: 'ProgramUnknown', field: 'programId' });
  if (!isInForce(facts)) return refuse({ reason: 'NoPolicyInForce' });
  const [barred, ...more] = mayAct(facts, 'publishTable');
  if (barred !== undefined) return refuse(barred, ...more);
  const who = { roles: facts.roles, relations: [] };
  const judged = judgeTable(facts.inForce, { table: command.table, rows: command.rows, who });
  if (!judged.allowed) return refuse(...judged.rejections);
  const [past] = state.published.last === 0 ? [] : noPast('effectiveFrom', effectiveFrom, { now: facts.now, command });
  if (past !== undefined) return refuse(past);
  const table = command.table as Code;
  const keyed = (text: string): Code => rowKey(state.epoch, state.secret, programId, table, text);
  const { because, rows } = judged;
  const digest = keyed(canonicalText({ effectiveFrom, rows }));
  if (state.published.digest === digest) return accept();
  const published: TablePublished = {
    type: 'TablePublished',
    programId,
    table,
    version: state.published.last + 1,
    effectiveFrom,
    by: command.by,
    epoch: state.epoch,
    digest,
    keys: rows.map(({ key }) => keyed(key)),
    cells: rows.map(({ cells }) => cells),
    texts: Object.fromEntries(rows.flatMap(textsOf)),
    because: [because],
  };
  return accept({ stream: tableStream(programId, table), event: published, policy: facts.inForce.policy.reference });
};

const textsOf = ({ personal: cells }: TableRow, index: number) =>
  Object.entries(cells).map(([column, value]) => [`${index + 1}.${column}`, personal(value)] as const);
