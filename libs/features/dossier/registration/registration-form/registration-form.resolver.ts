import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadArguments } from '../../../edge/answers.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax } from '../../../edge/record-types.js';
import { formLimits, PositionTokenScalar } from '#graphql/scalars.js';
import { recordable } from '#policy/clauses/activities.js';
import { claimsOf } from '#policy/clauses/classes.js';
import { permissionClause } from '#policy/clauses/filing-permission.js';
import { fieldsOf } from '#policy/clauses/form.js';
import { isPersonal, type Field as PolicyField } from '#policy/field.js';
import { together, type FieldSet } from '#policy/filled.js';
import type { Policy } from '#policy/policy.js';
import { appliesTo } from '#policy/whom.js';
import { policyInForce } from '../../../program/facts.js';
import { programCard } from '../../../program/program-card/program-card.js';

@ObjectType({ description: 'One value that a field of type choice may have. / 可选值。' })
export class FormChoice {
  @Field(() => String, { description: 'Name of the field. / 字段名。' }) field!: string;
  @Field(() => String, { nullable: true, description: 'Of a column: the table it stands in. / 所属表格。' })
  table?: string;
  @Field(() => String) value!: string;
  @Field(() => BilingualText) label!: BilingualText;
}
const choicesMax = 300;
const rulesShownMax = 10;
@ObjectType({ description: 'One field to fill in. / 一个填写项。' })
export class FormField {
  @Field(() => String, {
    description: 'Its name in the form; a column is sent as `fleet.2.model`: table, row from 1, column. / 字段名。',
  })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Of a column: the table it stands in. / 所属表格。' })
  table?: string;
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
    description: 'A condition over the other fields and whoever files that makes it required. / 条件必填。',
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
  @Field(() => String, {
    nullable: true,
    description: 'A condition over the form and whoever files that makes it required. / 条件必附。',
  })
  requiredWhen?: string;
}

@ObjectType({ description: 'Rows to fill in, each with the fields that name it as `table`. / 表格。' })
export class FormTable {
  @Field(() => String) name!: string;
  @Field(() => BilingualText) label!: BilingualText;
  @Field(() => Int, { description: 'As many rows at least. / 至少行数。' }) min!: number;
  @Field(() => Int, { description: 'No more rows. / 至多行数。' }) max!: number;
}
const tablesMax = 10;
const whoMax = 20;
/** Sixty activities, and the steps of ten ladders. */
const recordablesMax = 100;
@ObjectType({ description: 'Something that may be recorded for a registration, and by whom. / 可记录事项。' })
export class Recordable {
  @Field(() => String, { description: 'The name that recordActivity is given. / 事项名。' }) name!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @listMax(whoMax) @Field(() => [String]) roles!: string[];
  @listMax(whoMax) @Field(() => [String]) relations!: string[];
}

