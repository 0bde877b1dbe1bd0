import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { resultOf } from '#graphql/outcome.js';
import {
  RecordedOnRegistrationInput,
  RegistrationDone,
  sendOnRegistration,
} from '../../../edge/registration-command.js';
import { AttachmentInput, attachmentsMax, attachmentsOf } from '../../../edge/record-inputs.js';
import { FormValuesScalar, type FormValues } from '#graphql/scalars.js';
import { resubmit } from './resubmit.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class ResubmitInput extends RecordedOnRegistrationInput {
  @Field(() => FormValuesScalar)
  @IsDefined()
  form!: FormValues;
  @Field(() => [AttachmentInput], { defaultValue: [] })
  @ValidateNested({ each: true })
  @Type(() => AttachmentInput)
  @ArrayMaxSize(attachmentsMax)
  @IsOptional()
  attachments: AttachmentInput[] = [];
}

@ObjectType()
export class ResubmitDone extends RegistrationDone {}
const ResubmitResult = resultOf('Resubmit', ResubmitDone);

@Resolver()
export class ResubmitResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => ResubmitResult, { description: 'Hands in again what was returned for more. / 重新提交。' })
  resubmit(@Args('input') input: ResubmitInput, @CurrentCaller() caller: Caller): Promise<Answered<ResubmitDone>> {
    return sendOnRegistration(this.dispatch, ResubmitDone, caller, input, (on) =>
      commandTo(resubmit, { ...on, form: input.form, attachments: attachmentsOf(input.attachments) }),
    );
  }
}
