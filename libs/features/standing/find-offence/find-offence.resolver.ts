import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Code, Fen, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { listMax } from '../../edge/record-types.js';
import { FenScalar, InstantScalar } from '#graphql/scalars.js';
import type { OffenceId, Penalty, StandingEvent } from '../events.js';
import { PenaltyKindName, penaltiesMax, penaltiesOf, PenaltyType } from '../standing-card/standing-card.resolver.js';
import { findOffence } from './find-offence.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType({ description: 'A penalty inside the range that the policy leaves. / 在制度允许范围内选定的处罚。' })
export class PenaltyInput {
  @Field(() => PenaltyKindName)
  @IsIn(Object.values(PenaltyKindName))
  kind!: Penalty['kind'];
  @Field(() => FenScalar, { nullable: true })
  @IsOptional()
  amount?: string;
  @Field(() => InstantScalar, { nullable: true })
  @IsOptional()
  until?: string;
  @Field(() => String, { nullable: true, description: 'Of kind MEASURE: which one. / 措施名称。' })
  @IsOptional()
  @Identifier({ max: 40 })
  measure?: string;
}

@InputType()
export class FindOffenceInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: 'Who did wrong. / 违规方。' })
  @Identifier()
  partyId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度规定的违规。' })
  @Identifier({ max: 40 })
  offence!: string;
  @Field(() => Int, { defaultValue: 1, description: 'Customers concerned. / 涉及客户数。' })
  @IsInt()
  @Min(1)
  @Max(100_000)
  customers: number = 1;
  @Field(() => ID, { nullable: true, description: 'The dossier concerned. / 相关档案。' })
  @IsOptional()
  @Identifier()
  subject?: string;
  @Field(() => String, { description: 'What was found. / 认定内容。' })
  @PlainText(5_000, { lines: true })
  finding!: string;
  @Field(() => PenaltyInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  @Type(() => PenaltyInput)
  chosen?: PenaltyInput;
}

@ObjectType()
export class FindOffenceDone extends Done {
  @Field(() => ID) offenceId!: string;
  @Field(() => ID) partyId!: string;
  @Field(() => Int) occurrence!: number;
  @listMax(penaltiesMax) @Field(() => [PenaltyType]) penalties!: PenaltyType[];
}
const FindOffenceResult = resultOf('FindOffence', FindOffenceDone);

const foundIn = (events: readonly Recorded[]): Happened<FindOffenceDone> => {
  const happened = (events as unknown as readonly Recorded<StandingEvent>[]).map(({ event }) => event);
  const { offenceId, partyId, occurrence } = happened.find((event) => event.type === 'OffenceFound')!;
  return {
    offenceId,
    partyId,
    occurrence,
    penalties: penaltiesOf(happened.flatMap((event) => (event.type === 'Penalized' ? event.penalties : []))),
  };
};
const penaltyOf = ({ kind, amount, until, measure }: PenaltyInput): Penalty =>
  ({
    kind,
    ...(measure === undefined ? {} : { measure: measure as Code }),
    ...(amount === undefined ? {} : { amount: amount as Fen }),
    ...(until === undefined ? {} : { until: until as Instant }),
  }) as Penalty;

@Resolver()
export class FindOffenceResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => FindOffenceResult, {
    description: "Finds that a party did wrong; what follows is the policy's. / 认定违规并处罚。",
  })
  findOffence(
    @Args('input') input: FindOffenceInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<FindOffenceDone>> {
    const { programId, partyId, commandId, offence, customers, subject, finding, chosen } = input;
    return this.dispatch.send(
      FindOffenceDone,
      caller,
      input,
      (base) =>
        commandTo(findOffence, {
          // A command id is used once, so the offence can be named after it; a repeat names the same one.
          ...base,
          programId: programId as ProgramId,
          partyId: partyId as PartyId,
          offenceId: `offence-${commandId}` as OffenceId,
          offence,
          customers,
          finding,
          ...(subject === undefined ? {} : { subject: subject as Code }),
          ...(chosen === undefined ? {} : { chosen: penaltyOf(chosen) }),
        }),
      foundIn,
    );
  }
}
