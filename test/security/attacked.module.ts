import { Module } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Context,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { AllowedRoles, CurrentCaller, type Caller, type OperationContext } from '#graphql/caller.js';
import { connectionOf, PageArguments, type Connection } from '#graphql/connection.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { FormValuesScalar, type FormValues } from '#graphql/scalars.js';

/** What the attacks left behind. */
export const seen = {
  mutations: 0,
  subscriptions: 0,
  ticksMade: 0,
  ticksEnded: 0,
  rowsMade: 0,
  failures: [] as (() => never)[],
  arrived: 0,
  gate: Promise.resolve(),
};

@ObjectType()
export class Row {
  @Field(() => ID) id!: string;
}
const RowConnection = connectionOf(Row);

@InputType()
export class ItemInput {
  @Field(() => String) @PlainText(5) name!: string;
  @Field(() => Int) @IsInt() @Min(0) @Max(10) count!: number;
}

@InputType()
export class WriteInput {
  @Field(() => ID) @Identifier({ max: 64 }) commandId!: string;
  @Field(() => [ItemInput]) @ValidateNested({ each: true }) @Type(() => ItemInput) @ArrayMaxSize(3) items!: ItemInput[];
  @Field(() => FormValuesScalar, { nullable: true }) @IsOptional() form?: FormValues;
}

@ArgsType()
export class TickArguments {
  @Field(() => Int, { defaultValue: 3 }) @IsInt() @Min(1) @Max(100_000) upTo!: number;
  @Field(() => Int, { defaultValue: 1 }) @IsInt() @Min(1) @Max(60_000) size!: number;
}

const page = (first: number): Connection<Row> => {
  seen.rowsMade += first;
  return {
    edges: Array.from({ length: first }, (_, index) => ({ cursor: String(index), node: { id: String(index) } })),
    pageInfo: { hasNextPage: true },
    partial: false,
  };
};

@Resolver(() => Row)
export class AttackedResolver {
  @Query(() => RowConnection) rows(@Args() { first }: PageArguments): Connection<Row> {
    return page(first);
  }
  @Query(() => Row) row(): Row {
    return { id: 'row' };
  }
  @ResolveField(() => Row) next(): Row {
    return { id: 'next' };
  }
  @ResolveField(() => RowConnection) children(@Parent() _row: Row, @Args() { first }: PageArguments): Connection<Row> {
    return page(first);
  }

  @Query(() => String) fail(): string {
    throw seen.failures[0]!();
  }
  @Query(() => String) async gated(): Promise<string> {
    seen.arrived += 1;
    await seen.gate;
    return 'through';
  }
  @Query(() => Int) notANumber(): unknown {
    return '13800000001 is not a number';
  }
  @AllowedRoles('auditor') @Query(() => String) audited(): string {
    return 'for auditors';
  }

  @Mutation(() => String) write(@Args('input') input: WriteInput, @CurrentCaller() caller: Caller): string {
    seen.mutations += 1;
    return `${caller.party}:${input.commandId}:${input.items.length}:${Object.keys(input.form ?? {}).length}`;
  }

  /** So that one and the same document can be a query or a subscription. */
  @Subscription(() => Row, { name: 'row', resolve: (row: Row) => row })
  async *rowChanged(): AsyncGenerator<Row> {
    yield { id: 'row' };
  }
  @Subscription(() => RowConnection, { name: 'rows', resolve: (rows: Connection<Row>) => rows })
  async *rowsChanged(@Args() { first }: PageArguments): AsyncGenerator<Connection<Row>> {
    yield page(first);
  }

  @Subscription(() => String, { resolve: (text: string) => text })
  async *ticks(@Args() { upTo, size }: TickArguments): AsyncGenerator<string> {
    seen.subscriptions += 1;
    try {
      for (let tick = 1; tick <= upTo; tick += 1) {
        seen.ticksMade += 1;
        yield `${tick} ${'x'.repeat(size - 1)}`;
      }
    } finally {
      seen.ticksEnded += 1;
    }
  }

  @Subscription(() => String, { resolve: (text: string) => text })
  async *failing(): AsyncGenerator<string> {
    yield 'first';
    throw seen.failures[0]!();
  }

  @Subscription(() => String, { resolve: (text: string) => text })
  async *waiting(@Context() { signal }: OperationContext): AsyncGenerator<string> {
    seen.subscriptions += 1;
    yield 'open';
    await new Promise<void>((resolve) => {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    });
    seen.subscriptions -= 1;
  }
}

@Module({ providers: [AttackedResolver] })
export class AttackedModule {}
