import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, type Answered } from '../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { PartyDone } from '../enrol-party/enrol-party.resolver.js';
import { knownRoles, type KnownRole } from '#policy/roles.js';
import { RoleName, roleNamed } from '../grant-role/grant-role.resolver.js';
import { revokeRole } from './revoke-role.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType()
export class RevokeRoleInput extends CommandInput {
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
  @Field(() => ID, { nullable: true, description: 'As it was granted: absent for every program. / 与授予时一致。' })
  @IsOptional()
  @Identifier({ max: 64 })
  programId?: string;
}

@ObjectType()
export class RevokeRoleDone extends PartyDone {}
const RevokeRoleResult = resultOf('RevokeRole', RevokeRoleDone);

@Resolver()
export class RevokeRoleResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RevokeRoleResult, {
    description: 'Takes a role away from now on; what was done with it stays done. / 撤销角色。',
  })
  revokeRole(
    @Args('input') input: RevokeRoleInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RevokeRoleDone>> {
    const { partyId, programId } = input;
    return this.dispatch.send(
      RevokeRoleDone,
      caller,
      input,
      (base) =>
        commandTo(revokeRole, {
          ...base,
          partyId: partyId as PartyId,
          role: roleNamed(input),
          ...(programId === undefined ? {} : { programId: programId as ProgramId }),
        }),
      () => ({ partyId }),
    );
  }
}
