import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersArguments } from '../../../edge/answers.js';
import { DossierAccess } from '../../../edge/dossier-access.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax, ProtectionPeriod, sharesMax, sharesOf, ShareType } from '../../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import type { DossierId } from '../../events.js';
import { protectionStatus, type ProtectionStatus } from './protection-status.js';

@ObjectType('Protection', {
  description: 'Who holds one subject now, and until when: the countdown that is enforced. / 现行保护。',
})
export class ProtectionType {
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => Boolean, { description: 'Whether others are excluded at this moment. / 此刻是否受保护。' })
  live!: boolean;
  @Field(() => ID, { nullable: true }) registrationId?: string;
  @Field(() => ID, { nullable: true }) owner?: string;
  @Field(() => String, { nullable: true }) class?: string;
  @Field(() => ProtectionPeriod, { nullable: true }) period?: ProtectionPeriod;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'The clock stands still since then. / 自此时起暂停计时。',
  })
  suspendedSince?: string;
  @listMax(sharesMax) @Field(() => [ShareType]) shares!: ShareType[];
  @Field(() => ID, {
    nullable: true,
    description: 'This dossier was found to be the same subject as that one. / 已并入的档案。',
  })
  mergedInto?: string;
  @Field(() => String, { nullable: true, description: 'policy@version#digest' }) policy?: string;
  @Field(() => InstantScalar, { description: 'The moment for which it was computed. / 计算时刻。' }) now!: string;
  @Field(() => PositionTokenScalar) position!: string;
}

@ArgsType()
export class ProtectionArguments extends ReadOthersArguments {
  @Field(() => ID)
  @Identifier()
  dossierId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of claims that the policy gives a kind of their own. / 制度另分种类的报备。',
  })
  @Identifier()
  @IsOptional()
  kind?: string;
}

@Resolver()
export class ProtectionStatusResolver {
  constructor(
    private readonly answers: Answers,
    private readonly dossiers: DossierAccess,
  ) {}

  @Query(() => ProtectionType, {
    nullable: true,
    description:
      "For the holder, and for whoever's work it is. Whether a customer is free is asked with `availability`. / 持有人及职责人员可见；查询可否报备请用 availability。",
  })
  async protection(
    @Args() { dossierId, kind, atPosition, purpose }: ProtectionArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<ProtectionType | null> {
    const view = await this.dossiers.of(caller, dossierId, atPosition);
    if (view === undefined) return null;
    const statuses = await this.answers.of(protectionStatus, atPosition);
    const [today] = view.dossiers;
    const status = ofKind(await statuses.get(today), kind);
    // To a party whose claim is not the one that holds, the dossier is as silent as one that does not exist.
    if (status === undefined || (view.as === 'party' && !view.own.registrations.has(String(status.registrationId))))
      return null;
    if (view.as === 'official' && view.ofOthers)
      await this.answers.recordRead(caller, {
        programId: view.programId,
        subject: dossierId,
        query: 'protection',
        purpose,
      });
    const shares = status.shares?.filter(({ partyId }) => view.as === 'official' || partyId === caller.party);
    const merged = today === dossierId ? {} : { mergedInto: today as DossierId };
    return toProtection(
      { ...status, dossierId: dossierId as DossierId, ...merged, shares },
      this.answers.now(),
      await this.answers.seenBy(statuses),
    );
  }
}

/** Of a kind of their own claims stand beside the dossier's protection. */
const ofKind = (row: ProtectionStatus | undefined, kind: string | undefined): ProtectionStatus | undefined => {
  if (row === undefined || kind === undefined) return row;
  const { dossierId, programId, mergedInto } = row;
  const held = row.beside?.find((each) => each.kind === kind && each.claims === undefined);
  return { dossierId, programId, mergedInto, ...held };
};

const toProtection = (status: ProtectionStatus, now: string, position: string): ProtectionType => {
  const { startsAt, endsAt, lastDay } = status;
  const period =
    startsAt === undefined || endsAt === undefined || lastDay === undefined ? undefined : { startsAt, endsAt, lastDay };
  return {
    dossierId: status.dossierId,
    programId: status.programId,
    now,
    position,
    shares: sharesOf(status.shares),
    live: period !== undefined && (status.suspendedSince !== undefined || now < period.endsAt),
    ...(status.registrationId === undefined ? {} : { registrationId: status.registrationId }),
    ...(status.owner === undefined ? {} : { owner: status.owner }),
    ...(status.class === undefined ? {} : { class: status.class }),
    ...(period === undefined ? {} : { period }),
    ...(status.suspendedSince === undefined ? {} : { suspendedSince: status.suspendedSince }),
    ...(status.mergedInto === undefined ? {} : { mergedInto: status.mergedInto }),
    ...(status.policy === undefined ? {} : { policy: status.policy }),
  };
};
