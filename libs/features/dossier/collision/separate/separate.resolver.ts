import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../../edge/dispatch.js';
import { listMax } from '../../../edge/record-types.js';
import type { DossierEvent, DossierId } from '../../events.js';
import { separate } from './separate.js';

@InputType()
export class SeparateInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: 'The dossier that was merged into another. / 已并入他案的档案。' })
  @Identifier()
  dossierId!: string;
  @Field(() => String, { description: 'Read by those who judge and audit, by no party. / 仅裁决与审计人员可见。' })
  @PlainText(5_000, { lines: true })
  grounds!: string;
}

const claimsMax = 1_000;
@ObjectType()
export class SeparateDone extends Done {
  @Field(() => ID) dossierId!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'What it was merged into; absent where the two were apart already. / 原并入的档案。',
  })
  from?: string;
  @listMax(claimsMax)
  @Field(() => [ID], { description: 'Registrations that live again. / 恢复的报备。' })
  revived!: string[];
  @listMax(claimsMax)
  @Field(() => [ID], {
    description:
      'Registrations that stay ended: somebody is protected in their place by now. / 未恢复的报备：其位置已另有保护。',
  })
  leftEnded!: string[];
}
const SeparateResult = resultOf('Separate', SeparateDone);

const separatedIn = (events: readonly Recorded[], dossierId: string): Happened<SeparateDone> => {
  const separated = (events as unknown as readonly Recorded<DossierEvent>[])
    .map(({ event }) => event)
    .find((event) => event.type === 'DossierSeparated');
  return separated === undefined
    ? { dossierId, revived: [], leftEnded: [] }
    : { dossierId, from: separated.into, revived: [...separated.revived], leftEnded: [...separated.leftEnded] };
};

@Resolver()
export class SeparateResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => SeparateResult, {
    description:
      'Takes a wrong merge of two dossiers back; what it ended lives again. For whoever may rescind rulings. / 撤销错误的档案合并。',
  })
  separate(@Args('input') input: SeparateInput, @CurrentCaller() caller: Caller): Promise<Answered<SeparateDone>> {
    const { programId, dossierId, grounds } = input;
    return this.dispatch.send(
      SeparateDone,
      caller,
      input,
      (base) =>
        commandTo(separate, { ...base, programId: programId as ProgramId, dossierId: dossierId as DossierId, grounds }),
      (events) => separatedIn(events, dossierId),
    );
  }
}
