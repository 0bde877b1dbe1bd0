import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { FenScalar } from '#graphql/scalars.js';
import { commandTo } from '../../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered, type Happened } from '../../../edge/dispatch.js';
import { listMax } from '../../../edge/record-types.js';
import type { DealId, DossierEvent } from '../../events.js';
import { dossierOf } from '../../on-dossier.js';
import { AttributionLine, linesMax } from '../attribution/attribution.resolver.js';
import { rescindDeal } from './rescind-deal.js';

@InputType()
export class RescindDealInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID, { description: '<dossier>.d<number>' })
  @Identifier()
  dealId!: string;
  @Field(() => String, { description: 'Why; read by whoever was credited. / 理由，业绩归属人可见。' })
  @PlainText(1_000, { lines: true })
  grounds!: string;
}

@ObjectType()
export class RescindDealDone extends Done {
  @Field(() => ID) dealId!: string;
  @Field(() => ID) dossierId!: string;
  @listMax(linesMax)
  @Field(() => [AttributionLine], {
    description: 'The mirror of what was credited: both sum to nothing. / 冲回的份额，与原份额之和为零。',
  })
  lines!: AttributionLine[];
  @Field(() => FenScalar, { nullable: true }) commission?: string;
}
const RescindDealResult = resultOf('RescindDeal', RescindDealDone);

const reversedIn = (events: readonly Recorded[], dealId: DealId): Happened<RescindDealDone> => {
  const reversal = (events as unknown as readonly Recorded<DossierEvent>[])
    .map(({ event }) => event)
    .find((event) => event.type === 'AttributionReversed');
  return {
    dealId,
    dossierId: dossierOf(dealId),
    lines: (reversal?.lines ?? []).slice(0, linesMax).map((line) => ({ ...line })),
    ...(reversal?.commission === undefined ? {} : { commission: reversal.commission }),
  };
};

@Resolver()
export class RescindDealResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RescindDealResult, {
    description:
      'Takes a mistaken deal back: it stays in the history, its attribution is reversed, its contract number is free. / 撤销误登的成交：留痕，冲回业绩，释放合同编号。',
  })
  rescindDeal(
    @Args('input') input: RescindDealInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RescindDealDone>> {
    const { programId, grounds } = input;
    const dealId = input.dealId as DealId;
    return this.dispatch.send(
      RescindDealDone,
      caller,
      input,
      (base) => commandTo(rescindDeal, { ...base, programId: programId as ProgramId, dealId, grounds }),
      (events) => reversedIn(events, dealId),
    );
  }
}
