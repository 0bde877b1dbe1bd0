import { memoryEventLog } from '#adapters/event-log-memory/event-log-memory.js';
import { memoryJournal } from '#adapters/journal-memory/journal-memory.js';
import type { CommandEngine, Handling } from '#event-sourcing/command/handle-command.js';
import type { Rejection } from '#event-sourcing/decision.js';
import { decodeEvent } from '#event-sourcing/envelope.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { EventLog, StoredEvent } from '#event-sourcing/ports/event-log.js';
import type { KeyStore } from '#event-sourcing/ports/key-store.js';
import type { Asked } from '#event-sourcing/testing/given-when-then.js';
import { simulatedClock } from '#event-sourcing/testing/simulated-clock.js';
import { clear, type Code, type CommandId, type PartyId } from '#event-sourcing/vocabulary.js';
import { recordRead } from '#features/audit/record-read/record-read.js';
import { catalogue } from '#features/edge/catalogue.js';
import type { RegistrationId } from '#features/dossier/events.js';
import { administering } from '#features/dossier/testing/administering.js';
import {
  agreeingSplit,
  amending,
  assigning,
  approving,
  arbitrating,
  asking,
  askingAvailability,
  askingPermission,
  decidingExtension,
  exempting,
  grantingPermission,
  meetingDeadlines,
  objecting,
  recalling,
  recordingDeal,
  recordingDeposit,
  recordingFollowUp,
  recordingActivity,
  recordingVisit,
  requesting,
  decidingRequest,
  registering,
  rejoining,
  releasing,
  requestingExtension,
  rescinding,
  rescindingVerdict,
  rescindingDeal,
  resubmitting,
  returning,
  separating,
  terminating,
  transferring,
} from '#features/dossier/testing/asks.js';
import { engineOn, on, openingOf, programId, rehearsalText, userStream } from '#features/dossier/testing/rehearsal.js';
import { releaseLease } from '#features/lease/release-lease/release-lease.js';
import { takeLease } from '#features/lease/take-lease/take-lease.js';
import { issueNotices } from '#features/notice/issue-notices/issue-notices.js';
import { changeMembership } from '#features/party/change-membership/change-membership.js';
import { revokeRole } from '#features/party/revoke-role/revoke-role.js';
import { publishTable } from '#features/table/publish-table/publish-table.js';
import { publishCalendar } from '#features/program/publish-calendar/publish-calendar.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { withdrawPolicy } from '#features/program/withdraw-policy/withdraw-policy.js';
import type { OffenceId } from '#features/standing/events.js';
import { findOffence } from '#features/standing/find-offence/find-offence.js';
import { rescindPenalty } from '#features/standing/rescind-penalty/rescind-penalty.js';
import { asUser } from '#features/user/facts.js';
import { lockUser } from '#features/user/lock-user/lock-user.js';
import { meetPeriods } from '#features/work/meet-periods/meet-periods.js';
import { recordWork } from '#features/work/record-work/record-work.js';
import { unlockUser } from '#features/user/unlock-user/unlock-user.js';

const hurried = [
  'gates:',
  '  - name: hurried',
  '    before: sample',
  '    needs: count("visit") >= 2',
  '    otherwise: flag',
  '    says: { zh: 拜访不足, en: Too few visits }',
  '  - name: priceFirst',
  '    before: sample',
  '    needs: granted("specialPrice")',
  '    says: { zh: 须先批特价, en: The price first }',
].join('\n');
/**
 * The regime of the story: the rehearsal's, with a review that escalates, notices that are issued, gates,
 * and a clock that counts working days.
 */
export const storyText = (): string =>
  rehearsalText({
    'onTimeout: approve': 'onTimeout: escalate, escalatesTo: director',
    'timeZone: Asia/Shanghai': 'timeZone: Asia/Shanghai\ncalendar: china',
    'starts: visit, lasts: { days: 30, counting: exclusive }':
      'starts: visit, lasts: { workingDays: 20, counting: exclusive }',
    'review:\n':
      'duties:\n' +
      '  - { name: sampling, title: { zh: 送样, en: Sampling }, class: appointment, of: holder, after: visit, within: { days: 1, counting: exclusive }, done: sample }\n' +
      '  - { name: report, title: { zh: 报告, en: Report }, class: permitted, of: { roles: reviewer }, within: { days: 2, counting: exclusive }, done: followUp }\n' +
      'periodicDuties:\n' +
      '  - { name: reports, title: { zh: 日报, en: Reports }, of: { each: party }, each: day, done: dayReport }\n' +
      '  - { name: weekly, title: { zh: 周报, en: Weekly }, of: { roles: reviewer }, each: week, done: dayReport }\n' +
      'review:\n',
    'visibility:': 'notices: [{ on: Approved, to: filer, channels: system, says: lastDay }]\nvisibility:',
    'protection:': `${hurried}\nprotection:`,
  });

