import { Args, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, IsInt, Max, Min } from 'class-validator';
import type { Recorded } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { CalendarDateScalar } from '#graphql/scalars.js';
import type { CalendarPublished } from '../events.js';
import { publishCalendar } from './publish-calendar.js';
import { commandTo } from '../../edge/command-bus.js';

@InputType()
export class PublishCalendarInput extends CommandInput {
  @Field(() => ID)
  @Identifier({ max: 40 })
  calendarId!: string;
  @Field(() => Int, { description: '1990–2200' })
  @IsInt()
  @Min(1990)
  @Max(2200)
  year!: number;
  @Field(() => [CalendarDateScalar], { description: 'Days off that would otherwise be worked. / 休假日。' })
  @ArrayMaxSize(366)
  holidays!: string[];
  @Field(() => [CalendarDateScalar], { description: 'Days worked that would otherwise be off. / 调休上班日。' })
  @ArrayMaxSize(366)
  makeUpDays!: string[];
}

@ObjectType()
export class PublishCalendarDone extends Done {
  @Field(() => ID) calendarId!: string;
  @Field(() => Int) year!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Null when the same days had been published before. / 内容未变则为空。',
  })
  version?: number;
}
const PublishCalendarResult = resultOf('PublishCalendar', PublishCalendarDone);

@Resolver()
export class PublishCalendarResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => PublishCalendarResult, {
    description:
      'Publishes the working days of one year; a clock that needs a year nobody published says so. / 发布某年工作日历。',
  })
  publishCalendar(
    @Args('input') input: PublishCalendarInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<PublishCalendarDone>> {
    const { calendarId, year, holidays, makeUpDays } = input;
    return this.dispatch.send(
      PublishCalendarDone,
      caller,
      input,
      (base) => commandTo(publishCalendar, { ...base, calendarId: calendarId as Code, year, holidays, makeUpDays }),
      (events) => {
        const [published] = events as unknown as readonly Recorded<CalendarPublished>[];
        return { calendarId, year, ...(published === undefined ? {} : { version: published.event.version }) };
      },
    );
  }
}
