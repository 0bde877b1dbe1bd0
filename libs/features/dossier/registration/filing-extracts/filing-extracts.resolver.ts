import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Identifier } from '#graphql/input-limits.js';
import { CalendarDateScalar, FormValuesScalar } from '#graphql/scalars.js';
import { fieldTypesOf, writtenValue } from '#policy/field.js';
import { dateIn } from '#time/instant.js';
import { Answers, ReadOthersArguments } from '../../../edge/answers.js';
import { listMax } from '../../../edge/record-types.js';
import { notForYou, shown } from '../../../edge/sight.js';
import { registrationCard } from '../registration-card/registration-card.js';
import { extractsFor, extractsMax, valuesShown } from './filing-extracts.js';

@ObjectType({
  description:
    "What the policy lets me read of somebody else's filing: these fields, not whose it is. / 制度允许我查看的他人报备内容，不含报备人与客户。",
})
export class FilingExtract {
  @Field(() => String) class!: string;
  @Field(() => CalendarDateScalar) filedOn!: string;
  @Field(() => FormValuesScalar, {
    description: 'The fields that `visibility.sight` shows; telephone numbers in them are masked. / 可见字段。',
  })
  fields!: object;
}

@ArgsType()
export class FilingExtractsArguments extends ReadOthersArguments {
  @Field(() => ID)
  @Identifier({ max: 64 })
  programId!: string;
}

@Resolver()
export class FilingExtractsResolver {
  constructor(private readonly answers: Answers) {}

  @listMax(extractsMax)
  @Query(() => [FilingExtract], {
    nullable: true,
    description:
      "Of the latest hundred filings of others, the fields that the program's policy shows to my roles; recorded. / 他人报备中对本人角色公开的字段，最近一百份；查阅留痕。",
  })
  async filingExtracts(
    @Args() { programId, atPosition, purpose }: FilingExtractsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<readonly FilingExtract[]> {
    const program = programId as ProgramId;
    const cards = await this.answers.of(registrationCard, atPosition);
    const policy = (await this.answers.policiesOf(program))(undefined);
    const roles = this.answers.rolesIn(caller, program);
    const items = policy?.document.visibility?.sight ?? [];
    if (policy === undefined || !items.some(({ to }) => to.some((role) => (roles as readonly string[]).includes(role))))
      throw notForYou('filingExtracts');
    const isOwn = await this.answers.ownIn(caller, program);
    const extracts = await extractsFor(cards, { policy }, { programId: program, roles, isOwn });
    if (extracts.length > 0)
      await this.answers.recordRead(caller, {
        programId: program,
        subject: `program:${programId}`,
        subjects: [...new Set(extracts.map(({ card }) => card.dossierId))],
        query: 'filingExtracts',
        purpose,
      });
    const types = fieldTypesOf(policy);
    return Promise.all(
      extracts.map(async (extract) => {
        const { card } = extract;
        const boxes = await this.answers.open([card.customer, ...(card.amended ?? []).map(({ box }) => box)]);
        return {
          class: card.class,
          filedOn: dateIn(card.filedAt, policy.timeZone),
          fields: Object.fromEntries(
            Object.entries(valuesShown(extract, boxes)).map(([name, value]) => [
              name,
              shown(writtenValue(types.get(name), value), 'masked'),
            ]),
          ),
        };
      }),
    );
  }
}
