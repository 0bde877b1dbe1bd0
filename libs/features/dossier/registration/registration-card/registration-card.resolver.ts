import {
  Args,
  ArgsType,
  Field,
  ID,
  Int,
  ObjectType,
  Parent,
  Query,
  registerEnumType,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Collection, Filter, Page } from '#event-sourcing/ports/read-store.js';
import { record, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { Instant, ProgramId } from '#event-sourcing/vocabulary.js';
import { shortCode } from '#identity/short-code.js';
import type { Purpose } from '../../../audit/record-read/record-read.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import {
  Answers,
  ReadOthersArguments,
  ReadOthersPageArguments,
  ReadPageArguments,
  type PoliciesNamed,
} from '../../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { listMax, ProtectionPeriod, sharesMax, sharesOf, ShareType } from '../../../edge/record-types.js';
import { DerivedFactsScalar, FormValuesScalar, InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { addDays, addMilliseconds, dateIn, endOfDay } from '#time/instant.js';
import { fieldTypesOf, writtenValue, type FieldValue } from '#policy/field.js';
import { notForYou, shown, type Sight } from '../../../edge/sight.js';
import type { Role } from '#policy/roles.js';
import type { RegistrationState } from '../../events.js';
import { caseFile } from '../../collision/case-file/case-file.js';
import { registrationCard, registrationIdOf, stateAt, type RegistrationCard } from './registration-card.js';

const states: readonly RegistrationState[] = [
  'underReview',
  'returned',
  'inCase',
  'effective',
  'protected',
  'recalled',
  'rejected',
  'released',
  'abandoned',
  'terminated',
  'expired',
  'void',
];
const upper = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
export const RegistrationStateName = Object.fromEntries(states.map((state) => [upper(state), state])) as Readonly<
  Record<string, RegistrationState>
>;
registerEnumType(RegistrationStateName, {
  name: 'RegistrationState',
  description:
    'Computed for now: a clock that has run out is over, also before anybody recorded it. / 按当前时刻计算。',
});

const laddersMax = 10;
@ObjectType('LadderStage', { description: 'How far a registration has come on one ladder. / 一项进度。' })
export class LadderType {
  @Field(() => String) ladder!: string;
  @Field(() => String) step!: string;
}

@ObjectType('ReviewStage', { description: 'The step that is waited for. / 当前审核步骤。' })
export class ReviewStageType {
  @Field(() => String) step!: string;
  @listMax(20) @Field(() => [String]) roles!: string[];
  @listMax(20)
  @Field(() => [String], { description: 'All steps that applied when it was filed. / 报备时确定的全部步骤。' })
  chain!: string[];
  @Field(() => InstantScalar, { nullable: true }) dueAt?: string;
  @Field(() => String, { description: 'What happens when nobody acts in time. / 超时处理。' }) onTimeout!: string;
}

@ObjectType('Registration', { description: "One party's claim on a subject. / 报备。" })
export class RegistrationType {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'Short code with a check character, for people. / 报备编号（含校验位）。' })
  code!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => ID) holder!: string;
  @Field(() => ID) filedBy!: string;
  @Field(() => String) class!: string;
  @Field(() => String) channel!: string;
  @Field(() => RegistrationStateName) state!: RegistrationState;
  @Field(() => InstantScalar) filedAt!: string;
  @Field(() => InstantScalar) occurredAt!: string;
  @Field(() => InstantScalar, { description: 'The time that ranks it among other claims. / 排序时刻。' })
  rankedAt!: string;
  @Field(() => ReviewStageType, { nullable: true }) review?: ReviewStageType;
  @listMax(laddersMax)
  @Field(() => [LadderType], { description: 'Where each ladder of the policy stands. / 各项进度。' })
  stages!: LadderType[];
  @Field(() => ProtectionPeriod, {
    nullable: true,
    description: 'Its latest; `state` says whether it still runs. / 最近一次保护期。',
  })
  protection?: ProtectionPeriod;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Its clock stands still since then. / 自此时起暂停计时。',
  })
  suspendedSince?: string;
  @Field(() => InstantScalar, { nullable: true }) endedAt?: string;
  @Field(() => String, { nullable: true }) cause?: string;
  @Field(() => ID, { nullable: true }) caseId?: string;
  @Field(() => Boolean) extensionRequested!: boolean;
  @listMax(sharesMax) @Field(() => [ShareType]) shares!: ShareType[];
  @Field(() => DerivedFactsScalar, {
    description:
      'Fields of the form that say nothing about a person; money in yuan. / 表单中的非个人信息，金额单位：元。',
  })
  details!: unknown;
  /** Opened when the query names `customer`: an unopened box costs nothing. */
  openCustomer!: () => Promise<object | null>;
  @Field(() => String, { nullable: true, description: 'policy@version#digest' }) policy?: string;
  @Field(() => PositionTokenScalar, { description: 'It is as of this place in the journal. / 数据对应的日志位置。' })
  position!: string;
}
export const RegistrationConnection = connectionOf(RegistrationType, 'Registration');

