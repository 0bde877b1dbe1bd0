import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsOptional } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import { requestExtension } from './request-extension.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class RequestExtensionInput extends RecordedOnRegistrationInput {
  @Field(() => [String], {
    defaultValue: [],
    description: 'Kinds of evidence handed in, as the policy names them. / 所附材料种类。',
  })
  @ArrayMaxSize(20)
  @Identifier({ max: 40, each: true })
  evidence: string[] = [];
  @Field(() => String, { nullable: true })
  @IsOptional()
  @PlainText(2_000, { lines: true })
  grounds?: string;
}

@ObjectType()
export class RequestExtensionDone extends RegistrationDone {}
const RequestExtensionResult = resultOf('RequestExtension', RequestExtensionDone);

@Resolver()
export class RequestExtensionResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RequestExtensionResult, {
    description: 'Asks for a longer protection, in time and with what the policy wants shown. / 申请延期。',
  })
  requestExtension(
    @Args('input') input: RequestExtensionInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RequestExtensionDone>> {
    return sendOnRegistration(this.dispatch, RequestExtensionDone, caller, input, (on) =>
      commandTo(requestExtension, {
        ...on,
        evidence: input.evidence,
        ...(input.grounds === undefined ? {} : { grounds: input.grounds }),
      }),
    );
  }
}
