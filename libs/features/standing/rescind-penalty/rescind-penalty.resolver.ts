import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { listMax } from '../../edge/record-types.js';
import type { OffenceId, StandingEvent } from '../events.js';
import { rescindPenalty } from './rescind-penalty.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType()
export class RescindPenaltyInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID)
  @Identifier()
  partyId!: string;
  @Field(() => ID)
  @Identifier()
  offenceId!: string;
  @Field(() => String)
  @PlainText(2_000, { lines: true })
  grounds!: string;
}

const laterMax = 100;
@ObjectType()
export class RescindPenaltyDone extends Done {
  @Field(() => ID) offenceId!: string;
  @Field(() => ID) partyId!: string;
  @listMax(laterMax)
  @Field(() => [ID], {
    description: 'Later offences that were counted from this one; they keep their own rulings. / 以此计次的后续违规。',
  })
  hangingOnIt!: string[];
}
const RescindPenaltyResult = resultOf('RescindPenalty', RescindPenaltyDone);

const laterIn = (events: readonly Recorded[]): string[] =>
  (events as unknown as readonly Recorded<StandingEvent>[])
    .flatMap(({ event }) => (event.type === 'PenaltyRescinded' ? event.hangingOnIt : []))
    .slice(0, laterMax);

@Resolver()
export class RescindPenaltyResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RescindPenaltyResult, {
    description: 'Takes back a finding and its penalties. / 撤销违规认定及处罚。',
  })
  rescindPenalty(
    @Args('input') input: RescindPenaltyInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RescindPenaltyDone>> {
    const { programId, partyId, offenceId, grounds } = input;
    return this.dispatch.send(
      RescindPenaltyDone,
      caller,
      input,
      (base) =>
        commandTo(rescindPenalty, {
          ...base,
          programId: programId as ProgramId,
          partyId: partyId as PartyId,
          offenceId: offenceId as OffenceId,
          grounds,
        }),
      (events) => ({ offenceId, partyId, hangingOnIt: laterIn(events) }),
    );
  }
}