/** How one card is shown: to whom, when, as of where, with the box that was opened for it. */
interface Showing {
  readonly sight: 'clear' | 'masked';
  /** The party that reads, where it sees nothing of others: of a split its own share. */
  readonly party?: string;
  readonly now: Instant;
  readonly position: string;
  readonly opened: () => Promise<OpenedBox | 'erased'>;
  /** The policies that the claims were filed under: they say what is money. */
  readonly policies: PoliciesNamed;
}

const toRegistration = (
  card: RegistrationCard,
  { sight, party, now, position, opened, policies }: Showing,
): RegistrationType => {
  const policy = policies(card.policy);
  const types = policy && fieldTypesOf(policy);
  const written = <V extends object>(values: V): object =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, writtenValue(types?.get(name), value as FieldValue)]),
    );
  return {
    id: card.registrationId,
    code: shortCode(card.registrationId),
    dossierId: card.dossierId,
    programId: card.programId,
    holder: card.holder,
    filedBy: card.filedBy,
    class: card.class,
    channel: card.channel,
    state: stateAt(card, now),
    filedAt: card.filedAt,
    occurredAt: card.occurredAt,
    rankedAt: card.rankedAt,
    extensionRequested: card.extensionRequested,
    shares: sharesOf(card.shares?.filter(({ partyId }) => party === undefined || partyId === party)),
    details: written(card.details),
    position,
    openCustomer: async () => {
      const form = record<string | number | boolean>(await opened(), 'form');
      return form === 'erased'
        ? null
        : written(Object.fromEntries([...form].map(([name, value]) => [name, shown(value, sight)])));
    },
    stages: Object.entries(card.stages ?? {}).map(([ladder, step]) => ({ ladder, step })),
    ...(card.review === undefined
      ? {}
      : {
          review: {
            step: card.review.step,
            roles: [...card.review.roles],
            chain: [...card.review.chain],
            onTimeout: card.review.onTimeout,
            ...(card.review.dueAt === undefined ? {} : { dueAt: card.review.dueAt }),
          },
        }),
    ...(card.startsAt === undefined || card.endsAt === undefined || card.lastDay === undefined
      ? {}
      : { protection: { startsAt: card.startsAt, endsAt: card.endsAt, lastDay: card.lastDay } }),
    ...(card.suspendedSince === undefined ? {} : { suspendedSince: card.suspendedSince }),
    ...(card.endedAt === undefined ? {} : { endedAt: card.endedAt }),
    ...(card.cause === undefined ? {} : { cause: card.cause }),
    ...(card.caseId === undefined ? {} : { caseId: card.caseId }),
    ...(card.policy === undefined ? {} : { policy: card.policy }),
  };
};

const program = { description: 'The program in which it competes. / 报备项目。' } as const;

@ArgsType()
export class RegistrationArguments extends ReadOthersArguments {
  @Field(() => ID, { description: '`<dossier>.<number>`, or its short code. / 报备的完整编号或短编号。' })
  @Identifier()
  id!: string;
}
@ArgsType()
export class MyRegistrationsArguments extends ReadPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
}
@ArgsType()
export class RegistrationsArguments extends ReadOthersPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
  @Field(() => ID, { nullable: true, description: 'Only those of this party. / 仅此当事方。' })
  @IsOptional()
  @Identifier()
  holder?: string;
  @Field(() => RegistrationStateName, {
    nullable: true,
    description: 'As it is shown: a clock that has run out is over. / 与所显示的状态一致。',
  })
  @IsOptional()
  @IsIn(states)
  state?: RegistrationState;
}
@ArgsType()
export class ReviewQueueArguments extends ReadOthersPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
}
@ArgsType()
export class ExpiringSoonArguments extends ReadPageArguments {
  @Field(() => ID, program)
  @Identifier()
  programId!: string;
  @Field(() => Int, { defaultValue: 7, description: '1–366' })
  @IsInt()
  @Min(1)
  @Max(366)
  days: number = 7;
}

const neverShown = (): never => {
  throw new Error('An empty page has no row');
};
const queueRoles: readonly Role[] = ['reviewer', 'desk', 'administrator', 'auditor'];

@Resolver(() => RegistrationType)
export class RegistrationCardResolver {
  constructor(private readonly answers: Answers) {}

  @ResolveField(() => FormValuesScalar, {
    nullable: true,
    description:
      "The customer as filed; null once erased. Telephone numbers are masked unless it is one's own or one's work; who arbitrates its open case reads them for ARBITRATION. / 客户信息；已删除则为空。",
  })
  customer(@Parent() registration: RegistrationType): Promise<object | null> {
    return registration.openCustomer();
  }

