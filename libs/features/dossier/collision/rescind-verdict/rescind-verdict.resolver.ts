import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../../edge/dispatch.js';
import { listMax } from '../../../edge/record-types.js';
import type { CaseId, DossierEvent } from '../../events.js';
import { dossierOf } from '../../on-dossier.js';
import { rescindVerdict } from './rescind-verdict.js';

@InputType()
export class RescindVerdictInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: '<dossier>.c<number>' })
  @Identifier()
  caseId!: string;
  @Field(() => String, {
    description:
      'Why; read by both sides, without telephone numbers and without each other. / 理由；双方可见，隐去电话与对方。',
  })
  @PlainText(5_000, { lines: true })
  grounds!: string;
}

const claimsMax = 1_000;
@ObjectType()
export class RescindVerdictDone extends Done {
  @Field(() => ID) caseId!: string;
  @Field(() => ID) dossierId!: string;
  @listMax(claimsMax)
  @Field(() => [ID], {
    description: 'Registrations that stand again as the verdict found them. / 恢复到裁决之前的报备。',
  })
  revived!: string[];
  @listMax(claimsMax)
  @Field(() => [ID], {
    description:
      'Registrations that stay as they are: over by another act since, or somebody is protected in their place by now. / 未恢复的报备：其后已另行结束，或其位置已另有保护。',
  })
  leftEnded!: string[];
}
const RescindVerdictResult = resultOf('RescindVerdict', RescindVerdictDone);

const takenBackIn = (events: readonly Recorded[], caseId: CaseId): Happened<RescindVerdictDone> => {
  const rescinded = (events as unknown as readonly Recorded<DossierEvent>[])
    .map(({ event }) => event)
    .find((event) => event.type === 'VerdictRescinded');
  const { revived = [], leftEnded = [] } = rescinded ?? {};
  return { caseId, dossierId: dossierOf(caseId), revived: [...revived], leftEnded: [...leftEnded] };
};

@Resolver()
export class RescindVerdictResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RescindVerdictResult, {
    description:
      'Takes a whole verdict back: its claims stand as before, the case is open again, deals credited under it are credited anew. / 撤销整个裁决：恢复各方报备，案件重新待裁，业绩重新归属。',
  })
  rescindVerdict(
    @Args('input') input: RescindVerdictInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RescindVerdictDone>> {
    const { programId, grounds } = input;
    const caseId = input.caseId as CaseId;
    return this.dispatch.send(
      RescindVerdictDone,
      caller,
      input,
      (base) => commandTo(rescindVerdict, { ...base, programId: programId as ProgramId, caseId, grounds }),
      (events) => takenBackIn(events, caseId),
    );
  }
}
