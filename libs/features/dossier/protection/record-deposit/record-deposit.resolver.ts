import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsDefined } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import type { Fen } from '#event-sourcing/vocabulary.js';
import { FenScalar } from '#graphql/scalars.js';
import { recordDeposit } from './record-deposit.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RecordDepositInput extends RecordedOnRegistrationInput {
  @Field(() => FenScalar)
  @IsDefined()
  amount!: string;
}

@ObjectType()
export class RecordDepositDone extends RegistrationDone {}
const RecordDepositResult = resultOf('RecordDeposit', RecordDepositDone);

@Resolver()
export class RecordDepositResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecordDepositResult, { description: 'The customer paid earnest money. / 登记定金。' })
  recordDeposit(
    @Args('input') input: RecordDepositInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RecordDepositDone>> {
    return sendOnRegistration(this.dispatch, RecordDepositDone, caller, input, (on) =>
      commandTo(recordDeposit, { ...on, amount: input.amount as Fen }),
    );
  }
}
