import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { BilingualText } from '#graphql/bilingual-text.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier } from '#graphql/input-limits.js';
import { PositionTokenScalar } from '#graphql/scalars.js';
import { policyDifference } from '#policy/difference.js';
import { Outlook } from '../publish-policy/outlook.resolver.js';
import { Answers, ReadArguments } from '../../edge/answers.js';
import { listMax } from '../../edge/record-types.js';
import { policyOf, publishedCitedAt } from '../facts.js';
import { programCard } from './program-card.js';
import { PolicyVersion, versionOf } from './program-card.resolver.js';

const changesMax = 100;

@ObjectType({ description: 'One item that a later version says otherwise. / 新版本的一处改动。' })
export class PolicyChange {
  @Field(() => String, { description: 'Its clause and name: `protection.walkIn`. / 条款位置。' }) item!: string;
  @Field(() => String, { description: '`added`, `removed` or `changed`.' }) change!: string;
  @Field(() => String, {
    description: '`filing`: what was filed before keeps its own; `event`: for whatever happens from the date on.',
  })
  binds!: string;
  @listMax(10)
  @Field(() => [String], { description: 'Rules of the paper, at most ten. / 原文条款。' })
  rules!: string[];
  @Field(() => BilingualText, { description: 'As a notice can carry it. / 可作通知的文字。' }) text!: BilingualText;
}
@ObjectType('PolicyDifference', { description: 'What a later version of a policy changes. / 两个版本的差异。' })
export class PolicyDifferenceType {
  @Field(() => PolicyVersion) before!: PolicyVersion;
  @Field(() => PolicyVersion) after!: PolicyVersion;
  @listMax(changesMax)
  @Field(() => [PolicyChange], { description: 'The first hundred, in the order of the clauses. / 最多一百处。' })
  changes!: PolicyChange[];
  @Field(() => Int, { description: 'All of them. / 改动总数。' }) total!: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'Claims of the program that are not over; null for whoever may not count them. / 本项目尚未结束的报备数。',
  })
  liveRegistrations?: number;
  @Field(() => PositionTokenScalar) position!: string;
}

@ArgsType()
export class PolicyDifferenceArguments extends ReadArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String, { description: 'The version before. / 原版本。' })
  @Identifier({ max: 64 })
  before!: string;
  @Field(() => String, { nullable: true, description: 'Absent: the one in force. / 缺省为现行版本。' })
  @IsOptional()
  @Identifier({ max: 64 })
  after?: string;
}
const counters: readonly string[] = ['policyOwner', 'administrator', 'auditor'];

@Resolver(() => PolicyDifferenceType)
export class PolicyDifferenceResolver {
  constructor(
    private readonly answers: Answers,
    private readonly outlook: Outlook,
  ) {}

  /** Rules concern everybody, so whoever may read the policy may read what changes; how many claims it meets is the owner's. */
  @Query(() => PolicyDifferenceType, {
    nullable: true,
    description: 'What one version of a policy says otherwise than another, as the text of a notice. / 制度版本对照。',
  })
  async policyDifference(
    @Args() { programId, before, after, atPosition }: PolicyDifferenceArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<PolicyDifferenceType | null> {
    const cards = await this.answers.of(programCard, atPosition);
    const roles = this.answers.rolesIn(caller, programId as ProgramId);
    const card = roles.length === 0 ? undefined : await cards.get(programId);
    const was = card?.policies.findLast(({ version }) => version === before);
    const is =
      after === undefined
        ? card === undefined
          ? undefined
          : publishedCitedAt(card, this.answers.now())
        : card?.policies.findLast(({ version }) => version === after);
    if (was === undefined || is === undefined) return null;
    const changes = policyDifference(policyOf(was), policyOf(is));
    const counted = roles.some((role) => counters.includes(role));
    return {
      before: versionOf(was),
      after: versionOf(is),
      changes: changes
        .slice(0, changesMax)
        .map(({ label, change, binds, rules, text }) => ({
          item: label,
          change,
          binds,
          rules: rules.slice(0, 10),
          text,
        })),
      total: changes.length,
      ...(counted ? { liveRegistrations: await this.outlook.liveRegistrations(programId as ProgramId) } : {}),
      position: await this.answers.seenBy(cards),
    };
  }
}
