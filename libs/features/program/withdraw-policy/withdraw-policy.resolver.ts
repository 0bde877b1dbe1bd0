import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { withdrawPolicy } from './withdraw-policy.js';

@InputType()
export class WithdrawPolicyInput extends CommandInput {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String, { description: 'One that has not begun. / 尚未生效的版本。' })
  @Identifier({ max: 64 })
  version!: string;
  @Field(() => String, { description: 'The office that decided so. / 决定机构。' })
  @PlainText(200)
  authority!: string;
}

@ObjectType()
export class WithdrawPolicyDone extends Done {
  @Field(() => ID) programId!: string;
  @Field(() => String) version!: string;
}
const WithdrawPolicyResult = resultOf('WithdrawPolicy', WithdrawPolicyDone);

@Resolver()
export class WithdrawPolicyResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => WithdrawPolicyResult, {
    description:
      'Takes back a version of the policy that has not begun; to move one, publish it again with its new date. / 撤回尚未生效的制度版本；改期则重新发布。',
  })
  withdrawPolicy(
    @Args('input') input: WithdrawPolicyInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<WithdrawPolicyDone>> {
    const { version, authority } = input;
    const programId = input.programId as ProgramId;
    return this.dispatch.send(
      WithdrawPolicyDone,
      caller,
      input,
      (base) => commandTo(withdrawPolicy, { ...base, programId, version, authority }),
      () => ({ programId, version }),
    );
  }
}
