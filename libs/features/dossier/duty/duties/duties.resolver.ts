import { Args, ArgsType, Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { IsBoolean, IsOptional } from 'class-validator';
import type { Filter } from '#event-sourcing/ports/read-store.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { InstantScalar } from '#graphql/scalars.js';
import { Answers, ReadOthersPageArguments } from '../../../edge/answers.js';
import { listMax } from '../../../edge/record-types.js';
import { notForYou, programMissing, rolesSeeing } from '../../../edge/sight.js';
import { duties, dutyStateAt, type DutyRow } from './duties.js';

@ObjectType('Duty', {
  description: 'What has to be done, for a registration or in a period, and by when. / 一项任务及其期限。',
})
export class DutyType {
  @Field(() => ID, { nullable: true, description: 'Null: a duty by period. / 定期任务为空。' })
  registrationId?: string | null;
  @Field(() => ID) programId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度规定的任务。' }) duty!: string;
  @Field(() => ID, { nullable: true, description: 'Whose duty it is; null: an office’s. / 责任人；部门任务为空。' })
  partyId?: string | null;
  @listMax(40)
  @Field(() => [String], { description: 'The office whose duty it is: any of these roles. / 责任部门的角色。' })
  roles!: readonly string[];
  @Field(() => String, { description: 'open, still, done, missed, over. / 状态。' }) state!: string;
  @Field(() => InstantScalar) since!: string;
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Null while the clock stands still, or until the working days of a year are published. / 期限；中止或待日历公布时为空。',
  })
  dueAt?: string | null;
  @listMax(becauseMax) @Field(() => [Because]) because!: Because[];
}
const DutyPage = connectionOf(DutyType, 'Duty');
@ObjectType('CountedDutyConnection', {
  description: 'Duties, the most urgent first, and how many there are in all. / 任务及其总数，最急者在前。',
})
export class CountedDuties extends DutyPage {
  @Field(() => Int, { description: 'Of all pages. / 总数。' }) total!: number;
}

@ArgsType()
export class DutiesArguments extends ReadOthersPageArguments {
  @Field(() => ID, { nullable: true, description: 'Absent: my own, of every program. / 空为本人的全部任务。' })
  @IsOptional()
  @Identifier({ max: 64 })
  programId?: string;
  @Field(() => ID, { nullable: true, description: 'Of this party alone. / 仅此当事方。' })
  @IsOptional()
  @Identifier()
  partyId?: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of the office with this role; with a program. / 仅此角色的部门。',
  })
  @IsOptional()
  @Identifier({ max: 64 })
  role?: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'What nobody did in time and nobody has made good, instead of what is open. / 逾期未办者，而非待办者。',
  })
  @IsBoolean()
  missed: boolean = false;
}

@Resolver()
export class DutiesResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => CountedDuties, {
    nullable: true,
    description:
      "What has to be done: one's own duties, those of an office by one of its roles, or all of a program for whoever judges and audits there. / 任务查询。",
  })
  async duties(
    @Args() asked: DutiesArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<DutyType> & { readonly total: number }> {
    const programId = asked.programId as ProgramId | undefined;
    if (programId === undefined && asked.role !== undefined) throw programMissing('role');
    const rows = await this.answers.of(duties, asked.atPosition);
    const official = programId !== undefined && this.answers.sight('standings', caller, programId) !== 'none';
    // Everybody is a party: that is no office whose work one may look through.
    const inOffice =
      programId !== undefined &&
      asked.role !== 'party' &&
      this.answers.rolesShownIn(caller, programId).some((role) => role === asked.role);
    const partyId = official ? asked.partyId : caller.party;
    if (!official && !inOffice && (asked.role !== undefined || (asked.partyId ?? caller.party) !== caller.party))
      throw notForYou('duties', rolesSeeing('standings'));
    const where: Filter = {
      ...(programId === undefined ? {} : { programId: { equals: programId } }),
      ...(asked.role !== undefined
        ? { role: { equals: asked.role } }
        : partyId === undefined
          ? { place: { equals: 'first' } }
          : { partyId: { equals: partyId } }),
      state: { equals: asked.missed ? 'missed' : 'open' },
    };
    const page = await rows.page({
      where,
      order: [{ field: 'dueAt', direction: 'ascending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const total = await rows.count(where);
    const others = page.rows.filter(({ document }) => document.partyId !== caller.party);
    if (others.length > 0)
      await this.answers.recordRead(caller, {
        programId: programId!,
        subject: `program:${programId!}`,
        subjects: [...new Set(others.flatMap(({ document }) => document.dossierId ?? []))],
        query: 'duties',
        purpose: asked.purpose,
      });
    const now = this.answers.now();
    return { ...toConnection(page, (row: DutyRow) => toDuty(row, now), this.answers.pageToken(page)), total };
  }
}

const toDuty = (row: DutyRow, now: Instant): DutyType => ({
  registrationId: row.registrationId ?? null,
  programId: row.programId,
  duty: row.duty,
  partyId: row.partyId ?? null,
  roles: row.roles ?? [],
  state: dutyStateAt(row, now),
  since: row.since,
  dueAt: row.waitsFor === undefined ? (row.dueAt ?? null) : null,
  because: row.because.slice(0, becauseMax).map(becauseOf),
});
