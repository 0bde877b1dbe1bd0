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
import { recordVisit } from './record-visit.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RecordVisitInput extends RecordedOnRegistrationInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @PlainText(2_000, { lines: true })
  note?: string;
}

@ObjectType()
export class RecordVisitDone extends RegistrationDone {}
const RecordVisitResult = resultOf('RecordVisit', RecordVisitDone);

@Resolver()
export class RecordVisitResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecordVisitResult, { description: 'The customer came, or was called on. / 登记到访。' })
  recordVisit(
    @Args('input') input: RecordVisitInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RecordVisitDone>> {
    return sendOnRegistration(this.dispatch, RecordVisitDone, caller, input, (on) =>
      commandTo(recordVisit, { ...on, ...(input.note === undefined ? {} : { note: input.note }) }),
    );
  }
}
