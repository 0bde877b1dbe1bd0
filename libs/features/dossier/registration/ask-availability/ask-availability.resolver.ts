import { Args, ArgsType, Field, ID, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsDefined, IsOptional } from 'class-validator';
import type { PartyId, ProgramId } from '#event-sourcing/vocabulary.js';
import type { Recorded } from '#event-sourcing/event.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Dispatch, Done, type Answered } from '../../../edge/dispatch.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf, resultOf } from '#graphql/outcome.js';
import { listMax } from '../../../edge/record-types.js';
import { CalendarDateScalar, FormValuesScalar, type FormValues } from '#graphql/scalars.js';
import type { AvailabilityAsked } from '../../../audit/events.js';
import { askAvailability } from './ask-availability.js';
import { commandTo } from '../../../edge/command-bus.js';

const AvailabilityName = {
  FREE: 'free',
  PROTECTED: 'protected',
  PENDING: 'pending',
  IN_CASE: 'inCase',
  BANNED: 'banned',
} as const satisfies Readonly<Record<string, AvailabilityAsked['answer']>>;
registerEnumType(AvailabilityName, {
  name: 'AvailabilityAnswer',
  description: 'Whether a customer is free, as far as the policy tells. / 客户可否报备。',
});

@ObjectType({ description: 'Never whose: at most until when, where the policy tells it. / 从不透露归属。' })
export class Availability extends Done {
  @Field(() => AvailabilityName) answer!: AvailabilityAsked['answer'];
  @Field(() => CalendarDateScalar, { nullable: true }) lastDay?: string;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
}
const AvailabilityResult = resultOf('Availability', Availability);

@ArgsType()
export class AvailabilityArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
  @Field(() => String)
  @Identifier({ max: 40 })
  class!: string;
  @Field(() => FormValuesScalar, { description: 'The fields that tell which customer is meant. / 识别客户的字段。' })
  @IsDefined()
  form!: FormValues;
  @Field(() => ID, { nullable: true, description: 'The party that a desk asks for. / 登记处代查的当事方。' })
  @IsOptional()
  @Identifier()
  onBehalfOf?: string;
}

@Resolver()
export class AskAvailabilityResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Query(() => AvailabilityResult, {
    description:
      '"Is this customer free?" Recorded before it is answered, and counted. / 查询客户可否报备；先留痕后答复。',
  })
  availability(
    @Args() { programId, class: name, form, onBehalfOf }: AvailabilityArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<Availability>> {
    const input = { commandId: `ask-${this.dispatch.id()}`, form };
    return this.dispatch.send(
      Availability,
      caller,
      input,
      (base) =>
        commandTo(askAvailability, {
          ...base,
          programId: programId as ProgramId,
          class: name,
          form,
          ...(onBehalfOf === undefined ? {} : { onBehalfOf: onBehalfOf as PartyId }),
        }),
      (events) => {
        const [
          {
            event: { answer, lastDay, because },
          },
        ] = events as unknown as readonly [Recorded<AvailabilityAsked>];
        return {
          answer,
          because: because.slice(0, becauseMax).map(becauseOf),
          ...(lastDay === undefined ? {} : { lastDay }),
        };
      },
    );
  }
}
