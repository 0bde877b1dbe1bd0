import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type as MadeOf } from 'class-transformer';
import { ArrayMaxSize, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Fen, Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { contractNumberMax } from '#identity/contract-number.js';
import { resultOf } from '#graphql/outcome.js';
import { listMax } from '../../../edge/record-types.js';
import { FenScalar, FormValuesScalar, InstantScalar, type FormValues } from '#graphql/scalars.js';
import { EdgeError } from '#graphql/errors.js';
import { dossierIn } from '../../../edge/subject-command.js';
import type { AttributionBasis, DossierEvent, DossierId } from '../../events.js';
import { AttributionBasisName, AttributionLine, linesMax } from '../attribution/attribution.resolver.js';
import { recordDeal, recordDealOf } from './record-deal.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class DealFeeInput {
  @Field(() => ID)
  @Identifier()
  partyId!: string;
  @Field(() => FenScalar)
  @IsDefined()
  amount!: string;
}
@InputType()
export class RecordDealInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, {
    nullable: true,
    description:
      'The subject; or name the customer by `class` and `form`, who may be somebody that nobody registered. / 档案；或以类别与表单指明客户（可为从未报备者）。',
  })
  @IsOptional()
  @Identifier()
  dossierId?: string;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @Identifier({ max: 40 })
  class?: string;
  @Field(() => FormValuesScalar, { nullable: true })
  @IsOptional()
  form?: FormValues;
  @Field(() => FenScalar)
  @IsDefined()
  amount!: string;
  @Field(() => InstantScalar)
  @IsDefined()
  signedAt!: string;
  @Field(() => ID)
  @Identifier()
  closedBy!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'Number of the contract: of a program no two deals that stand have the same. / 合同编号，同一项目内不得重复。',
  })
  @IsOptional()
  @PlainText(contractNumberMax)
  contractNumber?: string;
  @Field(() => [ID], { defaultValue: [] })
  @ArrayMaxSize(20)
  @Identifier({ each: true })
  assistants: string[] = [];
  @Field(() => [DealFeeInput], {
    defaultValue: [],
    description: 'Fixed sums for some of those who helped, as the policy offers them. / 协助费，须为制度所列金额。',
  })
  @ArrayMaxSize(20)
  @MadeOf(() => DealFeeInput)
  @ValidateNested({ each: true })
  fees: DealFeeInput[] = [];
}

@ObjectType()
export class RecordDealDone extends Done {
  @Field(() => ID) dealId!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => AttributionBasisName) basis!: AttributionBasis;
  @Field(() => FenScalar, { nullable: true }) commission?: string;
  @listMax(linesMax) @Field(() => [AttributionLine]) lines!: AttributionLine[];
}
const RecordDealResult = resultOf('RecordDeal', RecordDealDone);

const creditedIn = (events: readonly Recorded[]): Happened<RecordDealDone> => {
  const dossierId = dossierIn(events);
  const { dealId, basis, commission, lines } = (events as unknown as readonly Recorded<DossierEvent>[])
    .map(({ event }) => event)
    .find((event) => event.type === 'Attributed')!;
  return {
    dealId,
    dossierId,
    basis,
    lines: lines.slice(0, linesMax).map((line) => ({ ...line })),
    ...(commission === undefined ? {} : { commission }),
  };
};

const oneOfTwo = {
  path: 'input.dossierId',
  message: { zh: '请给出 dossierId，或 class 与 form，二者取一。', en: 'Give either dossierId, or class and form.' },
};

@Resolver()
export class RecordDealResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecordDealResult, {
    description:
      'A contract was signed; who is credited follows from the registration that protected the customer then. / 登记成交并确定归属。',
  })
  recordDeal(
    @Args('input') input: RecordDealInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RecordDealDone>> {
    const { dossierId, class: name, form } = input;
    const deal = {
      programId: input.programId as ProgramId,
      amount: input.amount as Fen,
      signedAt: input.signedAt as Instant,
      closedBy: input.closedBy as PartyId,
      assistants: input.assistants as PartyId[],
      contractNumber: input.contractNumber,
      fees: input.fees.map(({ partyId, amount }) => ({ partyId: partyId as PartyId, amount: amount as Fen })),
    };
    if (dossierId !== undefined && form === undefined) {
      return this.dispatch.send(
        RecordDealDone,
        caller,
        input,
        (base) => commandTo(recordDeal, { ...base, ...deal, dossierId: dossierId as DossierId }),
        creditedIn,
      );
    }
    if (dossierId !== undefined || form === undefined || name === undefined)
      throw new EdgeError('BAD_INPUT', { fields: [oneOfTwo] });
    return this.dispatch.send(
      RecordDealDone,
      caller,
      input,
      (base) => commandTo(recordDealOf, { ...base, ...deal, class: name, form }),
      creditedIn,
    );
  }
}