  @Query(() => RegistrationType, {
    nullable: true,
    description:
      "One registration. Somebody else's, unless it is one's work, is answered like one that does not exist. / 单个报备；无权查看者与不存在答复相同。",
  })
  async registration(
    @Args() { id, atPosition, purpose }: RegistrationArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<RegistrationType | null> {
    const cards = await this.answers.of(registrationCard, atPosition);
    const card = await cards.get(await registrationIdOf(() => Promise.resolve(cards), id));
    if (card === undefined) return null;
    const own = (await this.answers.ownIn(caller, card.programId))(card);
    const sight =
      own || (await this.#arbitrates(caller, card, purpose))
        ? 'clear'
        : this.answers.sight('claims', caller, card.programId);
    if (sight === 'none') return null;
    if (!own)
      await this.answers.recordRead(caller, {
        programId: card.programId,
        subject: card.dossierId,
        query: 'registration',
        purpose,
      });
    const opened = async (): Promise<OpenedBox | 'erased'> => (await this.answers.open([card.customer]))[0]!;
    return toRegistration(card, {
      sight,
      party: this.#party(caller, card),
      opened,
      policies: await this.answers.policiesOf(card.programId),
      now: this.answers.now(),
      position: await this.answers.seenBy(cards),
    });
  }

  @Query(() => RegistrationConnection, {
    description: 'What I hold in a program, latest first. / 我的报备，最新在前。',
  })
  async myRegistrations(
    @Args() { programId, first, after, atPosition }: MyRegistrationsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, atPosition);
    return this.#show(
      caller,
      await cards.page({
        where: { programId: { equals: programId }, holder: { equals: caller.party } },
        order: [{ field: 'filedAt', direction: 'descending' }],
        first,
        ...(after === undefined ? {} : { after }),
      }),
    );
  }

