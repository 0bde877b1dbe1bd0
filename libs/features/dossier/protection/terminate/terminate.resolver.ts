import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import { terminate } from './terminate.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class TerminateInput extends OnRegistrationInput {
  @Field(() => String, { description: 'As the policy names it. / 制度规定的原因。' })
  @Identifier({ max: 40 })
  cause!: string;
  @Field(() => String, { description: 'Read by the filer. / 报备人可见。' })
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class TerminateDone extends RegistrationDone {}
const TerminateResult = resultOf('Terminate', TerminateDone);

@Resolver()
export class TerminateResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => TerminateResult, {
    description: 'Ends a protection for a cause that the policy names. / 因故终止保护。',
  })
  terminate(@Args('input') input: TerminateInput, @CurrentCaller() caller: Caller): Promise<Answered<TerminateDone>> {
    return sendOnRegistration(this.dispatch, TerminateDone, caller, input, (on) =>
      commandTo(terminate, { ...on, cause: input.cause, grounds: input.grounds }),
    );
  }
}
