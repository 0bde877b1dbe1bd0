import { Args, Field, ID, InputType, Mutation, ObjectType, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Code, PartyId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { CommandInput, Dispatch, Done, type Answered } from '../../edge/dispatch.js';
import { Identifier, PlainText } from '#graphql/input-limits.js';
import { resultOf } from '#graphql/outcome.js';
import { partyKinds, type PartyKind } from '#policy/roles.js';
import { enrolParty } from './enrol-party.js';
import { commandTo } from '../../edge/command-bus.js';

export const PartyKindName = Object.fromEntries(partyKinds.map((kind) => [kind.toUpperCase(), kind])) as Readonly<
  Record<string, PartyKind>
>;
registerEnumType(PartyKindName, { name: 'PartyKind', description: 'What kind of party. / 当事方类型。' });

@InputType()
export class EnrolPartyInput extends CommandInput {
  @Field(() => ID, { description: 'As access tokens will name it. / 与访问令牌中的 party 一致。' })
  @Identifier()
  partyId!: string;
  @Field(() => PartyKindName)
  @IsIn(partyKinds)
  kind!: PartyKind;
  @Field(() => String)
  @PlainText(200)
  name!: string;
  @Field(() => String, { nullable: true, description: 'Number or code in the house. / 内部编号。' })
  @IsOptional()
  @Identifier({ max: 64 })
  code?: string;
}

/** What a command about one party came to. */
@ObjectType({ isAbstract: true })
export abstract class PartyDone extends Done {
  @Field(() => ID) partyId!: string;
}
@ObjectType()
export class EnrolPartyDone extends PartyDone {}
const EnrolPartyResult = resultOf('EnrolParty', EnrolPartyDone);

@Resolver()
export class EnrolPartyResolver {
  constructor(private readonly dispatch: Dispatch) {}

  @Mutation(() => EnrolPartyResult, { description: 'Makes somebody known who can act from now on. / 登记当事方。' })
  enrolParty(
    @Args('input') input: EnrolPartyInput,
    @CurrentCaller() caller: Caller,
  ): Promise<Answered<EnrolPartyDone>> {
    const { partyId, kind, name, code } = input;
    return this.dispatch.send(
      EnrolPartyDone,
      caller,
      input,
      (base) =>
        commandTo(enrolParty, {
          ...base,
          partyId: partyId as PartyId,
          kind,
          name,
          ...(code === undefined ? {} : { code: code as Code }),
        }),
      () => ({ partyId }),
    );
  }
}
