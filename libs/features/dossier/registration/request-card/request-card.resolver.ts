import { Args, ArgsType, Field, ID, ObjectType, Query, registerEnumType, Resolver } from '@nestjs/graphql';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import type { Collection, Page } from '#event-sourcing/ports/read-store.js';
import { field, record, type OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import { fieldTypesOf, writtenValue, type FieldValue } from '#policy/field.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { Identifier } from '#graphql/input-limits.js';
import { DerivedFactsScalar, FormValuesScalar, InstantScalar } from '#graphql/scalars.js';
import { Answers, ReadOthersPageArguments, type PoliciesNamed } from '../../../edge/answers.js';
import { notForYou, rolesSeeing, shown } from '../../../edge/sight.js';
import { ReviewStageType } from '../registration-card/registration.graphql.js';
import { requestCard, type RequestCard } from './request-card.js';

const RequestStateName = {
  WAITING: 'waiting',
  GRANTED: 'granted',
  REFUSED: 'refused',
  CLOSED: 'closed',
} as const satisfies Readonly<Record<string, RequestCard['state']>>;
registerEnumType(RequestStateName, {
  name: 'RequestState',
  description: 'CLOSED: its registration was over before anybody decided. / CLOSED：报备先行结束。',
});

@ObjectType('Request', { description: 'What somebody asks for a registration, and what came of it. / 申请。' })
export class RequestType {
  @Field(() => ID, { description: 'Id of the event `Requested`; decideRequest takes it. / 申请编号。' }) id!: string;
  @Field(() => ID) registrationId!: string;
  @Field(() => ID) dossierId!: string;
  @Field(() => ID) programId!: string;
  @Field(() => String, { description: 'As the policy names it. / 制度所定的名称。' }) request!: string;
  @Field(() => ID, { description: 'Who asked. / 申请人。' }) by!: string;
  @Field(() => RequestStateName) state!: RequestCard['state'];
  @Field(() => InstantScalar) requestedAt!: string;
  @Field(() => ReviewStageType, { nullable: true, description: 'The step that it waits for. / 当前步骤。' })
  review?: ReviewStageType;
  @Field(() => InstantScalar, { nullable: true }) decidedAt?: string;
  @Field(() => InstantScalar, { nullable: true, description: 'The grant ends then. / 批准的有效期止。' })
  until?: string;
  @Field(() => Boolean, { description: 'The grant is good for one act. / 批准仅可使用一次。' }) once!: boolean;
  @Field(() => InstantScalar, { nullable: true, description: 'When an act used it up. / 使用时间。' }) usedAt?: string;
  @Field(() => DerivedFactsScalar, { description: 'What was filled in, without persons. / 非个人信息。' })
  details!: unknown;
  @Field(() => FormValuesScalar, { nullable: true, description: 'The rest of it; null once erased. / 其余内容。' })
  form?: object | null;
  @Field(() => String, { nullable: true, description: 'The word with the last yes or no. / 审批意见。' })
  opinion?: string | null;
}
const RequestConnection = connectionOf(RequestType, 'Request');

@ArgsType()
export class RequestsArguments extends ReadOthersPageArguments {
  @Field(() => ID)
  @Identifier()
  programId!: string;
  @Field(() => RequestStateName, { defaultValue: 'waiting' })
  @IsOptional()
  @IsIn(Object.values(RequestStateName))
  state: RequestCard['state'] = 'waiting';
  @Field(() => Boolean, { defaultValue: false, description: 'Only those that I made. / 仅本人提出的。' })
  @IsOptional()
  @IsBoolean()
  mine: boolean = false;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only those whose step is for one of my roles. / 仅待本人角色审批的。',
  })
  @IsOptional()
  @IsBoolean()
  waitsForMe: boolean = false;
}

