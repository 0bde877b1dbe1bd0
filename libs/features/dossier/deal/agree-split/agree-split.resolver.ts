import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ValidateNested } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { ShareInput, sharesGiven } from '../../../edge/record-inputs.js';
import { sharesMax } from '../../../edge/record-types.js';
import { agreeSplit } from './agree-split.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class AgreeSplitInput extends OnRegistrationInput {
  @Field(() => [ShareInput])
  @ValidateNested({ each: true })
  @Type(() => ShareInput)
  @ArrayMaxSize(sharesMax)
  shares!: ShareInput[];
  @Field(() => [ID])
  @ArrayMaxSize(sharesMax)
  @Identifier({ each: true })
  agreedBy!: string[];
}

@ObjectType()
export class AgreeSplitDone extends RegistrationDone {}
const AgreeSplitResult = resultOf('AgreeSplit', AgreeSplitDone);

@Resolver()
export class AgreeSplitResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => AgreeSplitResult, {
    description: 'The parties and their leader agreed how a deal is to be shared. / 约定业绩分成。',
  })
  agreeSplit(
    @Args('input') input: AgreeSplitInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<AgreeSplitDone>> {
    return sendOnRegistration(this.dispatch, AgreeSplitDone, caller, input, (on) =>
      commandTo(agreeSplit, { ...on, shares: sharesGiven(input.shares), agreedBy: input.agreedBy as PartyId[] }),
    );
  }
}
