import { Args, ArgsType, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { GraphQLScalarType } from 'graphql';
import { userIn } from '#event-sourcing/envelope.js';
import { inMax } from '#event-sourcing/projection/page-plan.js';
import type { Box, PersonalValue } from '#event-sourcing/event.js';
import type { Page } from '#event-sourcing/ports/read-store.js';
import type { OpenedBox } from '#event-sourcing/sealing/sealing.js';
import type { Reason } from '#event-sourcing/vocabulary.js';
import { CurrentCaller, type Caller } from '#graphql/caller.js';
import { Answers, ReadOthersPageArguments } from '../../edge/answers.js';
import { connectionOf, toConnection, type Connection } from '#graphql/connection.js';
import { DossierAccess, type DossierView } from '../../edge/dossier-access.js';
import { EdgeError } from '#graphql/errors.js';
import { Identifier } from '#graphql/input-limits.js';
import { Because, becauseMax, becauseOf } from '#graphql/outcome.js';
import { listMax } from '../../edge/record-types.js';
import { InstantScalar, PositionTokenScalar } from '#graphql/scalars.js';
import { catalogue } from '../../edge/catalogue.js';
import { history } from '../../edge/readings.js';
import { redacted, shown } from '../../edge/sight.js';
import type { HistoryEntry } from './history.js';
import { asSeenByParty, ownPlaces, type OwnPart, type SeenEntry } from './seen-by-party.js';

const neverSent = (): never => {
  throw new TypeError('This scalar is only answered');
};
const onlyAnswered = (name: string, description: string) =>
  new GraphQLScalarType<never, unknown>({
    name,
    description,
    serialize: (value) => value,
    parseValue: neverSent,
    parseLiteral: neverSent,
  });
export const EventBodyScalar = onlyAnswered(
  'EventBody',
  'What an event says in clear, as JSON; which fields depends on its type, see docs/reference/event-format.md. / 事件正文（非个人信息）。',
);
export const PersonalTextsScalar = onlyAnswered(
  'PersonalTexts',
  'Path of a field (`grounds`, `form.phone`) → text, as JSON; telephone numbers are masked by role. / 字段路径 → 个人信息，电话按角色脱敏。',
);

@ObjectType('HistoryUser', { description: 'A login: who issued its tokens, and what they call it. / 登录账号。' })
export class HistoryUserType {
  @Field(() => String, { description: '`iss` of its tokens; `baobei:host` for the server itself. / 令牌的 iss。' })
  issuer!: string;
  @Field(() => String, { description: '`sub` of its tokens. / 令牌的 sub。' }) subject!: string;
}

@ObjectType('HistoryEntry', {
  description: 'One thing that happened: who, when, under which rule, and why. / 一条历史记录。',
})
export class HistoryEntryType {
  @Field(() => ID, { description: 'Id of the event. / 事件编号。' }) id!: string;
  @Field(() => PositionTokenScalar) position!: string;
  @Field(() => String) type!: string;
  @Field(() => String, {
    description: '`fact`: somebody did or handed in something; `ruling`: what followed from it. / 事实或裁定。',
  })
  kind!: string;
  @Field(() => ID, { nullable: true }) programId?: string;
  @Field(() => String, { description: 'Name of the command it came from. / 来源命令。' }) command!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'Who; null where another party is not to be named. / 操作者；不得披露时为空。',
  })
  actor?: string | null;
  @Field(() => HistoryUserType, {
    nullable: true,
    description:
      'The login that sent it. A party reads those of its own acts; administrators and auditors read all, given a purpose, which is recorded. Null otherwise, for what the system did, and once the person was erased. / 操作的登录账号；本方可见己方，管理员与审计员须说明用途。',
  })
  user?: HistoryUserType | null;
  @Field(() => ID, { nullable: true, description: 'For whom a desk recorded it. / 代谁办理。' }) onBehalfOf?: string;
  @Field(() => InstantScalar, { description: 'When it happened, as somebody said. / 发生时间。' }) occurredAt!: string;
  @Field(() => InstantScalar, { description: 'When a trusted channel had it. / 收到时间。' }) receivedAt!: string;
  @Field(() => String) receivedBy!: string;
  @Field(() => InstantScalar, { description: 'When the log took it. / 入账时间。' }) recordedAt!: string;
  @Field(() => String, { nullable: true, description: 'policy@version#digest in force. / 当时生效的制度。' })
  policy?: string;
  @listMax(becauseMax)
  @Field(() => [Because], { description: 'The clauses it rests on. / 依据条款。' })
  because!: Because[];
  @Field(() => EventBodyScalar) body!: unknown;
  @Field(() => PersonalTextsScalar, {
    nullable: true,
    description: 'Null once the person was erased. / 已删除则为空。',
  })
  personal?: object | null;
}
const HistoryConnection = connectionOf(HistoryEntryType, 'History');