  @Query(() => RegistrationConnection, {
    description:
      'My protections whose last day is today or one of so many days after it, the next one first. / 我在今天起若干天内到期的保护，先到期者在前。',
  })
  async expiringSoon(
    @Args() { programId, days, first, after, atPosition }: ExpiringSoonArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, atPosition);
    const now = this.answers.now();
    const policy = (await this.answers.policiesOf(programId as ProgramId))(undefined);
    if (policy === undefined)
      return toConnection({ rows: [], hasNext: false }, neverShown, await this.answers.seenBy(cards));
    // As people count: the days of the program's own calendar on the wall, today among them.
    const lastDay = addDays(dateIn(now, policy.timeZone), days);
    const where: Filter = {
      programId: { equals: programId },
      holder: { equals: caller.party },
      endsAt: { atLeast: now, below: addMilliseconds(endOfDay(lastDay, policy.timeZone), 1) },
    };
    return this.#show(
      caller,
      await cards.page({
        where,
        order: [{ field: 'endsAt', direction: 'ascending' }],
        first,
        ...(after === undefined ? {} : { after }),
      }),
    );
  }

  @Query(() => RegistrationConnection, {
    description:
      'The claims in a program, latest first, for whom its policy lets look through them; recorded. Others see their own. / 项目内报备（制度允许者可查阅，留痕）；其他人只见自己的。',
  })
  async registrations(
    @Args() asked: RegistrationsArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, asked.atPosition);
    const sight = await this.answers.browsing(caller, asked.programId as ProgramId);
    if (sight === 'none' && asked.holder !== undefined && asked.holder !== caller.party)
      throw notForYou('registrations');
    return this.#showOthers(
      caller,
      await claimsShowing(cards, asked, {
        holder: sight === 'none' ? caller.party : asked.holder,
        now: this.answers.now(),
      }),
      asked,
      'registrations',
      sight,
    );
  }

  @Query(() => RegistrationConnection, {
    description: 'What waits for a review, the most urgent first. / 待审队列，最急者在前。',
  })
  async reviewQueue(
    @Args() asked: ReviewQueueArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<RegistrationType>> {
    const cards = await this.answers.of(registrationCard, asked.atPosition);
    const roles = this.answers.rolesShownIn(caller, asked.programId as ProgramId);
    if (!roles.some((role) => queueRoles.includes(role))) throw notForYou('reviewQueue', queueRoles);
    return this.#showOthers(
      caller,
      await cards.page({
        where: { programId: { equals: asked.programId }, state: { equals: 'underReview' } },
        order: [{ field: 'dueAt', direction: 'ascending' }],
        first: asked.first,
        ...(asked.after === undefined ? {} : { after: asked.after }),
      }),
      asked,
      'reviewQueue',
      this.answers.sight('claims', caller, asked.programId as ProgramId),
    );
  }

  /** Whether two numbers are one is what a verdict rests on: who judges the open case reads them, and that is recorded. */
  async #arbitrates(caller: Caller, { caseId, programId }: RegistrationCard, purpose: Purpose | undefined) {
    if (caseId === undefined || purpose !== 'arbitration') return false;
    const file = await (await this.answers.of(caseFile)).get(caseId);
    const roles = this.answers.rolesIn(caller, programId);
    return file?.state === 'open' && file.arbiters.some((role) => roles.some((held) => held === role));
  }

  #party(caller: Caller, card: RegistrationCard): string | undefined {
    return this.answers.sight('claims', caller, card.programId) === 'none' ? caller.party : undefined;
  }

  /** A page that may show what is not the caller's own: recorded once, with every dossier that it shows. */
  async #showOthers(
    caller: Caller,
    page: ShownPage,
    { programId, purpose }: RegistrationsArguments | ReviewQueueArguments,
    query: string,
    sight: Sight,
  ): Promise<Connection<RegistrationType>> {
    const isOwn = await this.answers.ownIn(caller, programId as ProgramId);
    const others = page.rows.filter(({ document }) => !isOwn(document)).map(({ document }) => document.dossierId);
    if (others.length > 0)
      await this.answers.recordRead(caller, {
        programId: programId as ProgramId,
        subject: `program:${programId}`,
        subjects: [...new Set(others)],
        query,
        purpose,
      });
    return this.#show(caller, page, sight, query === 'registrations' && sight === 'none');
  }

  /** `sight`: of those that are not the caller's own. */
  async #show(
    caller: Caller,
    page: ShownPage,
    sight: Sight = 'none',
    partial = false,
  ): Promise<Connection<RegistrationType>> {
    // One opening for the whole page, by whichever row is asked for its customer first.
    let opening: Promise<readonly (OpenedBox | 'erased')[]> | undefined;
    const openedOf = (card: RegistrationCard) => async (): Promise<OpenedBox | 'erased'> => {
      opening ??= this.answers.open(page.rows.map(({ document }) => document.customer));
      return (await opening)[places.get(card)!]!;
    };
    const places = new Map(page.rows.map(({ document }, index) => [document, index]));
    const program = page.rows[0]?.document.programId;
    const policies = await this.answers.policiesOf(program);
    const isOwn = program === undefined ? () => false : await this.answers.ownIn(caller, program);
    const now = this.answers.now();
    const position = this.answers.pageToken(page);
    return toConnection(
      page,
      (card: RegistrationCard) =>
        toRegistration(card, {
          sight: isOwn(card) || sight === 'clear' ? 'clear' : 'masked',
          party: this.#party(caller, card),
          now,
          position,
          policies,
          opened: openedOf(card),
        }),
      position,
      { partial },
    );
  }
}

type ClaimsPage = Parameters<Collection<RegistrationCard>['page']>[0];
/** One index serves each of the four: all, one holder's, one state's, one holder's in order of filing. */
const claimsPage = (
  { programId, state, first, after }: RegistrationsArguments,
  holder: string | undefined,
): ClaimsPage => ({
  where: {
    programId: { equals: programId },
    ...(holder === undefined ? {} : { holder: { equals: holder } }),
    // A clock that has run out is over, also while the card says that it protects.
    ...(state === undefined ? {} : { state: { in: state === 'expired' ? ['expired', 'protected'] : [state] } }),
  },
  order: [{ field: 'filedAt', direction: 'descending' }],
  first,
  ...(after === undefined ? {} : { after }),
});

type ShownPage = Page<RegistrationCard> & { readonly endCursor?: string | undefined };
/** Pages that are looked through for one answer; it may then be shorter than asked, and says that there is more. */
const looksMax = 10;

/** The claims that show the state that is asked for: what is recorded alone would name those whose clock has run out. */
export const claimsShowing = async (
  cards: Collection<RegistrationCard>,
  asked: RegistrationsArguments,
  { holder, now }: { readonly holder: string | undefined; readonly now: Instant },
): Promise<ShownPage> => {
  const shows = ({ document }: { readonly document: RegistrationCard }): boolean =>
    asked.state === undefined || stateAt(document, now) === asked.state;
  let page = await cards.page(claimsPage(asked, holder));
  let rows = page.rows.filter(shows);
  for (let look = 1; look < looksMax && page.hasNext && rows.length < asked.first; look += 1) {
    const after = page.rows.at(-1)!.cursor;
    page = await cards.page(claimsPage({ ...asked, after, first: asked.first - rows.length }, holder));
    rows = [...rows, ...page.rows.filter(shows)];
  }
  return { ...page, rows, endCursor: page.rows.at(-1)?.cursor };
};
