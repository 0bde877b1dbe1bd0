import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadArguments } from '../../../edge/answers.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax } from '../../../edge/record-types.js';
import { formLimits, PositionTokenScalar } from '#graphql/scalars.js';
import { permissionClause } from '#policy/clauses/filing-permission.js';
import { fieldsOf } from '#policy/clauses/form.js';
import { isPersonal, type Field as PolicyField } from '#policy/field.js';
import type { Policy } from '#policy/policy.js';
import { appliesTo } from '#policy/whom.js';
import { policyInForce } from '../../../program/facts.js';
import { programCard } from '../../../program/program-card/program-card.js';

@ObjectType({ description: 'One value that a field of type choice may have. / 可选值。' })
export class FormChoice {
  @Field(() => String, { description: 'Name of the field. / 字段名。' }) field!: string;
  @Field(() => String) value!: string;
  @Field(() => BilingualText) label!: BilingualText;
}
const choicesMax = 300;
const rulesShownMax = 10;
@ObjectType({ description: 'One field to fill in. / 一个填写项。' })
export class FormField {
  @Field(() => String, { description: 'Its name in the form. / 字段名。' }) name!: string;
  @Field(() => String, {
    description:
      'text, personName, companyName, phone, creditCode, address, number, date, instant, money, choice or flag. / 字段类型。',
  })
  type!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of money: yuan, as people write them: "2,000.00". / 金额单位：元。',
  })
  unit?: string;
  @Field(() => BilingualText) label!: BilingualText;
  @Field(() => Boolean) required!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'A condition over the other fields that makes it required. / 条件必填。',
  })
  requiredWhen?: string;
  @Field(() => String, {
    nullable: true,
    description: 'Least number, earliest date, least yuan, fewest characters. / 下限。',
  })
  min?: string;
  @Field(() => String, { nullable: true }) max?: string;
  @Field(() => Boolean, { description: 'It is sealed: it can be erased and is masked by role. / 加密保存，可删除。' })
  personal!: boolean;
  @Field(() => Boolean, { description: 'A masked telephone or a surname with a title will do. / 允许不完整填写。' })
  partial!: boolean;
  @listMax(rulesShownMax) @Field(() => [String]) rules!: string[];
}
@ObjectType()
export class FormAttachment {
  @Field(() => String) kind!: string;
  @Field(() => BilingualText) label!: BilingualText;
  @Field(() => Boolean) required!: boolean;
}

/** A form may be sent with no more. */
const fieldsMax = formLimits.fieldsMax;
@ObjectType({ description: 'What has to be filled in for one class, under the policy in force. / 某类别的报备表单。' })
export class RegistrationForm {
  @Field(() => ID) programId!: string;
  @Field(() => String) class!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => String, { description: 'policy@version#digest' }) policy!: string;
  @listMax(fieldsMax) @Field(() => [FormField]) fields!: FormField[];
  @listMax(choicesMax)
  @Field(() => [FormChoice], { description: 'Of all fields of type choice. / 各选择字段的可选值。' })
  choices!: FormChoice[];
  @listMax(20) @Field(() => [FormAttachment]) attachments!: FormAttachment[];
  @listMax(20) @Field(() => [String], { description: 'Channels that are accepted. / 可用渠道。' }) channels!: string[];
  @Field(() => Boolean, { description: 'A permission has to be asked for first. / 须先取得许可。' })
  permissionRequired!: boolean;
  @Field(() => PositionTokenScalar) position!: string;
}

const toField = (field: PolicyField): FormField => ({
  name: field.name,
  type: field.type,
  label: { ...field.label },
  required: field.required,
  personal: isPersonal(field),
  partial: field.partial,
  rules: (field.rule ?? []).slice(0, rulesShownMax),
  ...(field.type === 'money' ? { unit: 'yuan' } : {}),
  ...(field.requiredWhen === undefined ? {} : { requiredWhen: field.requiredWhen }),
  ...(field.min === undefined ? {} : { min: String(field.min) }),
  ...(field.max === undefined ? {} : { max: String(field.max) }),
});

const toForm = (policy: Policy, name: string): Omit<RegistrationForm, 'programId' | 'position'> | undefined => {
  const filing = policy.document.classes.find((one) => one.name === name && one.filed);
  if (filing === undefined) return undefined;
  const parts = policy.document.form.filter((part) => appliesTo(part, name));
  const fields = fieldsOf({ policy }, name).slice(0, fieldsMax);
  return {
    class: name,
    title: { ...filing.title },
    policy: policy.reference,
    fields: fields.map(toField),
    choices: fields
      .flatMap((field) =>
        (field.choices ?? []).map(({ value, label }) => ({ field: field.name, value, label: { ...label } })),
      )
      .slice(0, choicesMax),
    attachments: parts
      .flatMap(({ attachments }) => attachments)
      .slice(0, 20)
      .map(({ kind, label, required }) => ({ kind, label: { ...label }, required })),
    channels: [
      ...new Set(
        policy.document.intake.channels.filter((item) => appliesTo(item, name)).flatMap(({ accepts }) => accepts),
      ),
    ].slice(0, 20),
    permissionRequired: permissionClause({ policy }, name).required,
  };
};

@ArgsType()
export class RegistrationFormArguments extends ReadArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String)
  @Identifier({ max: 40 })
  class!: string;
}

@Resolver()
export class RegistrationFormResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => RegistrationForm, {
    nullable: true,
    description: 'What to fill in for one class now; null where nobody files in it. / 现行表单。',
  })
  async registrationForm(
    @Args() { programId, class: name, atPosition }: RegistrationFormArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<RegistrationForm | null> {
    const cards = await this.answers.of(programCard, atPosition);
    const card =
      this.answers.rolesIn(caller, programId as ProgramId).length === 0 ? undefined : await cards.get(programId);
    const policy = card === undefined ? undefined : policyInForce(card, this.answers.now());
    const form = policy === undefined ? undefined : toForm(policy, name);
    return form === undefined ? null : { ...form, programId, position: await this.answers.seenBy(cards) };
  }
}
