import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { IsDefined } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CommandInput, Done, RecordedInput } from './dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { FormValuesScalar, type FormValues } from '#graphql/scalars.js';

const naming = '制度规定的类别与识别客户的字段。 / The class, and the fields that tell which customer is meant.';

/** A command of whoever decides about a subject that is named as a form names it. */
@InputType({ isAbstract: true })
export abstract class OnSubjectInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => String)
  @Identifier({ max: 40 })
  class!: string;
  @Field(() => FormValuesScalar, { description: naming })
  @IsDefined()
  form!: FormValues;
}
/** A command of a party, or of a desk that records for it. */
@InputType({ isAbstract: true })
export abstract class RecordedOnSubjectInput extends RecordedInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => String)
  @Identifier({ max: 40 })
  class!: string;
  @Field(() => FormValuesScalar, { description: naming })
  @IsDefined()
  form!: FormValues;
}
export const subjectOf = (
  input: OnSubjectInput | RecordedOnSubjectInput,
): { readonly programId: ProgramId; readonly class: string; readonly form: FormValues } => ({
  programId: input.programId as ProgramId,
  class: input.class,
  form: input.form,
});

/**
 * For those who decide. A party that only asks is not told the dossier: its id says when somebody first named this
 * customer.
 */
@ObjectType({ isAbstract: true })
export abstract class SubjectDone extends Done {
  @Field(() => ID) dossierId!: string;
}
export const dossierIn = (events: readonly Recorded[]): string =>
  events
    .map(({ stream }) => stream)
    .find((stream) => stream.startsWith('dossier-'))
    ?.slice('dossier-'.length) ?? '';
