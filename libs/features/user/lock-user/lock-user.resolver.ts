import { Args, Field, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { User } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../edge/command-bus.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { lockUser } from './lock-user.js';

@InputType({ isAbstract: true })
export abstract class UserCommandInput extends CommandInput {
  @Field(() => String, {
    nullable: true,
    description: '`iss` of its tokens; absent: that of the caller. / 令牌中的 iss；空则与操作者相同。',
  })
  @IsOptional()
  @PlainText(512)
  issuer?: string;
  @Field(() => String, { description: '`sub` of its tokens. / 令牌中的 sub。' })
  @PlainText(128)
  subject!: string;
  @Field(() => String, { description: 'Why; sealed, for administrators and auditors. / 原因。' })
  @PlainText(2_000, { lines: true })
  reason!: string;

  static loginIn({ issuer, subject }: UserCommandInput, caller: Caller): User {
    return { issuer: issuer ?? caller.user.issuer, subject };
  }
}
@InputType()
export class LockUserInput extends UserCommandInput {}

/** What a command about one login came to. */
@ObjectType({ isAbstract: true })
export abstract class UserDone extends Done {
  @Field(() => String) issuer!: string;
  @Field(() => String) subject!: string;
}
@ObjectType()
export class LockUserDone extends UserDone {}
const LockUserResult = resultOf('LockUser', LockUserDone);

@Resolver()
export class LockUserResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => LockUserResult, {
    description:
      "Refuses one login everything from now on; its party's other logins go on. A login need not have acted yet: look at the spelling. / 锁定一个登录账号，同一当事方的其他账号不受影响。",
  })
  lockUser(@Args('input') input: LockUserInput, @CurrentCaller() caller: Caller): Promise<Answered<LockUserDone>> {
    const login = UserCommandInput.loginIn(input, caller);
    return this.dispatch.send(
      LockUserDone,
      caller,
      input,
      (base) => commandTo(lockUser, { ...base, login, reason: input.reason }),
      () => ({ ...login }),
    );
  }
}
