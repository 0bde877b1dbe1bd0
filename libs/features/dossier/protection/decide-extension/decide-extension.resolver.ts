import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { IsBoolean, IsOptional, ValidateNested } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { OnRegistrationInput, RegistrationDone, sendOnRegistration } from '../../../edge/registration-command.js';
import { LengthInput, lengthOf } from '../../../edge/record-inputs.js';
import { decideExtension } from './decide-extension.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class DecideExtensionInput extends OnRegistrationInput {
  @Field(() => Boolean)
  @IsBoolean()
  grant!: boolean;
  @Field(() => LengthInput, { nullable: true, description: 'Where the policy leaves a range. / 制度允许选择时。' })
  @IsOptional()
  @ValidateNested()
  @Type(() => LengthInput)
  chosen?: LengthInput;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @PlainText(2_000, { lines: true })
  grounds?: string;
}

@ObjectType()
export class DecideExtensionDone extends RegistrationDone {}
const DecideExtensionResult = resultOf('DecideExtension', DecideExtensionDone);

@Resolver()
export class DecideExtensionResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => DecideExtensionResult, { description: 'Grants or refuses what the holder asked for. / 审批延期。' })
  decideExtension(
    @Args('input') input: DecideExtensionInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<DecideExtensionDone>> {
    return sendOnRegistration(this.dispatch, DecideExtensionDone, caller, input, (on) =>
      commandTo(decideExtension, {
        ...on,
        grant: input.grant,
        ...(input.chosen === undefined ? {} : { chosen: lengthOf(input.chosen) }),
        ...(input.grounds === undefined ? {} : { grounds: input.grounds }),
      }),
    );
  }
}
