import { Args, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, Done, type Answered } from '../../../edge/dispatch.js';
import { resultOf } from '#graphql/outcome.js';
import { RecordedOnSubjectInput, subjectOf } from '../../../edge/subject-command.js';
import { askPermission } from './ask-permission.js';
import { commandTo } from '../../../edge/command-bus.js';

@InputType()
export class AskPermissionInput extends RecordedOnSubjectInput {}

@ObjectType()
export class AskPermissionDone extends Done {}
const AskPermissionResult = resultOf('AskPermission', AskPermissionDone);

@Resolver()
export class AskPermissionResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => AskPermissionResult, {
    description: 'Asks, before filing, whether this customer may be filed. / 报备前申请许可。',
  })
  askPermission(
    @Args('input') input: AskPermissionInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<AskPermissionDone>> {
    return this.dispatch.send(
      AskPermissionDone,
      caller,
      input,
      (base) => commandTo(askPermission, { ...base, ...subjectOf(input) }),
      () => ({}),
    );
  }
}
