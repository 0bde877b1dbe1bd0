import { Args, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers } from '../../../edge/answers.js';
import { DossierAccess } from '../../../edge/dossier-access.js';
import { listMax } from '../../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { ProtectionArguments } from '../protection-status/protection-status.resolver.js';
import { lineOf, ownership } from './ownership.js';

@ObjectType({ description: 'From when until when somebody held the subject, and by which ruling. / 一段持有。' })
export class OwnershipSpan {
  @Field(() => ID) owner!: string;
  @Field(() => ID) registrationId!: string;
  @Field(() => String, { nullable: true, description: 'A kind of claims that stands beside the others. / 报备种类。' })
  kind?: string;
  @Field(() => InstantScalar) from!: string;
  @Field(() => InstantScalar, {
    description: 'Exclusive; of an open one when its clock would run out. / 截止（不含）。',
  })
  until!: string;
  @Field(() => Boolean, { description: 'Nobody has ended it yet. / 尚未结束。' }) open!: boolean;
  @Field(() => Boolean, { description: 'Its clock stands still. / 暂停计时。' }) suspended!: boolean;
  @Field(() => ID, { description: 'Event id of the ruling it rests on. / 依据的裁定事件。' }) basis!: string;
  @Field(() => String) basisType!: string;
  @Field(() => ID, {
    nullable: true,
    description:
      'Event id of the ruling that found the registration void: it excluded others then, and never owned. / 认定报备自始无效的裁定。',
  })
  voidBy?: string;
}

const spansMax = 100;
@ObjectType('Ownership', {
  description:
    'The line of owners of one subject, oldest first. A party sees its own spans. / 归属沿革；当事方只见自己的。',
})
export class OwnershipType {
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @listMax(spansMax)
  @Field(() => [OwnershipSpan], { description: 'The latest hundred. / 最近一百段。' })
  intervals!: OwnershipSpan[];
  @Field(() => PositionTokenScalar) position!: string;
}

@Resolver()
export class OwnershipResolver {
  constructor(
    private readonly answers: Answers,
    private readonly dossiers: DossierAccess,
  ) {}

  @Query(() => OwnershipType, {
    nullable: true,
    description: 'Who held a subject from when until when. / 某档案的归属沿革。',
  })
  async ownership(
    @Args() { dossierId, kind, atPosition, purpose }: ProtectionArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<OwnershipType | null> {
    const view = await this.dossiers.of(caller, dossierId, atPosition);
    if (view === undefined) return null;
    const lines = await this.answers.of(ownership, atPosition);
    const found = await lines.getMany(view.dossiers);
    const intervals = lineOf(view.dossiers.flatMap((id) => found.get(id) ?? []))
      .filter((interval) => kind === undefined || interval.kind === kind)
      .filter(({ owner }) => view.as === 'official' || owner === caller.party);
    if (found.size === 0 || (view.as === 'party' && intervals.length === 0)) return null;
    if (view.as === 'official' && view.ofOthers)
      await this.answers.recordRead(caller, {
        programId: view.programId,
        subject: dossierId,
        query: 'ownership',
        purpose,
      });
    return {
      dossierId,
      programId: view.programId,
      intervals: intervals.slice(-spansMax).map((interval) => ({ ...interval })),
      position: await this.answers.seenBy(lines),
    };
  }
}
