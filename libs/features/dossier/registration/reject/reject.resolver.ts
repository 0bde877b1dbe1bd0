import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import { rejectRegistration } from './reject.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RejectInput extends OnRegistrationInput {
  @Field(() => String, { description: 'Read by the filer. / 报备人可见。' })
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class RejectDone extends RegistrationDone {}
const RejectResult = resultOf('Reject', RejectDone);

@Resolver()
export class RejectResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RejectResult, {
    description: 'Says no, with the reason that the filer will read. / 驳回，并说明理由。',
  })
  reject(@Args('input') input: RejectInput, @CurrentCaller() caller: Caller): Promise<Answered<RejectDone>> {
    return sendOnRegistration(this.dispatch, RejectDone, caller, input, (on) =>
      commandTo(rejectRegistration, { ...on, grounds: input.grounds }),
    );
  }
}
