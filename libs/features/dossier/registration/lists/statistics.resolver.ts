import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier } from '#graphql/input-limits.js';
import { PositionTokenScalar } from '#graphql/scalars.js';
import { statisticNamed, sumsMax } from '#policy/clauses/statistics.js';
import { Answers, ReadArguments } from '../../../edge/answers.js';
import { listMax } from '../../../edge/record-types.js';
import { notForYou } from '../../../edge/sight.js';
import { registrationCard } from '../registration-card/registration-card.js';
import { statisticOf } from './listed-rows.js';

const dimensionsMax = 4;
const cellsMax = 200;

@ObjectType({ description: 'What the rows of a cell come to in one field; money in yuan. / 合计，金额单位：元。' })
export class CellSum {
  @Field(() => String) field!: string;
  @Field(() => String) amount!: string;
}
@ObjectType({ description: 'What has the same in every dimension. / 一个统计格。' })
export class StatisticCell {
  @listMax(dimensionsMax)
  @Field(() => [String], { description: 'In the order of `by`; empty where a row says nothing. / 各维度取值。' })
  keys!: string[];
  @Field(() => Int, { nullable: true, description: 'Null where `hidden`. / 数量。' }) count!: number | null;
  @listMax(sumsMax) @Field(() => [CellSum]) sums!: CellSum[];
  @Field(() => Boolean, {
    description: 'So few that no number is told to whoever may not look through them. / 数量过小，不显示。',
  })
  hidden!: boolean;
}
@ObjectType({ description: 'A summary that the policy declares. / 制度规定的统计。' })
export class Statistics {
  @Field(() => String) name!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @listMax(cellsMax) @Field(() => [StatisticCell]) cells!: StatisticCell[];
  @Field(() => Int, { description: 'Of all cells. / 统计格总数。' }) total!: number;
  @Field(() => Boolean, { description: 'False: there are more rows, or cells, than one answer holds. / 是否完整。' })
  complete!: boolean;
  @Field(() => PositionTokenScalar) position!: string;
}

@ArgsType()
export class StatisticsArguments extends ReadArguments {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => String, { description: 'As `statistics` of the policy names it. / 制度 statistics 中的名称。' })
  @Identifier({ max: 40 })
  name!: string;
}

@Resolver()
export class StatisticsResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => Statistics, {
    nullable: true,
    description:
      'A statistic that the policy in force has for the caller, over the whole program. It names no customer. / 制度规定的统计，不含客户信息。',
  })
  async statistics(
    @Args() { programId: program, name, atPosition }: StatisticsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Statistics> {
    const cards = await this.answers.of(registrationCard, atPosition);
    const programId = program as ProgramId;
    const policy = (await this.answers.policiesOf(programId))(undefined);
    const statistic = policy && statisticNamed(policy, name, this.answers.asReader(caller, programId));
    if (policy === undefined || statistic === undefined) throw notForYou('statistics');
    const { cells, complete } = await statisticOf(this.answers, statistic, {
      policy,
      programId,
      reader: caller.party,
      now: this.answers.now(),
      seesRows: (await this.answers.browsing(caller, programId)) !== 'none',
      isOwn: await this.answers.ownIn(caller, programId),
    });
    return {
      name,
      title: statistic.title,
      cells: cells
        .slice(0, cellsMax)
        .map(({ keys, count, sums, hidden }) => ({
          keys: [...keys],
          count: count ?? null,
          sums: Object.entries(sums).map(([field, amount]) => ({ field, amount })),
          hidden,
        })),
      total: cells.length,
      complete: complete && cells.length <= cellsMax,
      position: await this.answers.seenBy(cards),
    };
  }
}