const phone = (number: number): string => `1380000${String(number).padStart(4, '0')}`;
const reported = { programId, partyId: 'reviewer' as PartyId };
const standing = { partyId: 'dealer-b' as PartyId, programId, offenceId: 'o-1' as OffenceId };
/** A dossier is named after the command that opened it. */
const of = (command: string): { readonly dossier: string } => ({ dossier: `new-${command}` });

/** Every decision of the product at least once, in the order of time. */
const steps: readonly (readonly [id: string, Asked])[] = [
  [
    'pen',
    asking(takeLease, { by: 'baobei', at: '2026-03-01' }, () => ({
      lease: 'pen' as Code,
      after: 0,
      holder: 'server-1' as Code,
      address: clear('http://127.0.0.1:4001'),
    })),
  ],
  [
    'pen-down',
    asking(releaseLease, { by: 'baobei', at: '2026-03-01' }, () => ({
      lease: 'pen' as Code,
      holder: 'server-1' as Code,
    })),
  ],
  [
    'calendar',
    administering(
      publishCalendar,
      { calendarId: 'china' as Code, year: 2026, holidays: ['2026-10-01'], makeUpDays: ['2026-10-10'] },
      { at: '2026-03-01' },
    ),
  ],
  [
    'prices',
    administering(
      publishTable,
      {
        programId,
        table: 'prices',
        rows: [{ article: '水泵', sum: '100.00', contact: '王芳' }],
        effectiveFrom: on('2026-03-01'),
      },
      { at: '2026-03-01' },
    ),
  ],
  [
    'team',
    administering(
      changeMembership,
      { partyId: 'dealer-a' as PartyId, memberOf: 'desk' as PartyId, from: on('2026-03-01') },
      { at: '2026-03-01' },
    ),
  ],
  ['availability', askingAvailability({ phone: phone(1), at: '2026-03-02' })],
  ['f1', registering({ phone: phone(1), at: '2026-03-02' })],
  ['refused', releasing({ by: 'dealer-c', ...of('f1'), at: '2026-03-02' })],
  ['f2', registering({ phone: phone(2), at: '2026-03-02' })],
  ['f3', registering({ by: 'dealer-c', phone: phone(3), at: '2026-03-02' })],
  ['f4', registering({ class: 'reviewed', phone: phone(4), at: '2026-03-02' })],
  [
    'f5',
    registering({ class: 'reviewed', form: { name: '王芳', phone: phone(5), budget: '100000' }, at: '2026-03-02' }),
  ],
  ['f6', registering({ class: 'reviewed', phone: phone(6), at: '2026-03-02' })],
  ['f6-second', registering({ by: 'dealer-b', class: 'reviewed', phone: phone(6), at: '2026-03-02' })],
  ['f7', registering({ class: 'reviewed', phone: phone(7), at: '2026-03-02' })],
  ['f8', registering({ class: 'appointment', phone: phone(8), at: '2026-03-02' })],
  ['f9', registering({ phone: phone(9), at: '2026-03-02' })],
  ['f10', registering({ by: 'dealer-b', form: { name: '王芳', account: 'wang' }, at: '2026-03-02' })],
  ['f10-released', releasing({ dossier: 'new-f10', by: 'dealer-b', at: '2026-03-02 11:00' })],
  ['f11', registering({ by: 'dealer-c', phone: phone(9), account: 'wang', at: '2026-03-02 12:00' })],
  ['ask', askingPermission({ class: 'permitted', phone: phone(12), at: '2026-03-02 12:00' })],
  ['grant', grantingPermission({ class: 'permitted', phone: phone(12), at: '2026-03-02 12:00' })],
  ['exempt', exempting({ class: 'permitted', phone: phone(12), at: '2026-03-02 12:00' })],
  ['f12', registering({ class: 'permitted', phone: phone(12), at: '2026-03-02 13:00' })],
  ['return', returning({ ...of('f4'), at: '2026-03-02 13:00' })],
  ['resubmit', resubmitting({ ...of('f4'), phone: phone(4), at: '2026-03-02 14:00' })],
  ['recall', recalling({ ...of('f4'), at: '2026-03-02 14:00' })],
  ['amend', amending({ ...of('f5'), at: '2026-03-02 13:30' })],
  ['assign', assigning({ ...of('f5'), at: '2026-03-02 13:45' })],
  ['advance', approving({ ...of('f5'), at: '2026-03-02 14:00' })],
  ['approve', approving({ ...of('f6'), at: '2026-03-02 14:00' })],
  ['object', objecting({ ...of('f6'), at: '2026-03-02 15:00' })],
  ['visit', recordingVisit({ ...of('f8'), at: '2026-03-02 15:00' })],
  ['want-price', requesting({ ...of('f8'), at: '2026-03-02 15:10' })],
  ['price', decidingRequest({ ...of('f8'), opinion: '可', at: '2026-03-02 15:20' })],
  ['activity', recordingActivity({ ...of('f8'), at: '2026-03-02 15:30' })],
  ['lift', exempting({ phone: phone(8), flag: 'hurried', at: '2026-03-02 15:45' })],
  ['want-end', requesting({ ...of('f8'), request: 'ending', form: {}, at: '2026-03-02 15:40' })],
  ['end-head', decidingRequest({ ...of('f8'), at: '2026-03-02 15:50' })],
  ['terminate', terminating({ ...of('f8'), at: '2026-03-02 16:00' })],
  ['f2-second', registering({ by: 'dealer-b', phone: phone(2), at: '2026-03-03' })],
  ['follow-up', recordingFollowUp({ ...of('f1'), at: '2026-03-03' })],
  ['escalate', meetingDeadlines({ ...of('f7'), at: '2026-03-03 10:00' })],
  ['want-more', requestingExtension({ ...of('f1'), at: '2026-03-04' })],
  ['more', decidingExtension({ ...of('f1'), at: '2026-03-04' })],
  ['want-more-too', requestingExtension({ by: 'dealer-c', ...of('f3'), at: '2026-03-04' })],
  ['no-more', decidingExtension({ ...of('f3'), grant: false, at: '2026-03-04' })],
  ['want-more-still', requestingExtension({ by: 'dealer-c', ...of('f3'), at: '2026-03-05' })],
  ['deposit', recordingDeposit({ ...of('f1'), at: '2026-03-05' })],
  ['report-missed', meetingDeadlines({ ...of('ask'), at: '2026-03-06' })],
  ['transfer', transferring({ ...of('f1'), at: '2026-03-06' })],
  ['rescind', rescinding({ ...of('f1'), ruling: 'Transferred', at: '2026-03-06' })],
  ['split', agreeingSplit({ ...of('f1'), at: '2026-03-06' })],
  ['deal', recordingDeal({ ...of('f1'), at: '2026-03-06' })],
  ['deal-twice', recordingDeal({ ...of('f1'), number: 'HT-2026-001', at: '2026-03-06' })],
  ['deal-back', rescindingDeal({ ...of('f1'), n: 2, at: '2026-03-06' })],
  ['release', releasing({ ...of('f1'), at: '2026-03-07' })],
  ['verdict', arbitrating({ ...of('f2'), winner: 1, at: '2026-03-07' })],
  ['f13', registering({ phone: phone(13), at: '2026-03-07' })],
  [
    'f14',
    registering({ by: 'dealer-c', class: 'reviewed', form: { name: '王芳', account: 'zhang' }, at: '2026-03-07' }),
  ],
  ['crossed', registering({ by: 'dealer-b', phone: phone(13), account: 'zhang', at: '2026-03-07 11:00' })],
  ['f9-verdict', arbitrating({ ...of('f9'), winner: 1, at: '2026-03-07 11:10' })],
  ['separate', separating({ dossier: 'new-f10', at: '2026-03-07 11:30' })],
  ['rejoin', rejoining({ dossier: 'new-f9', other: 'new-f10', at: '2026-03-07 11:40' })],
  ['two', arbitrating({ ...of('f13'), outcome: 'distinct', at: '2026-03-07 12:00' })],
  ['verdict-back', rescindingVerdict({ ...of('f2'), at: '2026-03-07 12:10' })],
  [
    'offence',
    asking(findOffence, { by: 'reviewer', at: '2026-03-08' }, () => ({
      ...standing,
      offence: 'falseFiling',
      customers: 1,
      finding: '查实',
    })),
  ],
  ['pardon', asking(rescindPenalty, { by: 'reviewer', at: '2026-03-09' }, () => ({ ...standing, grounds: '认错人' }))],
  [
    'read',
    asking(recordRead, { by: 'reviewer', at: '2026-03-09' }, () => ({
      programId,
      subject: 'new-f1',
      query: 'history',
      purpose: 'review' as const,
    })),
  ],
  ['abandoned', meetingDeadlines({ ...of('f2'), at: '2026-04-01' })],
  ['expired', meetingDeadlines({ ...of('f3'), at: '2026-04-01' })],
  [
    'plan',
    administering(
      publishPolicy,
      {
        programId,
        text: rehearsalText({ 'version: "1"': 'version: "2"' }),
        effectiveFrom: on('2026-06-01'),
        authority: '总经理',
      },
      { at: '2026-04-01' },
    ),
  ],
  ['withdraw', administering(withdrawPolicy, { programId, version: '2', authority: '总经理' }, { at: '2026-04-01' })],
  [
    'called-for',
    asking(meetPeriods, { by: 'baobei-clock', at: '2026-04-01' }, () => ({ ...reported, from: on('2026-04-01') })),
  ],
  [
    'office',
    asking(meetPeriods, { by: 'baobei-clock', at: '2026-04-01' }, () => ({ programId, from: on('2026-04-01') })),
  ],
  ['unreported', asking(meetPeriods, { by: 'baobei-clock', at: '2026-04-02' }, () => reported)],
  [
    'work',
    asking(recordWork, { by: 'reviewer', at: '2026-04-02' }, () => ({
      programId,
      activity: 'dayReport',
      form: { report: '查实' },
      attachments: [],
    })),
  ],
  ['dismiss', administering(revokeRole, { partyId: 'finance' as PartyId, role: 'finance' }, { at: '2026-04-01' })],
];

