import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Page } from '#event-sourcing/ports/read-store.js';
import { field, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import { CurrentCaller, rolesShown, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersArguments, ReadOthersPageArguments } from '../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax } from '../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { notForYou, rolesSeeing, sightOf } from '../../edge/sight.js';
import { PartyKindName } from '../enrol-party/enrol-party.resolver.js';
import { isKnownRole, partyKinds, type KnownRole, type PartyKind } from '#policy/roles.js';
import { RoleName } from '../grant-role/grant-role.resolver.js';
import { partyCard, type PartyCard } from './party-card.js';

@ObjectType({ description: 'Of which team, from when to when. / 隶属关系。' })
export class Membership {
  @Field(() => ID) memberOf!: string;
  @Field(() => InstantScalar) from!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive. / 截止（不含）。' }) until?: string;
}
@ObjectType({ description: 'A role with its dates; also one that is over. / 角色及有效期。' })
export class RoleHeld {
  @Field(() => RoleName, { nullable: true, description: 'Absent: one that a policy declares. / 空：制度所设的角色。' })
  role?: KnownRole;
  @Field(() => String, { nullable: true, description: "As the program's policy names it. / 制度所设的角色。" })
  declared?: string;
  @Field(() => ID, { nullable: true, description: 'Absent: in every program. / 空为所有项目。' }) programId?: string;
  @Field(() => InstantScalar) from!: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive. / 截止（不含）。' }) until?: string;
}

const membershipsMax = 20;
const rolesMax = 20;
@ObjectType('Party', { description: 'Somebody who can act: person, team, outlet, distributor… / 当事方。' })
export class PartyType {
  @Field(() => ID) id!: string;
  @Field(() => PartyKindName) kind!: PartyKind;
  @Field(() => String, { nullable: true }) code?: string;
  @Field(() => String, { nullable: true, description: 'Null once erased. / 已删除则为空。' }) name?: string | null;
  @Field(() => InstantScalar) enrolledAt!: string;
  @listMax(membershipsMax)
  @Field(() => [Membership], { description: 'The latest twenty. / 最近二十条。' })
  memberships!: Membership[];
  @listMax(rolesMax) @Field(() => [RoleHeld], { description: 'The latest twenty. / 最近二十条。' }) roles!: RoleHeld[];
  @Field(() => PositionTokenScalar) position!: string;
}
const PartyConnection = connectionOf(PartyType, 'Party');

const toParty = (card: PartyCard, opened: OpenedBox | 'erased', position: string): PartyType => {
  const name = field(opened, 'name');
  return {
    id: card.partyId,
    kind: card.kind,
    enrolledAt: card.enrolledAt,
    name: name !== undefined && 'value' in name ? name.value : null,
    position,
    memberships: card.memberships.slice(-membershipsMax).map((membership) => ({ ...membership })),
    roles: card.roles
      .slice(-rolesMax)
      .map(({ role, ...held }) => ({ ...held, ...(isKnownRole(role) ? { role } : { declared: role }) })),
    ...(card.code === undefined ? {} : { code: card.code }),
  };
};

@ArgsType()
export class PartyArguments extends ReadOthersArguments {
  @Field(() => ID)
  @Identifier()
  id!: string;
}
@ArgsType()
export class PartiesArguments extends ReadOthersPageArguments {
  @Field(() => PartyKindName, { nullable: true })
  @IsOptional()
  @IsIn(partyKinds)
  kind?: PartyKind;
}

@Resolver(() => PartyType)
export class PartyCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => PartyType, {
    nullable: true,
    description: 'Myself; others for whoever works with them, recorded. / 当事方；查阅他人留痕。',
  })
  async party(
    @Args() { id, atPosition, purpose }: PartyArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<PartyType | null> {
    const own = id === caller.party;
    if (!own && !seesOthers(caller)) return null;
    const cards = await this.answers.of(partyCard, atPosition);
    const card = await cards.get(id);
    if (card === undefined) return null;
    if (!own) await this.answers.recordRead(caller, { subject: `party:${id}`, query: 'party', purpose });
    const [opened] = await this.answers.open([card.name]);
    return toParty(card, opened!, await this.answers.seenBy(cards));
  }

  @Query(() => PartyConnection, {
    nullable: true,
    description: 'Who can act, in order of enrolment, for whoever works with them. / 当事方名录。',
  })
  async parties(@Args() asked: PartiesArguments, @CurrentCaller() caller: Caller): Promise<Connection<PartyType>> {
    const cards = await this.answers.of(partyCard, asked.atPosition);
    if (!seesOthers(caller)) throw notForYou('parties', rolesSeeing('parties'));
    const page = await cards.page({
      where: asked.kind === undefined ? {} : { kind: { equals: asked.kind } },
      order: [{ field: 'enrolledAt', direction: 'ascending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const others = page.rows.map(({ document }) => document.partyId).filter((id) => id !== caller.party);
    if (others.length > 0)
      await this.answers.recordRead(caller, {
        subject: 'parties',
        subjects: others.map((id) => `party:${id}`),
        query: 'parties',
        purpose: asked.purpose,
      });
    return this.#show(page);
  }

  async #show(page: Page<PartyCard>): Promise<Connection<PartyType>> {
    const opened = await this.answers.open(page.rows.map(({ document }) => document.name));
    const names = new Map(page.rows.map(({ document }, index) => [document, opened[index]!]));
    const position = this.answers.pageToken(page);
    return toConnection(page, (card: PartyCard) => toParty(card, names.get(card)!, position), position);
  }
}

/** Parties belong to the organisation and to no program: a role in any program opens the list. */
const seesOthers = (caller: Caller): boolean => sightOf('parties', rolesShown(caller)) !== 'none';