/** How one entry is shown: with the boxes that were opened for it. */
export interface EntryShowing {
  readonly sight: 'clear' | 'masked';
  readonly token: string;
  readonly opened: readonly (OpenedBox | 'erased')[];
  /** Absent: whoever reads it may not see the login. */
  readonly user?: OpenedBox | 'erased';
  /** Parties that a redacted text does not name. */
  readonly others?: readonly string[];
}

export const toHistoryEntry = (
  { body: { because, ...body }, ...entry }: HistoryEntry & { readonly redacted?: boolean },
  { sight, token, opened, user, others = [] }: EntryShowing,
): HistoryEntryType => ({
  id: entry.eventId,
  position: token,
  type: entry.type,
  kind: entry.kind,
  command: entry.command,
  actor: entry.actor.party || null,
  user: user === undefined ? null : (userIn(user) ?? null),
  occurredAt: entry.times.occurredAt,
  receivedAt: entry.times.receivedAt,
  receivedBy: entry.times.receivedBy,
  recordedAt: entry.times.recordedAt,
  because: ((because ?? []) as unknown as readonly Reason[]).slice(0, becauseMax).map(becauseOf),
  body,
  personal: textsIn(opened, (value) => (entry.redacted === true ? redacted(value, others) : shown(value, sight))),
  ...(entry.programId === undefined ? {} : { programId: entry.programId }),
  ...(entry.actor.onBehalfOf === undefined ? {} : { onBehalfOf: entry.actor.onBehalfOf }),
  ...(entry.policy === undefined ? {} : { policy: entry.policy }),
});

const textsIn = (
  opened: readonly (OpenedBox | 'erased')[],
  show: (value: PersonalValue) => PersonalValue,
): object | null =>
  opened.some((box) => box === 'erased')
    ? null
    : Object.fromEntries(
        (opened as readonly OpenedBox[]).flatMap((box) => [...box]).map(([path, { value }]) => [path, show(value)]),
      );

interface PageShowing extends Pick<EntryShowing, 'sight' | 'others'> {
  readonly seesUser: (entry: HistoryEntry) => boolean;
}
/** Whose logins a caller reads: its own party's, or everybody's where that was recorded. */
export const usersSeenBy =
  ({ party }: Caller, all: boolean) =>
  ({ actor }: HistoryEntry): boolean =>
    all || actor.party === party;

@ArgsType()
export class HistoryArguments extends ReadOthersPageArguments {
  @Field(() => ID, { description: 'A dossier, `party:<id>` or `program:<id>`. / 档案、当事方或项目。' })
  @Identifier()
  subject!: string;
}

@Resolver()
export class HistoryResolver {
  constructor(
    private readonly answers: Answers,
    private readonly dossiers: DossierAccess,
  ) {}