interface Showing {
  readonly form: OpenedBox | 'erased';
  readonly opinion: OpenedBox | 'erased';
  readonly sight: 'clear' | 'masked';
  readonly policies: PoliciesNamed;
}
const toRequest = (card: RequestCard, { form, opinion, sight, policies }: Showing): RequestType => {
  const policy = policies(card.policy);
  const types = policy && fieldTypesOf(policy);
  const values = card.form === undefined ? new Map() : record<string | number | boolean>(form, 'form');
  const word = field<string>(opinion, 'opinion');
  const { review } = card;
  return {
    id: card.requestId,
    registrationId: card.registrationId,
    dossierId: card.dossierId,
    programId: card.programId,
    request: card.request,
    by: card.by,
    state: card.state,
    requestedAt: card.requestedAt,
    review: review && {
      step: review.step,
      roles: [...review.roles],
      chain: [...review.chain],
      onTimeout: review.onTimeout,
      dueAt: review.dueAt,
    },
    decidedAt: card.decidedAt,
    until: card.until,
    once: card.once,
    usedAt: card.usedAt,
    details: Object.fromEntries(
      Object.entries(card.details).map(([name, value]) => [name, writtenValue(types?.get(name), value as FieldValue)]),
    ),
    form:
      values === 'erased' ? null : Object.fromEntries([...values].map(([name, value]) => [name, shown(value, sight)])),
    opinion: word !== undefined && 'value' in word ? shown(word.value, sight) : null,
  };
};

/** Pages that are looked through for one answer; it may then be shorter than asked, and says that there is more. */
const looksMax = 10;
type ShownPage = Page<RequestCard> & { readonly endCursor?: string | undefined };

/** The page of requests that one of these roles may decide now. */
const waitingFor = async (
  cards: Collection<RequestCard>,
  request: Parameters<Collection<RequestCard>['page']>[0],
  roles: readonly string[],
): Promise<ShownPage> => {
  const isTheirs = ({ document }: { readonly document: RequestCard }): boolean =>
    document.review?.roles.some((role) => roles.includes(role)) === true;
  let page = await cards.page(request);
  let rows = page.rows.filter(isTheirs);
  for (let look = 1; look < looksMax && page.hasNext && rows.length < request.first; look += 1) {
    page = await cards.page({ ...request, after: page.rows.at(-1)!.cursor, first: request.first - rows.length });
    rows = [...rows, ...page.rows.filter(isTheirs)];
  }
  return { ...page, rows, endCursor: page.rows.at(-1)?.cursor };
};

@Resolver(() => RequestType)
export class RequestCardResolver {
  constructor(private readonly answers: Answers) {}

  @Query(() => RequestConnection, {
    nullable: true,
    description:
      'The requests in a program, oldest first: with `mine` own ones, else all of them for those whose work the claims are, recorded. / 项目内的申请，最早在前；本人的（mine），或（职责所需者，留痕）全部。',
  })
  async requests(@Args() asked: RequestsArguments, @CurrentCaller() caller: Caller): Promise<Connection<RequestType>> {
    const cards = await this.answers.of(requestCard, asked.atPosition);
    const programId = asked.programId as ProgramId;
    const sight = this.answers.sight('claims', caller, programId);
    if (!asked.mine && sight === 'none') throw notForYou('requests', rolesSeeing('claims'));
    const request = {
      where: {
        programId: { equals: programId },
        ...(asked.mine ? { by: { equals: caller.party } } : {}),
        state: { equals: asked.state },
      },
      order: [{ field: 'requestedAt', direction: 'ascending' as const }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    };
    const page: ShownPage = asked.waitsForMe
      ? await waitingFor(cards, request, this.answers.rolesIn(caller, programId))
      : await cards.page(request);
    const others = page.rows.filter(({ document }) => document.by !== caller.party);
    if (others.length > 0)
      await this.answers.recordRead(caller, {
        programId,
        subject: `program:${programId}`,
        subjects: [...new Set(others.map(({ document }) => document.dossierId))],
        query: 'requests',
        purpose: asked.purpose,
      });
    return this.#show(page, caller, sight === 'clear' ? 'clear' : 'masked');
  }

  async #show(page: ShownPage, caller: Caller, sight: 'clear' | 'masked'): Promise<Connection<RequestType>> {
    const rows = page.rows.map(({ document }) => document);
    const [forms, opinions, policies] = await Promise.all([
      this.answers.open(rows.map(({ form }) => form)),
      this.answers.open(rows.map(({ opinion }) => opinion)),
      this.answers.policiesOf(rows[0]?.programId),
    ]);
    const places = new Map(rows.map((row, index) => [row, index]));
    return toConnection(
      page,
      (card: RequestCard) =>
        toRequest(card, {
          form: forms[places.get(card)!]!,
          opinion: opinions[places.get(card)!]!,
          sight: card.by === caller.party ? 'clear' : sight,
          policies,
        }),
      this.answers.pageToken(page),
    );
  }
}
