import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Code, Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, RecordedInput, type Answered } from '../../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { AttachmentInput, attachmentsMax, attachmentsOf } from '../../../edge/record-inputs.js';
import { registrationDone, RegistrationDone } from '../../../edge/registration-command.js';
import { FormValuesScalar, InstantScalar, type FormValues } from '#graphql/scalars.js';
import type { DossierEvent, RegistrationId } from '../../events.js';
import { register } from './register.js';
import { commandTo } from '../../../edge/command-bus.js';

const attestedMax = 5;

@InputType()
export class RegisterInput extends RecordedInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => String, { description: 'Class of the filing, as the policy names it. / 报备类别。' })
  @Identifier({ max: 40 })
  class!: string;
  @Field(() => String, {
    defaultValue: 'system',
    description: 'How it was handed in: system, mail, email, chat, paper… as the policy names it. / 报备渠道。',
  })
  @Identifier({ max: 40 })
  channel: string = 'system';
  @Field(() => FormValuesScalar)
  @IsDefined()
  form!: FormValues;
  @Field(() => [AttachmentInput], { defaultValue: [] })
  @ValidateNested({ each: true })
  @Type(() => AttachmentInput)
  @ArrayMaxSize(attachmentsMax)
  @IsOptional()
  attachments: AttachmentInput[] = [];
  @Field(() => [String], {
    defaultValue: [],
    description:
      'Fields whose credit code a desk has compared with the licence: an old code may break its check digit. / 登记处已核对执照的信用代码字段。',
  })
  @ArrayMaxSize(attestedMax)
  @Identifier({ max: 40, each: true })
  @IsOptional()
  attested: string[] = [];
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'When the form reached the desk, as the desk attests; as far back as the policy allows. / 登记处收到表单的时间。',
  })
  @IsOptional()
  receivedAt?: string;
}

@ObjectType()
export class RegisterDone extends RegistrationDone {}
export const RegisterResult = resultOf('Register', RegisterDone);

/** A filing that was carried out always filed something. */
const filedIn = (events: readonly Recorded[]): RegistrationId =>
  (events as unknown as readonly Recorded<DossierEvent>[])
    .flatMap(({ event }) => (event.type === 'Registered' ? [event.registrationId] : []))
    .at(-1)!;

@Resolver()
export class RegisterResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RegisterResult, {
    description:
      'Files a claim on a customer or a project. Answers with the registration, or with every rule that refused it. / 报备客户或项目。',
  })
  register(@Args('input') input: RegisterInput, @CurrentCaller() caller: Caller): Promise<Answered<RegisterDone>> {
    const { class: name, channel, form, attachments, attested, receivedAt } = input;
    return this.dispatch.send(
      RegisterDone,
      caller,
      input,
      (base) =>
        commandTo(register, {
          ...base,
          programId: input.programId as ProgramId,
          class: name,
          channel,
          form,
          attachments: attachmentsOf(attachments),
          attested,
          ...(receivedAt === undefined
            ? {}
            : { receivedAt: receivedAt as Instant, receivedBy: 'desk' as Code, receiptAttested: true }),
        }),
      (events) => registrationDone(events, filedIn(events)),
    );
  }
}