/** A form may be sent with no more. */
const fieldsMax = formLimits.fieldsMax;
@ObjectType({ isAbstract: true })
abstract class AnyForm {
  @Field(() => ID) programId!: string;
  @Field(() => String) class!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => String, { description: 'policy@version#digest' }) policy!: string;
  @listMax(fieldsMax) @Field(() => [FormField]) fields!: FormField[];
  @listMax(tablesMax) @Field(() => [FormTable]) tables!: FormTable[];
  @listMax(choicesMax)
  @Field(() => [FormChoice], { description: 'Of all fields of type choice. / 各选择字段的可选值。' })
  choices!: FormChoice[];
  @listMax(20) @Field(() => [FormAttachment]) attachments!: FormAttachment[];
  @Field(() => PositionTokenScalar) position!: string;
}
@ObjectType({ description: 'What has to be filled in to record something. / 事项表单。' })
export class ActivityForm extends AnyForm {
  @Field(() => String) activity!: string;
}
@ObjectType({ description: 'What has to be filled in for one class, under the policy in force. / 某类别的报备表单。' })
export class RegistrationForm extends AnyForm {
  @Field(() => String, {
    description: 'exclusive: others are kept out; several: several stand together; none: a record. / 排他方式。',
  })
  claims!: string;
  @Field(() => String, { nullable: true, description: 'Only claims of one kind exclude each other. / 报备种类。' })
  kind?: string;
  @listMax(20) @Field(() => [String], { description: 'Channels that are accepted. / 可用渠道。' }) channels!: string[];
  @Field(() => Boolean, { description: 'A permission has to be asked for first. / 须先取得许可。' })
  permissionRequired!: boolean;
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

/** Fields, tables with their columns, choices and attachments, as a client lays them out. */
const laidOut = (
  set: FieldSet,
  fields: readonly PolicyField[],
): Pick<AnyForm, 'fields' | 'tables' | 'choices' | 'attachments'> => {
  const all: readonly { readonly field: PolicyField; readonly table?: string }[] = [
    ...fields.map((field) => ({ field })),
    ...set.rows.flatMap(({ name, fields: columns }) => columns.map((field) => ({ field, table: name }))),
  ];
  return {
    fields: all.slice(0, fieldsMax).map(({ field, ...place }) => ({ ...toField(field), ...place })),
    tables: set.rows.slice(0, tablesMax).map(({ name, label, min, max }) => ({ name, label: { ...label }, min, max })),
    choices: all
      .flatMap(({ field, ...place }) =>
        (field.choices ?? []).map(({ value, label }) => ({ field: field.name, value, label: { ...label }, ...place })),
      )
      .slice(0, choicesMax),
    attachments: set.attachments
      .slice(0, 20)
      .map(({ kind, label, required, requiredWhen }) => ({
        kind,
        label: { ...label },
        required: required && requiredWhen === undefined,
        ...(requiredWhen === undefined ? {} : { requiredWhen }),
      })),
  };
};

type Laid<F extends AnyForm> = Omit<F, 'programId' | 'position'>;
export const toForm = (policy: Policy, name: string): Laid<RegistrationForm> | undefined => {
  const filing = policy.document.classes.find((one) => one.name === name && one.filed);
  if (filing === undefined) return undefined;
  const parts = policy.document.form.filter((part) => appliesTo(part, name));
  return {
    class: name,
    title: { ...filing.title },
    policy: policy.reference,
    claims: claimsOf({ policy }, name).claims,
    ...(filing.kind === undefined ? {} : { kind: filing.kind }),
    ...laidOut(together(parts), fieldsOf({ policy }, name)),
    channels: [
      ...new Set(
        policy.document.intake.channels.filter((item) => appliesTo(item, name)).flatMap(({ accepts }) => accepts),
      ),
    ].slice(0, 20),
    permissionRequired: permissionClause({ policy }, name).required,
  };
};
export const toRecordables = (policy: Policy, name: string): Recordable[] =>
  recordable(policy.document)
    .filter((item) => appliesTo(item, name))
    .slice(0, recordablesMax)
    .map(({ name: activity, title, by }) => ({
      name: activity,
      title: { ...title },
      roles: (by.roles ?? []).slice(0, whoMax),
      relations: (by.relations ?? []).slice(0, whoMax),
    }));
export const toActivityForm = (policy: Policy, name: string, activity: string): Laid<ActivityForm> | undefined => {
  const item = recordable(policy.document).find((each) => each.name === activity && appliesTo(each, name));
  return (
    item && { class: name, activity, title: { ...item.title }, policy: policy.reference, ...laidOut(item, item.fields) }
  );
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

@ArgsType()
export class ActivityFormArguments extends RegistrationFormArguments {
  @Field(() => String, { description: 'One of the names that `recordables` gives. / 事项名。' })
  @Identifier({ max: 40 })
  activity!: string;
}

@Resolver()
export class RegistrationFormResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => RegistrationForm, {
    nullable: true,
    description: 'What to fill in for one class now; null where nobody files in it. / 现行表单。',
  })
  async registrationForm(
    @Args() asked: RegistrationFormArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<RegistrationForm | null> {
    return this.#underThePolicy(asked, caller, (policy) => toForm(policy, asked.class));
  }

  @listMax(recordablesMax)
  @Query(() => [Recordable], {
    nullable: true,
    description:
      'What may be recorded for a registration of the class now; null without such a program. / 可记录事项。',
  })
  async recordables(
    @Args() asked: RegistrationFormArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Recordable[] | null> {
    const policy = await this.#policyFor(asked, caller);
    return policy === undefined ? null : toRecordables(policy, asked.class);
  }

  @Query(() => ActivityForm, {
    nullable: true,
    description: 'What to fill in to record something now; null where the class has no such thing. / 事项表单。',
  })
  async activityForm(
    @Args() asked: ActivityFormArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<ActivityForm | null> {
    return this.#underThePolicy(asked, caller, (policy) => toActivityForm(policy, asked.class, asked.activity));
  }

  async #underThePolicy<F extends AnyForm>(
    asked: RegistrationFormArguments,
    caller: Caller,
    formOf: (policy: Policy) => Laid<F> | undefined,
  ): Promise<(Laid<F> & Pick<AnyForm, 'programId' | 'position'>) | null> {
    const policy = await this.#policyFor(asked, caller);
    const form = policy === undefined ? undefined : formOf(policy);
    if (form === undefined) return null;
    const position = await this.answers.seenBy(await this.answers.of(programCard, asked.atPosition));
    return { ...form, programId: asked.programId, position };
  }
  /** The policy in force, for whoever holds a role in the program. */
  async #policyFor({ programId, atPosition }: RegistrationFormArguments, caller: Caller): Promise<Policy | undefined> {
    const cards = await this.answers.of(programCard, atPosition);
    if (this.answers.rolesIn(caller, programId as ProgramId).length === 0) return undefined;
    const card = await cards.get(programId);
    return card === undefined ? undefined : policyInForce(card, this.answers.now());
  }
}
