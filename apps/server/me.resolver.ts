import { Extensions, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { Instant } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { InstantScalar } from '#graphql/scalars.js';

@ObjectType('HeldRole', {
  description: 'A role, in one program or in all of them. / 角色；未写明项目则对所有项目有效。',
})
export class HeldRoleType {
  @Field(() => String) role!: string;
  @Field(() => ID, { nullable: true, description: 'Absent: in every program. / 空：所有项目。' }) program?: string;
}

@ObjectType({ description: 'Who is asking. / 当前使用者。' })
export class Me {
  @Field(() => ID, { description: 'The party on whose behalf everything is done. / 当事方。' }) party!: string;
  @Field(() => String, { description: 'The login. / 登录账号。' }) user!: string;
  @Extensions({ listMax: 50 })
  @Field(() => [HeldRoleType])
  roles!: HeldRoleType[];
  @Field(() => InstantScalar, { description: 'When the access token ends. / 访问令牌到期时刻。' }) expiresAt!: Instant;
}

@Resolver(() => Me)
export class MeResolver {
  @Query(() => Me, {
    description: 'Who the server takes you for, and which roles you hold now. / 服务器认定的身份及当前角色。',
  })
  me(@CurrentCaller() caller: Caller): Me {
    return {
      party: caller.party,
      user: caller.user.subject,
      roles: caller.roles.slice(0, 50).map(({ role, program }) => ({ role, program })),
      expiresAt: caller.expiresAt,
    };
  }
}
