import { Args, Field, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsOptional, ValidateNested } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { ShareInput, sharesGiven } from '../../../edge/record-inputs.js';
import { listMax, ProtectionPeriod, sharesMax, sharesOf, ShareType } from '../../../edge/record-types.js';
import type { CaseId, DossierEvent, ProtectionWindow, RegistrationId, VerdictOutcome } from '../../events.js';
import { dossierOf } from '../../on-dossier.js';
import { registrationCard, registrationIdOf } from '../../registration/registration-card/registration-card.js';
import { Answers } from '../../../edge/answers.js';
import { arbitrate } from './arbitrate.js';
import { commandTo } from '../../../edge/command-bus.js';

export const VerdictName = {
  ASSIGN: 'assign',
  SPLIT: 'split',
  RELEASE: 'release',
  BOTH_VOID: 'bothVoid',
  SAME_SUBJECT: 'sameSubject',
  DISTINCT: 'distinct',
} as const satisfies Readonly<Record<string, VerdictOutcome>>;
registerEnumType(VerdictName, {
  name: 'Verdict',
  description: 'What a verdict says. / 裁决结果。',
  valuesMap: {
    SAME_SUBJECT: {
      description:
        'Of a possible same subject: it is one, and the claim goes on that ranks first. / 同一客户：合并，先者继续。',
    },
    DISTINCT: {
      description: 'Of a possible same subject: they are two, and each goes on as it was. / 并非同一客户：各自继续。',
    },
  },
});

@InputType()
export class ArbitrateInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: '<dossier>.c<number>' })
  @Identifier()
  caseId!: string;
  @Field(() => VerdictName)
  @IsIn(Object.values(VerdictName))
  outcome!: VerdictOutcome;
  @Field(() => ID, {
    nullable: true,
    description: 'The claim that goes on, of ASSIGN and SPLIT; its id or its short code. / 胜出的报备，编号或短编号。',
  })
  @IsOptional()
  @Identifier()
  winner?: string;
  @Field(() => [ShareInput], { nullable: true, description: 'Of SPLIT. / 分成。' })
  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => ShareInput)
  @ArrayMaxSize(sharesMax)
  shares?: ShareInput[];
  @Field(() => String, {
    description:
      'Why; read by both sides, without telephone numbers and without each other; of a possible same subject by those who judge and audit alone. / 裁决理由；双方可见，隐去电话与对方；疑似同一客户的案件仅裁决与审计人员可见。',
  })
  @PlainText(5_000, { lines: true })
  reasons!: string;
}

@ObjectType()
export class ArbitrateDone extends Done {
  @Field(() => ID) caseId!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => VerdictName) outcome!: VerdictOutcome;
  @Field(() => ID, { nullable: true }) winner?: string;
  @listMax(sharesMax) @Field(() => [ShareType]) shares!: ShareType[];
  @Field(() => ProtectionPeriod, {
    nullable: true,
    description: 'Of whoever holds the customer now. / 裁决后的保护期。',
  })
  protection?: ProtectionPeriod;
}
const ArbitrateResult = resultOf('Arbitrate', ArbitrateDone);

const verdictIn = (events: readonly Recorded[], caseId: CaseId): Happened<ArbitrateDone> => {
  const happened = (events as unknown as readonly Recorded<DossierEvent>[]).map(({ event }) => event);
  const { outcome, winner, shares } = happened.find((event) => event.type === 'Arbitrated')!;
  const protection = happened
    .flatMap((event) =>
      'protection' in event && event.protection !== undefined ? [event.protection as ProtectionWindow] : [],
    )
    .at(-1);
  return {
    caseId,
    dossierId: dossierOf(caseId),
    outcome,
    shares: sharesOf(shares),
    ...(winner === undefined ? {} : { winner }),
    ...(protection === undefined ? {} : { protection: { ...protection } }),
  };
};

@Resolver()
export class ArbitrateResolver {
  constructor(
    private readonly dispatch: Dispatch,
    private readonly answers: Answers,
  ) {}

  @Mutation(() => ArbitrateResult, { description: 'The verdict on a collision, with reasons. / 裁决撞单。' })
  async arbitrate(
    @Args('input') input: ArbitrateInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<ArbitrateDone>> {
    const { programId, outcome, shares, reasons } = input;
    const cards = () => this.answers.of(registrationCard);
    const winner = input.winner === undefined ? undefined : await registrationIdOf(cards, input.winner);
    const caseId = input.caseId as CaseId;
    return this.dispatch.send(
      ArbitrateDone,
      caller,
      input,
      (base) =>
        commandTo(arbitrate, {
          ...base,
          programId: programId as ProgramId,
          caseId,
          outcome,
          reasons,
          ...(winner === undefined ? {} : { winner: winner as RegistrationId }),
          ...(shares === undefined ? {} : { shares: sharesGiven(shares) }),
        }),
      (events) => verdictIn(events, caseId),
    );
  }
}
