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
import { rejoin } from './rejoin.js';

@InputType()
export class RejoinInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => ID)
  @Identifier()
  dossierId!: string;
  @Field(() => ID, {
    description: 'The dossier that was ruled to be about another customer. / 曾被认定为另一客户的档案。',
  })
  @Identifier()
  otherId!: string;
  @Field(() => String, { description: 'Read by those who judge and audit, by no party. / 仅裁决与审计人员可见。' })
  @PlainText(5_000, { lines: true })
  grounds!: string;
}

const casesMax = 2;
@ObjectType()
export class RejoinDone extends Done {
  @Field(() => ID) dossierId!: string;
  @Field(() => ID, { nullable: true, description: 'The one that goes on, where they are one now. / 合并后的档案。' })
  mergedInto?: string;
  @listMax(casesMax)
  @Field(() => [ID], {
    description: 'Where somebody would lose a claim by it: the cases in which it is asked. / 须裁决时：已开立的争议。',
  })
  cases!: string[];
}
const RejoinResult = resultOf('Rejoin', RejoinDone);

const joinedIn = (events: readonly Recorded[], dossierId: string): Happened<RejoinDone> => {
  const happened = (events as unknown as readonly Recorded<DossierEvent>[]).map(({ event }) => event);
  const merged = happened.find((event) => event.type === 'DossierMerged');
  return {
    dossierId,
    cases: happened.flatMap((event) => (event.type === 'ConflictRaised' ? [event.caseId] : [])),
    ...(merged === undefined ? {} : { mergedInto: merged.into }),
  };
};

@Resolver()
export class RejoinResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RejoinResult, {
    description:
      'Takes back that two dossiers are about two customers: they are one where nobody loses by it, otherwise the arbiter is asked anew. / 撤销“并非同一客户”的认定。',
  })
  rejoin(@Args('input') input: RejoinInput, @CurrentCaller() caller: Caller): Promise<Answered<RejoinDone>> {
    const { programId, dossierId, otherId, grounds } = input;
    return this.dispatch.send(
      RejoinDone,
      caller,
      input,
      (base) =>
        commandTo(rejoin, {
          ...base,
          programId: programId as ProgramId,
          dossierId: dossierId as DossierId,
          otherId: otherId as DossierId,
          grounds,
        }),
      (events) => joinedIn(events, dossierId),
    );
  }
}
