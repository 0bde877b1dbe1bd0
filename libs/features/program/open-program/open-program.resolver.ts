import { Args, Field, ID, InputType, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { openProgram } from './open-program.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType({ description: 'A title in both languages. / 中英标题。' })
export class TitleInput {
  @Field(() => String)
  @PlainText(200)
  zh!: string;
  @Field(() => String)
  @PlainText(200)
  en!: string;
}
@InputType()
export class OpenProgramInput extends CommandInput {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => TitleInput)
  @ValidateNested()
  @Type(() => TitleInput)
  title!: TitleInput;
}

@ObjectType()
export class OpenProgramDone extends Done {
  @Field(() => ID) programId!: string;
}
const OpenProgramResult = resultOf('OpenProgram', OpenProgramDone);

@Resolver()
export class OpenProgramResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => OpenProgramResult, { description: 'Opens a scope in which registrations compete. / 开设报备项目。' })
  openProgram(
    @Args('input') input: OpenProgramInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<OpenProgramDone>> {
    const {
      programId,
      title: { zh, en },
    } = input;
    return this.dispatch.send(
      OpenProgramDone,
      caller,
      input,
      (base) => commandTo(openProgram, { ...base, programId: programId as ProgramId, title: { zh, en } }),
      () => ({ programId }),
    );
  }
}
