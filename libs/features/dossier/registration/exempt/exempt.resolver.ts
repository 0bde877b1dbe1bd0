import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { Code, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { dossierIn, OnSubjectInput, SubjectDone, subjectOf } from '../../../edge/subject-command.js';
import { exempt } from './exempt.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ExemptInput extends OnSubjectInput {
  @Field(() => ID, { description: 'Who is forgiven. / 被豁免的当事方。' })
  @Identifier()
  partyId!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive; absent: for good. / 失效时刻；空为长期。' })
  @IsOptional()
  until?: string;
  @Field(() => String)
  @PlainText(2_000, { lines: true })
  grounds!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Lifts the flags of this name that the party has with this customer. / 解除该方对此客户的此项标记。',
  })
  @IsOptional()
  @Identifier({ max: 64 })
  flag?: string;
}

@ObjectType()
export class ExemptDone extends SubjectDone {}
const ExemptResult = resultOf('Exempt', ExemptDone);

@Resolver()
export class ExemptResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ExemptResult, {
    description:
      'Forgives one party a late or missing filing of this customer: one that is still to come, or the flags it got. / 豁免逾期或漏报，或解除已有的标记。',
  })
  exempt(@Args('input') input: ExemptInput, @CurrentCaller() caller: Caller): Promise<Answered<ExemptDone>> {
    return this.dispatch.send(
      ExemptDone,
      caller,
      input,
      (base) =>
        commandTo(exempt, {
          ...base,
          ...subjectOf(input),
          partyId: input.partyId as PartyId,
          grounds: input.grounds,
          ...(input.flag === undefined ? {} : { flag: input.flag as Code }),
          ...(input.until === undefined ? {} : { until: input.until as Instant }),
        }),
      (events) => ({ dossierId: dossierIn(events) }),
    );
  }
}
