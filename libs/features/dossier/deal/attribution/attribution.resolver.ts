import { Args, ArgsType, Field, ID, Int, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Filter } from '#event-sourcing/ports/read-store.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersArguments, ReadOthersPageArguments } from '../../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { listMax } from '../../../edge/record-types.js';
import { FenScalar, InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { notForYou, rolesSeeing } from '../../../edge/sight.js';
import type { AttributionBasis } from '../../events.js';
import { attribution, type Attribution } from './attribution.js';

export const AttributionBasisName = {
  HOLDER: 'holder',
  VERDICT: 'verdict',
  AGREED: 'agreed',
  UNREGISTERED: 'unregistered',
} as const satisfies Readonly<Record<string, AttributionBasis>>;
registerEnumType(AttributionBasisName, {
  name: 'AttributionBasis',
  description: 'Why these parties are credited. / 业绩归属依据。',
});

@ObjectType({ description: 'What one party is credited with. The lines sum exactly to the deal. / 一方的业绩与佣金。' })
export class AttributionLine {
  @Field(() => ID) partyId!: string;
  @Field(() => Int) weight!: number;
  @Field(() => FenScalar) performance!: string;
  @Field(() => FenScalar, { nullable: true }) commission?: string;
}
export const linesMax = 50;

@ObjectType('Attribution', {
  description: 'Who is credited for one deal, and why. A party reads its own lines. / 业绩归属；当事方只见自己的份额。',
})
export class AttributionType {
  @Field(() => ID) dealId!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => FenScalar, {
    nullable: true,
    description: 'Null for whoever reads its own lines only. / 仅见己方份额者为空。',
  })
  amount?: string | null;
  @Field(() => InstantScalar) signedAt!: string;
  @Field(() => ID, { nullable: true }) closedBy?: string | null;
  @Field(() => String, { nullable: true, description: 'As it stands on the contract. / 合同编号。' })
  contractNumber?: string | null;
  @Field(() => AttributionBasisName, { nullable: true }) basis?: AttributionBasis;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'When the deal was taken back; nobody is credited for it since. / 撤销时间，此后无人计业绩。',
  })
  rescindedAt?: string;
  @Field(() => ID, { nullable: true }) registrationId?: string | null;
  @listMax(linesMax) @Field(() => [AttributionLine]) lines!: AttributionLine[];
  @Field(() => FenScalar, { nullable: true }) commission?: string | null;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
  @Field(() => PositionTokenScalar) position!: string;
}
const AttributionConnection = connectionOf(AttributionType, 'Attribution');

/** `own`: the party that reads, when its own lines are all it may see. */
const toAttribution = (row: Attribution, position: string, own?: string): AttributionType => ({
  dealId: row.dealId,
  dossierId: row.dossierId,
  programId: row.programId,
  signedAt: row.signedAt,
  position,
  lines: row.lines
    .filter(({ partyId }) => own === undefined || partyId === own)
    .slice(0, linesMax)
    .map((line) => ({ ...line })),
  because: row.because.slice(0, becauseMax).map(becauseOf),
  ...(row.basis === undefined ? {} : { basis: row.basis }),
  ...(row.rescindedAt === undefined ? {} : { rescindedAt: row.rescindedAt }),
  ...(own === undefined
    ? {
        amount: row.amount,
        closedBy: row.closedBy,
        contractNumber: row.contractNumber ?? null,
        registrationId: row.registrationId ?? null,
        commission: row.commission ?? null,
      }
    : {}),
});

@ArgsType()
export class AttributionArguments extends ReadOthersArguments {
  @Field(() => ID)
  @Identifier()
  dealId!: string;
}
@ArgsType()
export class AttributionsArguments extends ReadOthersPageArguments {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => AttributionBasisName, { nullable: true })
  @IsOptional()
  @IsIn(Object.values(AttributionBasisName))
  basis?: AttributionBasis;
}

@Resolver(() => AttributionType)
export class AttributionResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => AttributionType, { nullable: true, description: 'Who is credited for a deal. / 某成交的业绩归属。' })
  async attribution(
    @Args() { dealId, atPosition, purpose }: AttributionArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<AttributionType | null> {
    const deals = await this.answers.of(attribution, atPosition);
    const deal = await deals.get(dealId);
    if (deal === undefined) return null;
    const official = this.answers.sight('deals', caller, deal.programId) !== 'none';
    const isParty = deal.lines.some(({ partyId }) => partyId === caller.party);
    if (!official && !isParty) return null;
    if (official)
      await this.answers.recordRead(caller, {
        programId: deal.programId,
        subject: deal.dossierId,
        query: 'attribution',
        purpose,
      });
    return toAttribution(deal, await this.answers.seenBy(deals), official ? undefined : caller.party);
  }

  @Query(() => AttributionConnection, {
    nullable: true,
    description:
      'Deals of a program, latest first; UNREGISTERED are those nobody had filed. For finance and audit. / 项目成交；财务与审计可见。',
  })
  async attributions(
    @Args() asked: AttributionsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<AttributionType>> {
    const deals = await this.answers.of(attribution, asked.atPosition);
    const programId = asked.programId as ProgramId;
    if (this.answers.sight('deals', caller, programId) === 'none')
      throw notForYou('attributions', rolesSeeing('deals'));
    const where: Filter = {
      programId: { equals: programId },
      ...(asked.basis === undefined ? {} : { basis: { equals: asked.basis } }),
    };
    const page = await deals.page({
      where,
      order: [{ field: 'signedAt', direction: 'descending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const subjects = [...new Set(page.rows.map(({ document }) => document.dossierId))];
    if (subjects.length > 0)
      await this.answers.recordRead(caller, {
        programId,
        subject: `program:${programId}`,
        subjects,
        query: 'attributions',
        purpose: asked.purpose,
      });
    const position = this.answers.pageToken(page);
    return toConnection(page, (deal: Attribution) => toAttribution(deal, position), position);
  }
}
