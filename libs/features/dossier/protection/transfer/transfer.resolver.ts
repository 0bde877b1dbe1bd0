import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { transfer } from './transfer.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class TransferInput extends OnRegistrationInput {
  @Field(() => ID)
  @Identifier()
  to!: string;
  @Field(() => String, { description: 'Read by the filer. / 报备人可见。' })
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class TransferDone extends RegistrationDone {}
const TransferResult = resultOf('Transfer', TransferDone);

@Resolver()
export class TransferResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => TransferResult, {
    description: 'Hands a protected customer to another party; the clock runs on. / 转移客户，计时不变。',
  })
  transfer(@Args('input') input: TransferInput, @CurrentCaller() caller: Caller): Promise<Answered<TransferDone>> {
    return sendOnRegistration(this.dispatch, TransferDone, caller, input, (on) =>
      commandTo(transfer, { ...on, to: input.to as PartyId, grounds: input.grounds }),
    );
  }
}
