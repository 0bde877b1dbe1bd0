import type { ICommand } from '@nestjs/cqrs';
import { z } from 'zod';
import { commandTo } from '#features/edge/command-bus.js';
import { publishTable } from '#features/table/publish-table/publish-table.js';
import { plainValues, valueSchema } from './customers.js';
import { codeSchema, momentSchema } from './words.js';
import { tableNamed } from '#policy/clauses/tables.js';
import type { World } from './world.js';

/** What a step says of a table that it publishes: its rows, by column. */
export const tableWords = {
  table: codeSchema,
  rows: z.array(z.record(z.string(), valueSchema)),
  from: momentSchema.optional(),
};
interface Publishing {
  readonly who?: string | undefined;
  readonly table: string;
  readonly rows: readonly z.output<(typeof tableWords)['rows']>[number][];
  readonly from?: string | undefined;
}

export const publishesTable = async (step: Publishing, world: World): Promise<ICommand> => {
  const columns = tableNamed(world.evaluation.policy.document, step.table)?.columns ?? [];
  return commandTo(publishTable, {
    ...world.base(step),
    table: step.table,
    rows: step.rows.map((row) => plainValues(columns, row)),
    effectiveFrom: step.from === undefined ? world.now() : world.moment(step.from),
  });
};
