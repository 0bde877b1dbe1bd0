import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadArguments, ReadPageArguments } from '../../edge/answers.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax } from '../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { policyOf, publishedCitedAt } from '../facts.js';
import { notForYou } from '../../edge/sight.js';
import { knownRoles } from '#policy/roles.js';
import { programCard, type ProgramCard } from './program-card.js';

@ObjectType({ description: 'A version of the policy, as it was published. / 制度版本。' })
export class PolicyVersion {
  @Field(() => String) version!: string;
  @Field(() => String, { description: 'SHA-256 of the text. / 全文哈希。' }) digest!: string;
  @Field(() => InstantScalar) effectiveFrom!: string;
  @Field(() => InstantScalar) publishedAt!: string;
  @Field(() => String, { description: 'The office that agreed to it. / 批准机构。' }) authority!: string;
}
@ObjectType({ description: 'One class of filing, as the policy in force has it. / 报备类别。' })
export class FilingClass {
  @Field(() => String) name!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => Boolean, { description: 'False: nobody files in it, an upgrade leads to it. / 否：只能由升级产生。' })
  filed!: boolean;
}

const versionsMax = 60;
const classesMax = 40;
@ObjectType('Program', { description: 'The scope in which registrations compete. / 报备项目。' })
export class ProgramType {
  @Field(() => ID) id!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => InstantScalar) openedAt!: string;
  @Field(() => PolicyVersion, {
    nullable: true,
    description: 'Null before the first one holds. / 尚无生效制度则为空。',
  })
  policyInForce?: PolicyVersion;
  @listMax(versionsMax)
  @Field(() => [PolicyVersion], { description: 'The latest sixty. / 最近六十个版本。' })
  policyVersions!: PolicyVersion[];
  @listMax(classesMax)
  @Field(() => [FilingClass], { description: 'Of the policy in force. / 现行制度的类别。' })
  classes!: FilingClass[];
  @Field(() => PositionTokenScalar) position!: string;
}
const ProgramConnection = connectionOf(ProgramType, 'Program');

@ObjectType('Policy', { description: 'The text that every ruling of its time cites. / 制度全文。' })
export class PolicyType extends PolicyVersion {
  @Field(() => ID) programId!: string;
  @Field(() => String, { description: 'policy@version#digest' }) reference!: string;
  @Field(() => BilingualText) title!: BilingualText;
  @Field(() => String, { description: 'As it was published, byte for byte. / 发布原文。' }) text!: string;
  @Field(() => PositionTokenScalar) position!: string;
}

export const versionOf = ({
  version,
  digest,
  effectiveFrom,
  publishedAt,
  authority,
}: ProgramCard['policies'][number]): PolicyVersion => ({ version, digest, effectiveFrom, publishedAt, authority });
/** The published version in force at an instant, with the authority that agreed to it. */
const inForceAt = (card: ProgramCard, at: Instant): ProgramCard['policies'][number] | undefined =>
  publishedCitedAt(card, at);

const toProgram = (card: ProgramCard, now: Instant, position: string): ProgramType => {
  const inForce = inForceAt(card, now);
  const classes = inForce === undefined ? [] : policyOf(inForce).document.classes;
  return {
    id: card.programId,
    title: { ...card.title },
    openedAt: card.openedAt,
    position,
    policyVersions: card.policies.slice(-versionsMax).map(versionOf),
    classes: classes.map(({ name, title, filed }) => ({ name, title: { ...title }, filed })),
    ...(inForce === undefined ? {} : { policyInForce: versionOf(inForce) }),
  };
};

@ArgsType()
export class ProgramArguments extends ReadArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  id!: string;
}
@ArgsType()
export class PolicyArguments extends ReadArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String, { nullable: true, description: 'This version; absent: the one in force. / 指定版本。' })
  @IsOptional()
  @Identifier({ max: 64 })
  version?: string;
  @Field(() => InstantScalar, { nullable: true, description: 'In force then; absent: now. / 指定时刻生效的版本。' })
  @IsOptional()
  at?: string;
}

/** Rules concern everybody and name nobody: whoever has a role in a program, a plain party too, may read them. */
@Resolver(() => ProgramType)
export class ProgramCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => ProgramConnection, {
    nullable: true,
    description: 'The programs of this organisation. / 全部报备项目。',
  })
  async programs(
    @Args() { first, after, atPosition }: ReadPageArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<ProgramType>> {
    const cards = await this.answers.of(programCard, atPosition);
    if (caller.roles.length === 0) throw notForYou('programs', knownRoles);
    const page = await cards.page({
      where: {},
      order: [{ field: 'openedAt', direction: 'ascending' }],
      first,
      ...(after === undefined ? {} : { after }),
    });
    const position = this.answers.pageToken(page);
    return toConnection(page, (card: ProgramCard) => toProgram(card, this.answers.now(), position), position);
  }

  @Query(() => ProgramType, {
    nullable: true,
    description: 'One program with the versions of its policy. / 报备项目。',
  })
  async program(
    @Args() { id, atPosition }: ProgramArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<ProgramType | null> {
    const cards = await this.answers.of(programCard, atPosition);
    const card = await this.#card(cards, id, caller);
    return card === undefined ? null : toProgram(card, this.answers.now(), await this.answers.seenBy(cards));
  }

  @Query(() => PolicyType, {
    nullable: true,
    description: 'The policy that was in force then, or one version of it, as it was published. / 当时生效的制度全文。',
  })
  async policy(
    @Args() { programId, version, at, atPosition }: PolicyArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<PolicyType | null> {
    const cards = await this.answers.of(programCard, atPosition);
    const card = await this.#card(cards, programId, caller);
    if (card === undefined) return null;
    const published =
      version === undefined
        ? inForceAt(card, (at ?? this.answers.now()) as Instant)
        : card.policies.findLast((one) => one.version === version);
    if (published === undefined) return null;
    const { reference, title } = policyOf(published);
    return {
      ...versionOf(published),
      programId,
      reference,
      title: { ...title },
      text: published.text,
      position: await this.answers.seenBy(cards),
    };
  }

  async #card(
    cards: Awaited<ReturnType<typeof this.answers.of<ProgramCard>>>,
    id: string,
    caller: Caller,
  ): Promise<ProgramCard | undefined> {
    return this.answers.rolesIn(caller, id as ProgramId).length === 0 ? undefined : cards.get(id);
  }
}
