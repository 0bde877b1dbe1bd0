import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsOptional, ValidateNested } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import { LengthInput, lengthOf } from '../../../edge/record-inputs.js';
import { approve } from './approve.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ApproveInput extends OnRegistrationInput {
  @Field(() => LengthInput, { nullable: true, description: 'Where the policy leaves a range. / 制度允许选择时。' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LengthInput)
  chosen?: LengthInput;
}

@ObjectType()
export class ApproveDone extends RegistrationDone {}
const ApproveResult = resultOf('Approve', ApproveDone);

@Resolver()
export class ApproveResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ApproveResult, {
    description: 'Says yes at the step that waits; at the last one the claim is protected. / 审核通过。',
  })
  approve(@Args('input') input: ApproveInput, @CurrentCaller() caller: Caller): Promise<Answered<ApproveDone>> {
    return sendOnRegistration(this.dispatch, ApproveDone, caller, input, (on) =>
      commandTo(approve, { ...on, ...(input.chosen === undefined ? {} : { chosen: lengthOf(input.chosen) }) }),
    );
  }
}
