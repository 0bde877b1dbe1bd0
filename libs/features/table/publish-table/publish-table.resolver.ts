import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { FormValuesScalar, InstantScalar } from '#graphql/scalars.js';
import { tableRowsMax } from '#policy/clauses/tables.js';
import type { FieldValue } from '#policy/field.js';
import { commandTo } from '../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import type { TablePublished } from '../events.js';
import { publishTable } from './publish-table.js';

@InputType()
export class PublishTableInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度所定的表。' })
  @Identifier({ max: 40 })
  table!: string;
  @Field(() => [FormValuesScalar], { description: 'The whole table, one row each; money in yuan. / 全表，一行一项。' })
  @ArrayMaxSize(tableRowsMax)
  rows!: Record<string, FieldValue>[];
  @Field(() => InstantScalar, { nullable: true, description: 'From when it holds; absent: from now. / 生效时刻。' })
  @IsOptional()
  effectiveFrom?: string;
}

@ObjectType()
export class PublishTableDone extends Done {
  @Field(() => String) table!: string;
  @Field(() => Int, {
    nullable: true,
    description:
      'What reasons cite: `prices@3`; null when the same had been published before. / 引用的版本；内容未变则为空。',
  })
  version?: number;
}
const PublishTableResult = resultOf('PublishTable', PublishTableDone);

@Resolver()
export class PublishTableResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => PublishTableResult, {
    description: 'Publishes a table of the policy, whole, from an instant on. / 整表发布。',
  })
  publishTable(
    @Args('input') input: PublishTableInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<PublishTableDone>> {
    const { programId, table, rows, effectiveFrom } = input;
    return this.dispatch.send(
      PublishTableDone,
      caller,
      input,
      (base) =>
        commandTo(publishTable, {
          ...base,
          programId: programId as ProgramId,
          table,
          rows,
          effectiveFrom: (effectiveFrom ?? base.receivedAt) as Instant,
        }),
      (events) => {
        const [published] = events as unknown as readonly Recorded<TablePublished>[];
        return { table, ...(published === undefined ? {} : { version: published.event.version }) };
      },
    );
  }
}
