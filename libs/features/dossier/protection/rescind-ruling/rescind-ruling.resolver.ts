import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import type { EventId } from '#event-sourcing/vocabulary.js';
import { rescindRuling } from './rescind-ruling.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RescindRulingInput extends OnRegistrationInput {
  @Field(() => ID, { description: 'Event id of the ruling. / 裁定的事件编号。' })
  @Identifier({ max: 64 })
  ruling!: string;
  @Field(() => String, { description: 'Read by the filer. / 报备人可见。' })
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class RescindRulingDone extends RegistrationDone {}
const RescindRulingResult = resultOf('RescindRuling', RescindRulingDone);

@Resolver()
export class RescindRulingResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RescindRulingResult, {
    description: 'Takes a mistaken ruling back by a new one that names it; both stay. / 撤销错误裁定，两者均留痕。',
  })
  rescindRuling(
    @Args('input') input: RescindRulingInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RescindRulingDone>> {
    return sendOnRegistration(this.dispatch, RescindRulingDone, caller, input, (on) =>
      commandTo(rescindRuling, { ...on, ruling: input.ruling as EventId, grounds: input.grounds }),
    );
  }
}
