import { Args, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import { recall } from './recall.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RecallInput extends RecordedOnRegistrationInput {}

@ObjectType()
export class RecallDone extends RegistrationDone {}
const RecallResult = resultOf('Recall', RecallDone);

@Resolver()
export class RecallResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecallResult, { description: 'Takes a claim back before it is decided. / 撤回未决报备。' })
  recall(@Args('input') input: RecallInput, @CurrentCaller() caller: Caller): Promise<Answered<RecallDone>> {
    return sendOnRegistration(this.dispatch, RecallDone, caller, input, (on) => commandTo(recall, on));
  }
}