export interface Story {
  readonly log: EventLog;
  readonly keyStore: KeyStore;
  readonly events: readonly StoredEvent[];
}

/** Plays it; `refused` is the only step that may be. */
export const playStory = async (): Promise<Story> => {
  const { events: opening, keyStore, policy } = await openingOf(storyText());
  const journal = memoryJournal();
  await journal.append(opening, 0);
  const log = memoryEventLog({ journal });
  const clock = simulatedClock(on('2026-03-01'));
  const engine = engineOn({ log, keyStore, clock, seed: 'story' });
  for (const [id, { at, handling }] of steps) {
    clock.set(at);
    const { outcome, ...answer } = await engine.handle(handling(id as CommandId, clock));
    if (outcome !== (id === 'refused' ? 'refused' : 'accepted'))
      throw new Error(
        `Step ${id} was ${outcome}: ${JSON.stringify('events' in answer ? answer.events[0]?.event : answer)}`,
      );
  }
  const approved = (await log.findCommand('dealer-a/f1' as CommandId))!
    .map((stored) => decodeEvent(stored, catalogue))
    .find(({ event }) => event.type === 'Approved')!;
  const notice = asking(issueNotices, { by: 'baobei-notices', at: '2026-04-01' }, () => ({
    programId,
    about: approved.id,
    aboutType: 'Approved' as Code,
    registrationId: 'new-f1.1' as RegistrationId,
    policy: policy.reference,
  }));
  await engine.handle(notice.handling('notice' as CommandId, clock));
  await playLogins(engine, clock);
  return { log, keyStore, events: (await log.readAll(0)).events };
};

/** The administrator's login locks another and lets it in again: every event of it says which login that was. */
const playLogins = async (engine: CommandEngine, clock: Clock): Promise<void> => {
  const user = { issuer: 'https://issuer.example', subject: 'u-17' };
  const login = { ...user, subject: 'u-18' };
  for (const slice of [lockUser, unlockUser]) {
    const asked = administering(slice, { login, reason: '账号外借' }, { at: '2026-04-02' });
    const handling = asked.handling(slice.name as CommandId, clock) as Handling<unknown, AnyEvent, Rejection>;
    const { outcome } = await engine.handle(asUser(handling, user, await userStream(user)));
    if (outcome !== 'accepted') throw new Error(`${slice.name} was ${outcome}`);
  }
};
