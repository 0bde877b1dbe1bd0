import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { CalendarDateScalar, InstantScalar } from '#graphql/scalars.js';
import { Answers, ReadPageArguments } from '../../edge/answers.js';
import { listMax } from '../../edge/record-types.js';
import { noticeCard, type NoticeCard } from './notice-card.js';

const textsMax = 20;
@ObjectType('Notice', { description: 'What I was to be told of a ruling. / 一条通知。' })
export class NoticeType {
  @Field(() => ID) id!: string;
  @Field(() => ID) programId!: string;
  @Field(() => ID, { description: 'My claim that it is about. / 所涉本人的报备。' }) registrationId!: string;
  @Field(() => String, { description: 'The event that it tells of, such as Approved. / 所通知的事项。' })
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

/** A notice is for whom it names and for nobody else: no role reads another's. */
@Resolver()
export class NoticeCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => NoticeConnection, {
    nullable: true,
    description: 'What I was to be told, latest first. / 发给我的通知，最近在前。',
  })
  async notices(
    @Args() { programId, first, after, atPosition }: NoticesArguments,
    @CurrentCaller() { party }: Caller,
  ): Promise<Connection<NoticeType>> {
    const cards = await this.answers.of(noticeCard, atPosition);
    const page = await cards.page({
      where: { to: { equals: party }, ...(programId === undefined ? {} : { programId: { equals: programId } }) },
      order: [{ field: 'issuedAt', direction: 'descending' }],
      first,
      ...(after === undefined ? {} : { after }),
    });
    return toConnection(page, toNotice, this.answers.pageToken(page));
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
  ...(card.lastDay === undefined ? {} : { lastDay: card.lastDay }),
});
