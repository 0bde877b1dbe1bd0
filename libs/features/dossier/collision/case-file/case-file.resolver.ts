import { Args, ArgsType, Field, ID, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsIn, IsOptional } from 'class-validator';
import type { Filter, Page } from '#event-sourcing/ports/read-store.js';
import { field, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { PersonalValue } from '#event-sourcing/event.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersArguments, ReadOthersPageArguments } from '../../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { DossierAccess } from '../../../edge/dossier-access.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax, sharesMax, sharesOf, ShareType } from '../../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { notForYou, redacted, rolesSeeing, shown } from '../../../edge/sight.js';
import type { VerdictOutcome } from '../../events.js';
import { dossierOf, dossierStream } from '../../placed.js';
import { due, dueId } from '../../../deadline/due/due.js';
import { VerdictName } from '../arbitrate/arbitrate.resolver.js';
import { caseFile, type CaseFile } from './case-file.js';

const CaseStateName = { OPEN: 'open', DECIDED: 'decided' } as const satisfies Readonly<
  Record<string, CaseFile['state']>
>;
registerEnumType(CaseStateName, { name: 'CaseState' });

const claimsMax = 50;
@ObjectType('Case', {
  description:
    'One collision that is, or was, arbitrated. A party sees its own claim in it, and never who the other is. / 争议案件；当事方只见己方。',
})
export class CaseType {
  @Field(() => ID) id!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => String, {
    description: 'secondClaim, pendingSecondClaim, lateArrival, objection or possibleSameSubject. / 起因。',
  })
  cause!: string;
  @Field(() => CaseStateName) state!: CaseFile['state'];
  @listMax(claimsMax) @Field(() => [ID]) claims!: string[];
  @listMax(claimsMax)
  @Field(() => [ID], {
    nullable: true,
    description:
      'The cases of the other dossiers that may be the same subject: one verdict decides them all. For those who judge and audit; null for the parties. / 可能为同一客户的其他档案的案件，一并裁决；当事双方所见为空。',
  })
  elsewhere?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The claim whose keys led to several dossiers. / 其识别键指向多个档案的报备。',
  })
  crossed?: string;
  @listMax(20)
  @Field(() => [String], { description: 'Roles that may decide it. / 有权裁决的角色。' })
  arbiters!: string[];
  @Field(() => InstantScalar) raisedAt!: string;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Until when a clock stands still without a verdict. / 暂停计时的最迟期限。',
  })
  suspendedUntil?: string;
  @Field(() => VerdictName, { nullable: true }) outcome?: VerdictOutcome;
  @Field(() => ID, { nullable: true }) winner?: string;
  @listMax(sharesMax) @Field(() => [ShareType]) shares!: ShareType[];
  @Field(() => InstantScalar, { nullable: true }) decidedAt?: string;
  @Field(() => ID, { nullable: true }) decidedBy?: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The reasons as written, for those who judge and audit; the parties read them without telephone numbers and without each other, and not at all where the case is about two customers. / 裁决理由；当事双方所见隐去电话与对方，涉及两个客户时不可见。',
  })
  reasons?: string | null;
  @Field(() => PositionTokenScalar) position!: string;
}
const CaseConnection = connectionOf(CaseType, 'Case');

/** `own`: the claims of the party that reads; absent for those whose work it is. */
interface Showing {
  readonly opened: OpenedBox | 'erased';
  readonly position: string;
  /** Of each claim whose clock stands still, until when it may. */
  readonly standstills: ReadonlyMap<string, string>;
  readonly own?: ReadonlySet<string>;
  readonly party?: string;
  /** Parties that the reasons do not name to it. */
  readonly others?: readonly string[];
}

const toCase = (row: CaseFile, { opened, position, standstills, own, party, others = [] }: Showing): CaseType => {
  const mine = (claim: string): boolean => own === undefined || own.has(claim);
  const still = row.stoodStill.find((claim) => mine(claim) && standstills.has(claim));
  const written = field(opened, 'reasons');
  // Reasons about the customers of several dossiers may name each of them: no party reads the words.
  const read = (words: PersonalValue): string | null =>
    own === undefined
      ? String(shown(words, 'masked'))
      : row.elsewhere.length > 0
        ? null
        : String(redacted(words, others));
  return {
    id: row.caseId,
    dossierId: row.dossierId,
    programId: row.programId,
    cause: row.cause,
    state: row.state,
    raisedAt: row.raisedAt,
    position,
    claims: row.claims.filter(mine).slice(0, claimsMax),
    elsewhere: own === undefined ? row.elsewhere.slice(0, claimsMax) : null,
    arbiters: row.arbiters.slice(0, 20).map(String),
    shares: sharesOf(row.shares?.filter(({ partyId }) => own === undefined || partyId === party)),
    reasons: written === undefined || !('value' in written) ? null : read(written.value),
    ...(still === undefined ? {} : { suspendedUntil: standstills.get(still)! }),
    ...(row.crossed === undefined || !mine(row.crossed) ? {} : { crossed: row.crossed }),
    ...(row.outcome === undefined ? {} : { outcome: row.outcome }),
    ...(row.winner === undefined || !mine(row.winner) ? {} : { winner: row.winner }),
    ...(row.decidedAt === undefined ? {} : { decidedAt: row.decidedAt }),
    ...(row.decidedBy === undefined ? {} : { decidedBy: row.decidedBy }),
  };
};