  @Query(() => HistoryConnection, {
    nullable: true,
    description:
      'Everything that happened to one subject, in the order of the log: who, when, which rule, why. A party reads its own part. / 某档案的全部经过；当事方只见与己有关部分。',
  })
  async history(
    @Args() asked: HistoryArguments,
    @CurrentCaller() caller: Caller,
  ): Promise<Connection<HistoryEntryType>> {
    const entries = await this.answers.of(history, asked.atPosition);
    const view = await this.#view(caller, asked);
    if (view === undefined) throw new EdgeError('NOT_FOUND');
    // Either id of a merged subject shows what happened to it in both.
    const subjects = view.dossiers;
    const page = await entries.page({
      where: {
        subject: subjects.length === 1 ? { equals: subjects[0] } : { in: subjects },
        ...(view.as === 'official' ? {} : { whose: { in: ownPlaces(view.own).slice(0, inMax) } }),
      },
      order: [{ field: 'position', direction: 'ascending' }],
      first: asked.first,
      ...(asked.after === undefined ? {} : { after: asked.after }),
    });
    const all = view.as === 'official' && this.dossiers.seesUsers(caller, view.programId);
    // Of one's own record nothing is recorded, unless a purpose is given to read whose logins acted on it.
    const recorded =
      page.rows.length > 0 && view.as === 'official' && (view.ofOthers || (all && asked.purpose !== undefined));
    if (recorded)
      await this.answers.recordRead(caller, {
        programId: view.programId,
        subject: asked.subject,
        query: 'history',
        purpose: asked.purpose,
      });
    const seesUser = usersSeenBy(caller, all && recorded);
    return view.as === 'official'
      ? this.#show(page, { sight: view.sight, seesUser })
      : this.#show(ofParty(page, view.own), {
          sight: 'clear',
          seesUser,
          others: await this.dossiers.names(view.own.rivals),
        });
  }

  /** Of parties and programs everything or nothing: for the party itself, and for those who administer and audit. */
  async #view(caller: Caller, { subject, atPosition }: HistoryArguments): Promise<DossierView | undefined> {
    if (!subject.includes(':')) return this.dossiers.of(caller, subject, atPosition);
    const [kind, id = ''] = subject.split(/:(.*)/s);
    const programId = (kind === 'program' ? id : undefined) as DossierView['programId'];
    const roles = this.answers.rolesIn(caller, programId);
    const self = kind === 'party' && id === caller.party;
    const official = roles.some(
      (role) => role === 'administrator' || role === 'auditor' || (kind === 'program' && role === 'policyOwner'),
    );
    return self || official
      ? { programId, dossiers: [subject], as: 'official', sight: 'clear', ofOthers: kind === 'party' && !self }
      : undefined;
  }

  async #show(
    page: Page<HistoryEntry | SeenEntry>,
    { sight, seesUser, others }: PageShowing,
  ): Promise<Connection<HistoryEntryType>> {
    const userOf = (entry: HistoryEntry): Box | undefined => (seesUser(entry) ? entry.user : undefined);
    const boxes = page.rows
      .flatMap(({ document }) => [...document.boxes, userOf(document)])
      .filter((box) => box !== undefined);
    const opened = await this.answers.open(boxes);
    const byBox = new Map(boxes.map((box, index) => [box, opened[index]!]));
    return toConnection(
      page,
      (entry: HistoryEntry | SeenEntry) =>
        toHistoryEntry(entry, {
          sight,
          others: others ?? [],
          token: this.answers.token(entry.position),
          opened: entry.boxes.map((box) => byBox.get(box)!),
          user: byBox.get(userOf(entry)!),
        }),
      this.answers.pageToken(page),
      { partial: others !== undefined },
    );
  }
}

const ofParty = (page: Page<HistoryEntry>, own: OwnPart): Page<SeenEntry> => ({
  ...page,
  rows: page.rows.flatMap((row) => {
    const document = asSeenByParty(row.document, own, catalogue);
    return document === undefined ? [] : [{ ...row, document }];
  }),
});
