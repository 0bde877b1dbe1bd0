import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import type { DossierEvent, ProtectionWindow, RegistrationId } from '../dossier/events.js';
import { dossierOf } from '../dossier/on-dossier.js';
import { shortCode } from '#identity/short-code.js';
import { CommandInput, Done, RecordedInput, type Happened } from './dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { ProtectionPeriod } from './record-types.js';

const idOfRegistration = '`<dossier>.<number>`, or its short code. / 报备的完整编号或短编号。';

/** A command of whoever decides about a registration. */
@InputType({ isAbstract: true })
export abstract class OnRegistrationInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: idOfRegistration })
  @Identifier()
  registrationId!: string;
}

/** A command of the holder, or of a desk that records for it. */
@InputType({ isAbstract: true })
export abstract class RecordedOnRegistrationInput extends RecordedInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: idOfRegistration })
  @Identifier()
  registrationId!: string;
}

/** The two ids as the domain names them. */
export const targetOf = (
  { programId }: OnRegistrationInput | RecordedOnRegistrationInput,
  registrationId: string,
): { readonly programId: ProgramId; readonly registrationId: RegistrationId } => ({
  programId: programId as ProgramId,
  registrationId: registrationId as RegistrationId,
});

/** What a command on one registration came to. */
@ObjectType({ isAbstract: true })
export abstract class RegistrationDone extends Done {
  @Field(() => ID) registrationId!: string;
  @Field(() => String, { description: 'Short code with a check character, for people. / 报备编号（含校验位）。' })
  code!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ProtectionPeriod, { nullable: true, description: 'As this command set it. / 本次确定的保护期。' })
  protection?: ProtectionPeriod;
  @Field(() => ID, { nullable: true, description: 'The case that this opened or settled. / 相关争议案件。' })
  caseId?: string;
}

/**
 * Read from the events alone; `id` is the registration that the command named, which had perhaps nothing left to happen
 * to it.
 */
export const registrationDone = (events: readonly Recorded[], id: RegistrationId): Happened<RegistrationDone> => {
  const happened = (events as unknown as readonly Recorded<DossierEvent>[]).map(({ event }) => event);
  const protection = happened
    .flatMap((event) =>
      'protection' in event && event.protection !== undefined && event.registrationId === id
        ? [event.protection as ProtectionWindow]
        : [],
    )
    .at(-1);
  // A case about one subject or two is one in each dossier: whoever filed is told that of its own, never another's.
  const caseId = happened
    .flatMap((event) => ('caseId' in event && dossierOf(event.caseId) === dossierOf(id) ? [event.caseId] : []))
    .at(-1);
  return {
    registrationId: id,
    code: shortCode(id),
    dossierId: dossierOf(id),
    ...(protection === undefined ? {} : { protection: { ...protection } }),
    ...(caseId === undefined ? {} : { caseId }),
  };
};
