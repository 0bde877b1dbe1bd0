import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type { CalendarDate, Code, EventId, PartyId, ProgramId, StreamName } from '#event-sourcing/vocabulary.js';
import { noticeParties, noticesOn, type Notice, type Occasion } from '#policy/clauses/notices.js';
import { contextOf, refusalOf, type CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import { claimsOn, type Claims } from '../../dossier/facts.js';
import type { RegistrationId } from '../../dossier/events.js';
import { policyCited, programFolding, programStream, type ProgramFacts } from '../../program/facts.js';
import type { NoticeIssued } from '../events.js';

/**
 * Something happened to a registration that calls for notices: to the claimant, to those who filed the same subject
 * (R06.10, R06.11, R06.13), to offices of the program (R15.06, R34.14, R42.07).
 */
export interface IssueNotices extends CommandBase {
  readonly programId: ProgramId;
  readonly about: EventId;
  readonly aboutType: Code;
  /** Of an activity that was recorded: which. */
  readonly activity?: Code;
  /** Of an amendment: the fields that were changed. */
  readonly fields?: readonly Code[];
  readonly registrationId: RegistrationId;
  readonly policy: Code;
  readonly lastDay?: CalendarDate;
}
export interface IssueNoticesState {
  readonly program: ProgramFacts;
  readonly claims: Claims;
}

const noticeStream = (to: PartyId): StreamName => `notice-${to}` as StreamName;
/** An office hears of thousands of claims: it has a stream for each subject. */
export const officeStream = (program: ProgramId, role: Code, subject: Code): StreamName =>
  `office-${program}-${role}-${subject}` as StreamName;

export const issueNotices: Slice<IssueNotices, NoticeIssued> = {
  name: 'IssueNotices',
  handling: (command) => issueNoticesHandling(command),
};

const issueNoticesHandling = (command: IssueNotices): Handling<IssueNoticesState, NoticeIssued, Rejection> => ({
  context: contextOf(command, 'IssueNotices', command.programId),
  load: async (reader) => ({
    program: await reader.fold(programStream(command.programId), programFolding),
    claims: await claimsOn(reader, command.registrationId),
  }),
  decide: (state) => notices(state, command),
  refusal: (rejections) =>
    refusalOf(command, 'IssueNotices', rejections, { programId: command.programId, policy: command.policy }),
});

export const notices = (
  { program, claims }: IssueNoticesState,
  command: IssueNotices,
): Decision<Placed<NoticeIssued>> => {
  const policy = policyCited(program, command.policy);
  if (policy === undefined) return refuse({ reason: 'NoPolicyInForce' });
  const own = claims.claims.find(({ id }) => id === command.registrationId);
  if (own === undefined) return accept();
  const occasion: Occasion = {
    on: command.activity ?? command.aboutType,
    class: own.class,
    values: own.details,
    changed: command.fields ?? [],
  };
  return accept(
    ...noticesOn({ policy }, occasion).flatMap((notice) =>
      notice.to
        .flatMap((who) =>
          isAddressee(who)
            ? recipients(who, claims, command).map((claim) => noticeToParty(claim, notice, who, command))
            : [noticeToOffice(who, own, notice, command)],
        )
        .map((placed) => ({ ...placed, policy: command.policy })),
    ),
  );
};

type Addressee = (typeof noticeParties)[number];
const isAddressee = (who: string): who is Addressee => (noticeParties as readonly string[]).includes(who);

type Claim = Claims['claims'][number];
const recipients = (
  who: Addressee,
  { claims }: Claims,
  { registrationId, receivedAt }: IssueNotices,
): readonly Claim[] => {
  const own = claims.filter(({ id }) => id === registrationId);
  if (who !== 'rivals') return own;
  // Those who lost in an earlier round have had their answer long ago.
  const rivals = claims.filter(
    ({ holder, waits, lostAt }) =>
      (waits || (lostAt !== undefined && lostAt >= receivedAt)) && holder !== own[0]?.holder,
  );
  // One notice a rival, about its latest claim.
  return [...new Map(rivals.map((claim) => [claim.holder, claim])).values()];
};

const subjectOf = ({ id }: Claim): Code => id.slice(0, id.indexOf('.')) as Code;
const issued = (
  claim: Claim,
  { channels, says, because }: Notice,
  { programId, about, aboutType, activity }: IssueNotices,
): Omit<NoticeIssued, 'to' | 'toRole' | 'lastDay'> => ({
  type: 'NoticeIssued',
  programId,
  channels,
  says,
  about,
  aboutType: activity ?? aboutType,
  registrationId: claim.id,
  subject: subjectOf(claim),
  because: [because],
});

const noticeToParty = (claim: Claim, notice: Notice, who: Addressee, command: IssueNotices): Placed<NoticeIssued> => ({
  stream: noticeStream(claim.holder),
  event: {
    ...issued(claim, notice, command),
    to: claim.holder,
    ...(command.lastDay === undefined || who === 'rivals' ? {} : { lastDay: command.lastDay }),
  },
});

const noticeToOffice = (role: Code, claim: Claim, notice: Notice, command: IssueNotices): Placed<NoticeIssued> => ({
  stream: officeStream(command.programId, role, subjectOf(claim)),
  event: {
    ...issued(claim, notice, command),
    toRole: role,
    ...(command.lastDay === undefined ? {} : { lastDay: command.lastDay }),
  },
});
