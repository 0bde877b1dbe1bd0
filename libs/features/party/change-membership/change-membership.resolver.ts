import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsDefined, IsOptional } from 'class-validator';
import type { Instant, PartyId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, type Answered } from '../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { PartyDone } from '../enrol-party/enrol-party.resolver.js';
import { changeMembership } from './change-membership.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType()
export class ChangeMembershipInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  partyId!: string;
  @Field(() => ID, { description: 'Team, region or company. / 所属团队、区域或公司。' })
  @Identifier()
  memberOf!: string;
  @Field(() => InstantScalar)
  @IsDefined()
  from!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive. / 截止（不含）。' })
  @IsOptional()
  until?: string;
}

@ObjectType()
export class ChangeMembershipDone extends PartyDone {}
const ChangeMembershipResult = resultOf('ChangeMembership', ChangeMembershipDone);

@Resolver()
export class ChangeMembershipResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ChangeMembershipResult, {
    description: 'Says of which team somebody is a member, from when to when. / 变更隶属关系。',
  })
  changeMembership(
    @Args('input') input: ChangeMembershipInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<ChangeMembershipDone>> {
    const { partyId, memberOf, from, until } = input;
    return this.dispatch.send(
      ChangeMembershipDone,
      caller,
      input,
      (base) =>
        commandTo(changeMembership, {
          ...base,
          partyId: partyId as PartyId,
          memberOf: memberOf as PartyId,
          from: from as Instant,
          ...(until === undefined ? {} : { until: until as Instant }),
        }),
      () => ({ partyId }),
    );
  }
}
