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
import { release } from './release.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ReleaseInput extends RecordedOnRegistrationInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @PlainText(2_000, { lines: true })
  grounds?: string;
}

@ObjectType()
export class ReleaseDone extends RegistrationDone {}
const ReleaseResult = resultOf('Release', ReleaseDone);

@Resolver()
export class ReleaseResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ReleaseResult, { description: 'Gives a protected customer back. / 释放客户。' })
  release(@Args('input') input: ReleaseInput, @CurrentCaller() caller: Caller): Promise<Answered<ReleaseDone>> {
    return sendOnRegistration(this.dispatch, ReleaseDone, caller, input, (on) =>
      commandTo(release, { ...on, ...(input.grounds === undefined ? {} : { grounds: input.grounds }) }),
    );
  }
}
