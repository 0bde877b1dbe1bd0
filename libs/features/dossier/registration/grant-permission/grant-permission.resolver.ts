import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import type { Recorded } from '#event-sourcing/event.js';
import type { PartyId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, type Answered } from '../../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { dossierIn, OnSubjectInput, SubjectDone, subjectOf } from '../../../edge/subject-command.js';
import type { DossierEvent } from '../../events.js';
import { grantPermission } from './grant-permission.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class GrantPermissionInput extends OnSubjectInput {
  @Field(() => ID, { description: 'Who may file. / 获许可的当事方。' })
  @Identifier()
  partyId!: string;
}

@ObjectType()
export class GrantPermissionDone extends SubjectDone {
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive. / 失效时刻（不含）。' }) until?: string;
}
const GrantPermissionResult = resultOf('GrantPermission', GrantPermissionDone);

const untilIn = (events: readonly Recorded[]): { until?: string } =>
  (events as unknown as readonly Recorded<DossierEvent>[]).flatMap(({ event }) =>
    event.type === 'PermissionGranted' && event.until !== undefined ? [{ until: event.until }] : [],
  )[0] ?? {};

@Resolver()
export class GrantPermissionResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => GrantPermissionResult, {
    description: 'The desk has looked at the old filings and lets this party file. / 核对后许可报备。',
  })
  grantPermission(
    @Args('input') input: GrantPermissionInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<GrantPermissionDone>> {
    return this.dispatch.send(
      GrantPermissionDone,
      caller,
      input,
      (base) => commandTo(grantPermission, { ...base, ...subjectOf(input), partyId: input.partyId as PartyId }),
      (events) => ({ dossierId: dossierIn(events), ...untilIn(events) }),
    );
  }
}
