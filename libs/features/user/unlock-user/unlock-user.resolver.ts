import { Args, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../edge/command-bus.js';
import { Dispatch, type Answered } from '../../edge/dispatch.js';
import { UserCommandInput, UserDone } from '../lock-user/lock-user.resolver.js';
import { unlockUser } from './unlock-user.js';

@InputType()
export class UnlockUserInput extends UserCommandInput {}
@ObjectType()
export class UnlockUserDone extends UserDone {}
const UnlockUserResult = resultOf('UnlockUser', UnlockUserDone);

@Resolver()
export class UnlockUserResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => UnlockUserResult, { description: 'Lets a locked login in again. / 解锁登录账号。' })
  unlockUser(
    @Args('input') input: UnlockUserInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<UnlockUserDone>> {
    const login = UserCommandInput.loginIn(input, caller);
    return this.dispatch.send(
      UnlockUserDone,
      caller,
      input,
      (base) => commandTo(unlockUser, { ...base, login, reason: input.reason }),
      () => ({ ...login }),
    );
  }
}
