import { Args, Field, ID, Mutation, ObjectType, Resolver, InputType } from '@nestjs/graphql';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { commandTo } from '../../edge/command-bus.js';
import { Dispatch, Done, RecordedInput, type Answered } from '../../edge/dispatch.js';
import { inputOf, inputType } from '../../edge/input-type.js';
import { recordWork, recordWorkInput } from './record-work.js';

@InputType({ isAbstract: true })
abstract class InProgramInput extends RecordedInput {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
}
const RecordWorkInput = inputType<InProgramInput>('RecordWorkInput', InProgramInput, recordWorkInput);

@ObjectType()
export class RecordWorkDone extends Done {
  @Field(() => ID, { description: 'Whose work it is, or whom it is about. / 所属或所涉当事方。' }) partyId!: string;
}
const RecordWorkResult = resultOf('RecordWork', RecordWorkDone);

@Resolver()
export class RecordWorkResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => RecordWorkResult, {
    description:
      'Something was done or handed in that is about no registration: a list, a report, a training. / 登记与报备无关的工作。',
  })
  recordWork(
    @Args('input', { type: () => RecordWorkInput }) input: InProgramInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<RecordWorkDone>> {
    const given = inputOf(recordWorkInput, input);
    return this.dispatch.send(
      RecordWorkDone,
      caller,
      input,
      (base) => commandTo(recordWork, { ...base, programId: input.programId as ProgramId, ...given }),
      () => ({ partyId: given.partyId ?? (input.onBehalfOf as PartyId | undefined) ?? caller.party }),
    );
  }
}
// The class that the input pipe checks against; a parameter's type is lost where it is a value.
Reflect.defineMetadata('design:paramtypes', [RecordWorkInput, Object], RecordWorkResolver.prototype, 'recordWork');
