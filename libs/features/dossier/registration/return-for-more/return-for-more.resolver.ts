import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import { returnForMore } from './return-for-more.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ReturnForMoreInput extends OnRegistrationInput {
  @Field(() => String, { description: 'What is missing. / 需补充的内容。' })
  @PlainText(2_000, { lines: true })
  wanted!: string;
}

@ObjectType()
export class ReturnForMoreDone extends RegistrationDone {}
const ReturnForMoreResult = resultOf('ReturnForMore', ReturnForMoreDone);

@Resolver()
export class ReturnForMoreResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ReturnForMoreResult, { description: 'Hands a claim back and says what is missing. / 退回补充。' })
  returnForMore(
    @Args('input') input: ReturnForMoreInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<ReturnForMoreDone>> {
    return sendOnRegistration(this.dispatch, ReturnForMoreDone, caller, input, (on) =>
      commandTo(returnForMore, { ...on, wanted: input.wanted }),
    );
  }
}
