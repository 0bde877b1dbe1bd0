import { Args, Field, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Instant, PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, type Answered } from '../../edge/dispatch.js';
import { EdgeError, type FieldProblem } from '#graphql/errors.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf, upperSnake } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { PartyDone } from '../enrol-party/enrol-party.resolver.js';
import { knownRoles, type DeclaredRole, type KnownRole, type Role } from '#policy/roles.js';
import { grantRole } from './grant-role.js';
import { commandTo } from '../../edge/command-bus.js';

export const RoleName = Object.fromEntries(knownRoles.map((role) => [upperSnake(role), role])) as Readonly<
  Record<string, KnownRole>
>;
registerEnumType(RoleName, { name: 'Role', description: 'What somebody may do, in one program or in all. / 角色。' });

@InputType()
export class GrantRoleInput extends CommandInput {
  @Field(() => ID)
  @Identifier()
  partyId!: string;
  @Field(() => RoleName, { nullable: true, description: 'This, or `declared`. / 二者择一。' })
  @IsOptional()
  @IsIn(knownRoles)
  role?: KnownRole;
  @Field(() => ID, {
    nullable: true,
    description: 'A role that the policy of `programId` declares, instead of `role`. / 制度所设的角色。',
  })
  @IsOptional()
  @Identifier({ max: 64 })
  declared?: string;
  @Field(() => ID, { nullable: true, description: 'Absent: in every program. / 空为所有项目。' })
  @IsOptional()
  @Identifier({ max: 64 })
  programId?: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Absent: from now on. / 空为即刻。' })
  @IsOptional()
  from?: string;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive. / 截止（不含）。' })
  @IsOptional()
  until?: string;
}

const oneRole: FieldProblem = {
  path: 'input.role',
  message: { zh: '请在 role 与 declared 中填写其一。', en: 'Name one role: `role`, or `declared`.' },
};
/** The one role that was named; both or none is a mistake of the query. */
export const roleNamed = ({ role, declared }: Pick<GrantRoleInput, 'role' | 'declared'>): Role => {
  if ((role === undefined) === (declared === undefined)) throw new EdgeError('BAD_INPUT', { fields: [oneRole] });
  return role ?? (declared as DeclaredRole);
};

@ObjectType()
export class GrantRoleDone extends PartyDone {}
const GrantRoleResult = resultOf('GrantRole', GrantRoleDone);

@Resolver()
export class GrantRoleResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => GrantRoleResult, { description: 'Gives a role, in one program or in all. / 授予角色。' })
  grantRole(@Args('input') input: GrantRoleInput, @CurrentCaller() caller: Caller): Promise<Answered<GrantRoleDone>> {
    const { partyId, programId, from, until } = input;
    return this.dispatch.send(
      GrantRoleDone,
      caller,
      input,
      (base) =>
        commandTo(grantRole, {
          ...base,
          partyId: partyId as PartyId,
          role: roleNamed(input),
          from: (from ?? base.receivedAt) as Instant,
          ...(programId === undefined ? {} : { programId: programId as ProgramId }),
          ...(until === undefined ? {} : { until: until as Instant }),
        }),
      () => ({ partyId }),
    );
  }
}
