import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { Comparison, Filter } from '#event-sourcing/ports/read-store.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { Answers, ReadOthersPageArguments } from '../../../edge/answers.js';
import { listMax } from '../../../edge/record-types.js';
import { notForYou, programMissing, rolesSeeing } from '../../../edge/sight.js';
import { flags, type Flag } from './flags.js';

@ObjectType('Flag', {
  description: 'One act that was taken although a rule of the policy was not met. / 照常受理但未合制度要求的一次行为。',
})
export class FlagType {
  @Field(() => ID) flagId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度规定的标记。' }) flag!: string;
  @Field(() => ID, { description: 'Whose doing it was. / 行为人。' }) partyId!: string;
  @Field(() => String, { description: "What was done: an operation, or one of the policy's activities. / 行为。" })
  about!: string;
  @Field(() => ID, { nullable: true }) registrationId?: string;
  @Field(() => ID, {
    nullable: true,
    description: 'Of a deal, for whoever judges and audits. / 成交；审核与审计可见。',
  })
  dealId?: string | null;
  @Field(() => ID, { nullable: true, description: 'For whoever judges and audits. / 档案；审核与审计可见。' })
  dossierId?: string | null;
  @Field(() => InstantScalar) flaggedAt!: string;
  @Field(() => Boolean, { description: 'An exemption lifted it. / 已豁免。' }) lifted!: boolean;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
}
const FlagPage = connectionOf(FlagType, 'Flag');
@ObjectType('CountedFlagConnection', {
  description: 'Flags, latest first, and how many there are in all. / 标记及其总数。',
})
export class CountedFlags extends FlagPage {
  @Field(() => Int, { description: 'Of all pages, lifted ones too. / 总数，含已豁免。' }) total!: number;
}

@ArgsType()
export class FlagsArguments extends ReadOthersPageArguments {
  @Field(() => ID, { nullable: true, description: 'Absent: my own, of every program. / 空为本人的全部标记。' })
  @IsOptional()
  @Identifier({ max: 64 })
  programId?: string;
  @Field(() => ID, { nullable: true, description: 'Of this party alone. / 仅此当事方。' })
  @IsOptional()
  @Identifier()
  partyId?: string;
  @Field(() => String, { nullable: true, description: 'Of this name alone; with a program. / 仅此标记，须写明项目。' })
  @IsOptional()
  @Identifier({ max: 64 })
  flag?: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Recorded from then on. / 起（含）。' })
  @IsOptional()
  from?: Instant;
  @Field(() => InstantScalar, { nullable: true, description: 'Recorded before then. / 止（不含）。' })
  @IsOptional()
  until?: Instant;
}

@Resolver()
export class FlagsResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => CountedFlags, {
    nullable: true,
    description:
      "Flags of a program, by name, party and time, for whoever judges and audits there; without a program one's own. / 标记查询。",
  })
  async flags(
    @Args() asked: FlagsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<FlagType> & { readonly total: number }> {
    const programId = asked.programId as ProgramId | undefined;
    if (programId === undefined && asked.flag !== undefined) throw programMissing('flag');
    const rows = await this.answers.of(flags, asked.atPosition);
    const official = programId !== undefined && this.answers.sight('standings', caller, programId) !== 'none';
    const partyId = official ? asked.partyId : caller.party;
    if (!official && (asked.partyId ?? (programId === undefined ? caller.party : undefined)) !== caller.party)
      throw notForYou('flags', rolesSeeing('standings'));
    const where: Filter = {
      ...(programId === undefined ? {} : { programId: { equals: programId } }),
      ...(partyId === undefined ? {} : { partyId: { equals: partyId } }),
      ...(asked.flag === undefined ? {} : { flag: { equals: asked.flag } }),
      ...within(asked),
    };
    const page = await rows.page({
      where,
      order: [{ field: 'flaggedAt', direction: 'descending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const total = await rows.count(where);
    const own = partyId === caller.party;
    if (!own && page.rows.length > 0)
      await this.answers.recordRead(caller, {
        programId: programId!,
        subject: `program:${programId!}`,
        subjects: [...new Set(page.rows.map(({ document }) => document.dossierId))],
        query: 'flags',
        purpose: asked.purpose,
      });
    return { ...toConnection(page, (flag: Flag) => toFlag(flag, official), this.answers.pageToken(page)), total };
  }
}

const within = ({ from, until }: FlagsArguments): Readonly<Record<string, Comparison>> =>
  from === undefined && until === undefined
    ? {}
    : {
        flaggedAt: {
          ...(from === undefined ? {} : { atLeast: from }),
          ...(until === undefined ? {} : { below: until }),
        },
      };

/** A party reads its own act; the file of a customer and a deal are for those whose work it is. */
const toFlag = (flag: Flag, official: boolean): FlagType => ({
  flagId: flag.flagId,
  programId: flag.programId,
  flag: flag.flag,
  partyId: flag.partyId,
  about: flag.about,
  flaggedAt: flag.flaggedAt,
  lifted: flag.lifted,
  because: flag.because.slice(0, becauseMax).map(becauseOf),
  ...(flag.registrationId === undefined ? {} : { registrationId: flag.registrationId }),
  dealId: official ? (flag.dealId ?? null) : null,
  dossierId: official ? flag.dossierId : null,
});
