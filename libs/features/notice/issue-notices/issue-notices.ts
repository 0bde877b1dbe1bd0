import { accept, refuse, type Decision, type Placed, type Rejection } from '#event-sourcing/decision.js';
import type { Handling } from '#event-sourcing/command/handle-command.js';
import type {
  CalendarDate,
  Code,
  EventId,
  PartyId,
  ProgramId,
  Reason,
  StreamName,
} from '#event-sourcing/vocabulary.js';
import { noticesOn, type Notice } from '#policy/clauses/notices.js';
import { reasonOf } from '#policy/evaluation.js';
import { contextOf, refusalOf, type CommandBase } from '../../deciding/decision-facts.js';
import type { Slice } from '../../deciding/slice.js';
import { claimsOn, type Claims } from '../../dossier/facts.js';
import type { RegistrationId } from '../../dossier/events.js';
import { policyCited, programFolding, programStream, type ProgramFacts } from '../../program/facts.js';
import type { NoticeIssued } from '../events.js';

/** A ruling calls for notices: to the claimant, and to those who filed the same subject (R06.10, R06.11, R06.13). */
export interface IssueNotices extends CommandBase {
  readonly programId: ProgramId;
  readonly about: EventId;
  readonly aboutType: Code;
  readonly registrationId: RegistrationId;
  readonly policy: Code;
  readonly lastDay?: CalendarDate;
}
export interface IssueNoticesState {
  readonly program: ProgramFacts;
  readonly claims: Claims;
}

const noticeStream = (to: PartyId): StreamName => `notice-${to}` as StreamName;

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
  const because = ({ rules }: Notice): Reason =>
    reasonOf({ policy }, 'notices', { rule: rules }, { on: command.aboutType });
  return accept(
    ...noticesOn({ policy }, command.aboutType).flatMap((notice) =>
      notice.to.flatMap((who) =>
        recipients(who, claims, command).map((claim) => ({
          stream: noticeStream(claim.holder),
          event: noticeTo(claim, notice, who, because(notice), command),
          policy: command.policy,
        })),
      ),
    ),
  );
};

type Claim = Claims['claims'][number];
const recipients = (who: Code, { claims }: Claims, { registrationId, receivedAt }: IssueNotices): readonly Claim[] => {
  const own = claims.filter(({ id }) => id === registrationId);
  if (who === 'filer' || who === 'holder') return own;
  if (who !== 'rivals') return [];
  // Those who lost in an earlier round have had their answer long ago.
  const rivals = claims.filter(
    ({ holder, waits, lostAt }) =>
      (waits || (lostAt !== undefined && lostAt >= receivedAt)) && holder !== own[0]?.holder,
  );
  // One notice a rival, about its latest claim.
  return [...new Map(rivals.map((claim) => [claim.holder, claim])).values()];
};

const noticeTo = (
  claim: Claim,
  { channels, says }: Notice,
  who: Code,
  because: Reason,
  { programId, about, aboutType, lastDay }: IssueNotices,
): NoticeIssued => ({
  type: 'NoticeIssued',
  programId,
  to: claim.holder,
  channels,
  says,
  about,
  aboutType,
  registrationId: claim.id,
  subject: claim.id.slice(0, claim.id.indexOf('.')) as Code,
  because: [because],
  ...(lastDay === undefined || who === 'rivals' ? {} : { lastDay }),
});
