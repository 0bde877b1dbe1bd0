import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import { object } from './object.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ObjectInput extends RecordedOnRegistrationInput {
  @Field(() => [String], {
    defaultValue: [],
    description: 'Kinds of evidence handed in, as the policy names them. / 所附材料种类。',
  })
  @ArrayMaxSize(20)
  @Identifier({ max: 40, each: true })
  evidence: string[] = [];
  @Field(() => String)
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class ObjectDone extends RegistrationDone {}
const ObjectResult = resultOf('Object', ObjectDone);

@Resolver()
export class ObjectResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ObjectResult, {
    description: 'A rival objects to an approval, once, in time and with evidence. / 对他人获批提出异议。',
  })
  object(@Args('input') input: ObjectInput, @CurrentCaller() caller: Caller): Promise<Answered<ObjectDone>> {
    return sendOnRegistration(this.dispatch, ObjectDone, caller, input, (on) =>
      commandTo(object, { ...on, evidence: input.evidence, grounds: input.grounds }),
    );
  }
}