@ArgsType()
export class CaseArguments extends ReadOthersArguments {
  @Field(() => ID, { description: '<dossier>.c<number>' })
  @Identifier()
  id!: string;
}
@ArgsType()
export class CasesArguments extends ReadOthersPageArguments {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => CaseStateName, { defaultValue: 'open' })
  @IsOptional()
  @IsIn(Object.values(CaseStateName))
  state: CaseFile['state'] = 'open';
}

@Resolver(() => CaseType)
export class CaseFileResolver {
  constructor(
    private readonly answers: Answers,
    private readonly dossiers: DossierAccess,
  ) {}

  @Query(() => CaseType, {
    nullable: true,
    description: 'One case: for those who judge and audit, and for the parties to it. / 单个案件。',
  })
  async case(
    @Args() { id, atPosition, purpose }: CaseArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<CaseType | null> {
    const cases = await this.answers.of(caseFile, atPosition);
    const file = await cases.get(id);
    if (file === undefined) return null;
    const position = await this.answers.seenBy(cases);
    const standstills = await this.#standstills([file], atPosition);
    if (this.answers.sight('cases', caller, file.programId) !== 'none') {
      await this.answers.recordRead(caller, {
        programId: file.programId,
        subject: file.dossierId,
        query: 'case',
        purpose,
      });
      const [opened] = await this.answers.open([file.reasons]);
      return toCase(file, { opened: opened!, position, standstills });
    }
    const own = await this.dossiers.ownRegistrations(caller, file.dossierId, atPosition);
    if (!file.claims.some((claim) => own.has(claim))) return null;
    const [opened] = await this.answers.open([file.reasons]);
    const view = await this.dossiers.of(caller, file.dossierId, atPosition);
    const others = view?.as === 'party' ? await this.dossiers.names(view.own.rivals) : [];
    return toCase(file, { opened: opened!, position, standstills, own, party: caller.party, others });
  }

  @Query(() => CaseConnection, {
    nullable: true,
    description: 'Cases of a program, oldest first, for those who judge and audit. / 项目案件，最早在前。',
  })
  async cases(@Args() asked: CasesArguments, @CurrentCaller() caller: Caller): Promise<Connection<CaseType>> {
    const cases = await this.answers.of(caseFile, asked.atPosition);
    const programId = asked.programId as ProgramId;
    if (this.answers.sight('cases', caller, programId) === 'none') throw notForYou('cases', rolesSeeing('cases'));
    const where: Filter = { programId: { equals: programId }, state: { equals: asked.state } };
    const page = await cases.page({
      where,
      order: [{ field: 'raisedAt', direction: 'ascending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const subjects = [...new Set(page.rows.map(({ document }) => document.dossierId))];
    if (subjects.length > 0)
      await this.answers.recordRead(caller, {
        programId,
        subject: `program:${programId}`,
        subjects,
        query: 'cases',
        purpose: asked.purpose,
      });
    return this.#show(page, asked.atPosition);
  }

  async #show(page: Page<CaseFile>, atPosition?: string): Promise<Connection<CaseType>> {
    const standstills = await this.#standstills(
      page.rows.map(({ document }) => document),
      atPosition,
    );
    const opened = await this.answers.open(page.rows.map(({ document }) => document.reasons));
    const boxes = new Map(page.rows.map(({ document }, index) => [document, opened[index]!]));
    const position = this.answers.pageToken(page);
    return toConnection(
      page,
      (file: CaseFile) => toCase(file, { opened: boxes.get(file)!, position, standstills }),
      position,
    );
  }

  /** A clock that stood still may have run on, or been taken away, since: then nothing ends its standstill any more. */
  async #standstills(files: readonly CaseFile[], atPosition?: string): Promise<ReadonlyMap<string, string>> {
    const claims = files.filter(({ state }) => state === 'open').flatMap(({ stoodStill }) => stoodStill);
    if (claims.length === 0) return new Map();
    const ids = claims.map((owner) => dueId({ stream: dossierStream(dossierOf(owner)), owner, kind: 'suspension' }));
    const deadlines = await (await this.answers.of(due, atPosition)).getMany(ids);
    return new Map([...deadlines.values()].map(({ owner, dueAt }) => [owner, dueAt]));
  }
}
