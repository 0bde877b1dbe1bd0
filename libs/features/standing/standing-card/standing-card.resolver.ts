import { Args, ArgsType, Field, ID, Int, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsOptional } from 'class-validator';
import type { Page } from '#event-sourcing/ports/read-store.js';
import { field } from '#event-sourcing/sealing/sealing.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersPageArguments } from '../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { notForYou, rolesSeeing } from '../../edge/sight.js';
import { listMax } from '../../edge/record-types.js';
import { FenScalar, InstantScalar } from '#graphql/scalars.js';
import type { Penalty } from '../events.js';
import { standingCard, type StandingCard } from './standing-card.js';

export const PenaltyKindName = {
  WARNING: 'warning',
  FINE: 'fine',
  COMPENSATION: 'compensation',
  DISMISSAL: 'dismissal',
  MEASURE: 'measure',
  SUSPENSION: 'suspension',
  BAN: 'ban',
} as const satisfies Readonly<Record<string, Penalty['kind']>>;
registerEnumType(PenaltyKindName, { name: 'PenaltyKind', description: 'What follows from an offence. / 处罚种类。' });

@ObjectType('Penalty')
export class PenaltyType {
  @Field(() => PenaltyKindName) kind!: Penalty['kind'];
  @Field(() => FenScalar, { nullable: true, description: 'Of a fine or compensation. / 金额。' }) amount?: string;
  @Field(() => String, { nullable: true, description: 'As the policy names it. / 制度所定的措施。' }) measure?: string;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Of a suspension or ban, exclusive; absent: for ever. / 截止（不含）；空为永久。',
  })
  until?: string;
}
export const penaltiesMax = 20;
export const penaltiesOf = (penalties: readonly Penalty[]): PenaltyType[] =>
  penalties
    .slice(0, penaltiesMax)
    .map((penalty) => ({
      kind: penalty.kind,
      ...('measure' in penalty ? { measure: penalty.measure } : {}),
      ...('amount' in penalty ? { amount: penalty.amount } : {}),
      ...('until' in penalty && penalty.until !== undefined ? { until: penalty.until } : {}),
    }));

@ObjectType({ description: 'One offence of a party and what followed. / 一次违规及其处理。' })
export class OffenceRecord {
  @Field(() => ID) offenceId!: string;
  @Field(() => ID) partyId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度规定的违规。' }) offence!: string;
  @Field(() => Int, { description: 'Which one within the counting window. / 第几次。' }) occurrence!: number;
  @Field(() => Int, { description: 'Customers concerned. / 涉及客户数。' }) customers!: number;
  @Field(() => InstantScalar) foundAt!: string;
  @Field(() => ID) foundBy!: string;
  @listMax(penaltiesMax) @Field(() => [PenaltyType]) penalties!: PenaltyType[];
  @Field(() => Boolean, { description: 'It was taken back and counts no longer. / 已撤销。' }) rescinded!: boolean;
  @Field(() => String, { nullable: true, description: 'What was found, in words; null once erased. / 认定内容。' })
  finding?: string | null;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
}
const OffenceConnection = connectionOf(OffenceRecord, 'Offence');

@ArgsType()
export class StandingArguments extends ReadOthersPageArguments {
  @Field(() => ID, { nullable: true, description: 'Absent: my own. / 空为本人。' })
  @IsOptional()
  @Identifier()
  partyId?: string;
  @Field(() => ID, { nullable: true, description: "Needed for somebody else's. / 查他人时必填。" })
  @IsOptional()
  @Identifier()
  programId?: string;
}

@Resolver()
export class StandingCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => OffenceConnection, {
    nullable: true,
    description:
      "A party's offences and penalties, latest first: one's own, or those in a program for whoever judges and audits there. / 信用记录。",
  })
  async standing(
    @Args() asked: StandingArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<OffenceRecord>> {
    const cards = await this.answers.of(standingCard, asked.atPosition);
    const partyId = asked.partyId ?? caller.party;
    const programId = asked.programId as ProgramId | undefined;
    const own = partyId === caller.party;
    if (!own && (programId === undefined || this.answers.sight('standings', caller, programId) === 'none'))
      throw notForYou('standing', rolesSeeing('standings'));
    const page = await cards.page({
      where: { partyId: { equals: partyId }, ...(programId === undefined ? {} : { programId: { equals: programId } }) },
      order: [{ field: 'foundAt', direction: 'descending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    if (!own && page.rows.length > 0)
      await this.answers.recordRead(caller, {
        ...(programId === undefined ? {} : { programId }),
        subject: `party:${partyId}`,
        query: 'standing',
        purpose: asked.purpose,
      });
    return this.#show(page);
  }

  async #show(page: Page<StandingCard>): Promise<Connection<OffenceRecord>> {
    const opened = await this.answers.open(page.rows.map(({ document }) => document.finding));
    const findings = new Map(page.rows.map(({ document }, index) => [document, field(opened[index]!, 'finding')]));
    return toConnection(
      page,
      (card: StandingCard) => {
        const finding = findings.get(card);
        return {
          offenceId: card.offenceId,
          partyId: card.partyId,
          programId: card.programId,
          offence: card.offence,
          occurrence: card.occurrence,
          customers: card.customers,
          foundAt: card.foundAt,
          foundBy: card.foundBy,
          penalties: penaltiesOf(card.penalties),
          rescinded: card.rescinded,
          finding: finding !== undefined && 'value' in finding ? finding.value : null,
          because: card.because.slice(0, becauseMax).map(becauseOf),
        };
      },
      this.answers.pageToken(page),
    );
  }
}
