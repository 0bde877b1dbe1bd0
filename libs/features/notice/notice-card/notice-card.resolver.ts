import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { CalendarDateScalar, InstantScalar } from '#graphql/scalars.js';
import { Answers, ReadPageArguments } from '../../edge/answers.js';
import { listMax } from '../../edge/record-types.js';
import { programCard } from '../../program/program-card/program-card.js';
import { noticeCard, officeOf, type NoticeCard } from './notice-card.js';

const textsMax = 20;
/** More offices than anybody holds; of the latest programs. */
const officesMax = 900;
const programsMax = 100;
@ObjectType('Notice', { description: 'What I was to be told, myself or by a role that I hold. / 一条通知。' })
export class NoticeType {
  @Field(() => ID) id!: string;
  @Field(() => ID) programId!: string;
  @Field(() => ID, {
    description: 'The claim that it is about: mine, or of an office’s notice the one it happened to. / 所涉报备。',
  })
  registrationId!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The role that is told, which I hold in the program; absent: I am told myself. / 所通知的角色；空为本人。',
  })
  toRole?: string;
  @Field(() => String, {
    description: 'The event that it tells of, such as Approved, or the name of an activity. / 所通知的事项。',
  })
  about!: string;
  @listMax(textsMax)
  @Field(() => [String], {
    description: 'What it says, in the words of the policy: `lastDay`, `grounds`. / 通知内容。',
  })
  says!: readonly string[];
  @listMax(textsMax)
  @Field(() => [String], { description: 'By which channels. / 渠道。' })
  channels!: readonly string[];
  @Field(() => CalendarDateScalar, {
    nullable: true,
    description: 'The last protected day; never told to a rival. / 保护期最后一日；不告知竞争方。',
  })
  lastDay?: string;
  @Field(() => InstantScalar) issuedAt!: string;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
}
const NoticeConnection = connectionOf(NoticeType, 'Notice');

@ArgsType()
export class NoticesArguments extends ReadPageArguments {
  @Field(() => ID, { nullable: true, description: 'Of this program alone; absent: of all. / 仅此项目；空为全部。' })
  @IsOptional()
  @Identifier({ max: 64 })
  programId?: string;
}

/** A notice is for whom it names, or for whoever holds the role that it names, and for nobody else. */
@Resolver()
export class NoticeCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => NoticeConnection, {
    nullable: true,
    description: 'What I was to be told, myself or by my roles, latest first. / 发给我或我所任角色的通知，最近在前。',
  })
  async notices(
    @Args() { programId, first, after, atPosition }: NoticesArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<NoticeType>> {
    const cards = await this.answers.of(noticeCard, atPosition);
    const page = await cards.page({
      where: {
        to: { in: await this.#addressees(caller, programId) },
        ...(programId === undefined ? {} : { programId: { equals: programId } }),
      },
      order: [{ field: 'issuedAt', direction: 'descending' }],
      first,
      ...(after === undefined ? {} : { after }),
    });
    return toConnection(page, toNotice, this.answers.pageToken(page));
  }

  /** Oneself, and one's offices: a role that is held everywhere is an office of every program. */
  async #addressees(caller: Caller, programId: string | undefined): Promise<readonly string[]> {
    const programs = programId === undefined ? await this.#programs(caller) : [programId];
    const offices = programs.flatMap((program) =>
      this.answers
        .rolesIn(caller, program as ProgramId)
        .filter((role) => role !== 'party')
        .map((role) => officeOf(program as ProgramId, role)),
    );
    return [caller.party, ...offices.slice(0, officesMax)];
  }

  async #programs({ roles }: Caller): Promise<readonly string[]> {
    const limited = roles.flatMap(({ program }) => program ?? []);
    if (roles.every(({ role, program }) => role === 'party' || program !== undefined)) return [...new Set(limited)];
    const { rows } = await (
      await this.answers.of(programCard)
    ).page({ where: {}, order: [{ field: 'openedAt', direction: 'descending' }], first: programsMax });
    return [...new Set([...limited, ...rows.map(({ id }) => id)])];
  }
}

const toNotice = (card: NoticeCard): NoticeType => ({
  id: card.noticeId,
  programId: card.programId,
  registrationId: card.registrationId,
  about: card.aboutType,
  says: card.says.slice(0, textsMax),
  channels: card.channels.slice(0, textsMax),
  issuedAt: card.issuedAt,
  because: card.because.slice(0, becauseMax).map(becauseOf),
  ...(card.toRole === undefined ? {} : { toRole: card.toRole }),
  ...(card.lastDay === undefined ? {} : { lastDay: card.lastDay }),
});
