import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import { recordFollowUp } from './record-follow-up.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RecordFollowUpInput extends RecordedOnRegistrationInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @PlainText(2_000, { lines: true })
  note?: string;
}

@ObjectType()
export class RecordFollowUpDone extends RegistrationDone {}
const RecordFollowUpResult = resultOf('RecordFollowUp', RecordFollowUpDone);

@Resolver()
export class RecordFollowUpResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecordFollowUpResult, { description: 'The holder worked the customer. / 登记跟进。' })
  recordFollowUp(
    @Args('input') input: RecordFollowUpInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RecordFollowUpDone>> {
    return sendOnRegistration(this.dispatch, RecordFollowUpDone, caller, input, (on) =>
      commandTo(recordFollowUp, { ...on, ...(input.note === undefined ? {} : { note: input.note }) }),
    );
  }
}
