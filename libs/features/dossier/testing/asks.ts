import type { Asked } from '#event-sourcing/testing/given-when-then.js';
import type { Clock } from '#event-sourcing/ports/clock.js';
import type { AnyEvent } from '#event-sourcing/event.js';
import type { Rejection } from '#event-sourcing/decision.js';
import type { Folding, Handling, Reader } from '#event-sourcing/command/handle-command.js';
import type { Code, CommandId, EventId, Fen, PartyId } from '#event-sourcing/vocabulary.js';
import type { Duration } from '#time/clock.js';
import type { CommandBase } from '../../deciding/decision-facts.js';
import type { Given, Slice } from '../../deciding/slice.js';
import { arbitrate, type Arbitrate } from '../collision/arbitrate/arbitrate.js';
import { rejoin } from '../collision/rejoin/rejoin.js';
import { rescindVerdict } from '../collision/rescind-verdict/rescind-verdict.js';
import { separate } from '../collision/separate/separate.js';
import { object } from '../collision/object/object.js';
import { agreeSplit } from '../deal/agree-split/agree-split.js';
import { recordDeal, recordDealOf } from '../deal/record-deal/record-deal.js';
import { rescindDeal } from '../deal/rescind-deal/rescind-deal.js';
import type { Attachment, DealId, DossierEvent, DossierId, RegistrationId, Share, WrittenEvent } from '../events.js';
import { dossierStream, type DossierCommand } from '../on-dossier.js';
import type { Naming, SubjectCommand } from '../on-subject.js';
import { decideExtension } from '../protection/decide-extension/decide-extension.js';
import { recordDeposit } from '../protection/record-deposit/record-deposit.js';
import { recordActivity } from '../registration/record-activity/record-activity.js';
import { recordFollowUp } from '../protection/record-follow-up/record-follow-up.js';
import { recordVisit } from '../protection/record-visit/record-visit.js';
import { release } from '../protection/release/release.js';
import { repairClock } from '../protection/repair-clock/repair-clock.js';
import { requestExtension } from '../protection/request-extension/request-extension.js';
import { rescindRuling } from '../protection/rescind-ruling/rescind-ruling.js';
import { terminate } from '../protection/terminate/terminate.js';
import { transfer } from '../protection/transfer/transfer.js';
import { amendRegistration } from '../registration/amend-registration/amend-registration.js';
import { assign } from '../registration/assign/assign.js';
import { approve } from '../registration/approve/approve.js';
import { askAvailability } from '../registration/ask-availability/ask-availability.js';
import { askPermission } from '../registration/ask-permission/ask-permission.js';
import { decideRequest } from '../registration/decide-request/decide-request.js';
import { exempt } from '../registration/exempt/exempt.js';
import { grantPermission } from '../registration/grant-permission/grant-permission.js';
import { meetDeadlines } from '../registration/meet-deadlines/meet-deadlines.js';
import { recall } from '../registration/recall/recall.js';
import { register } from '../registration/register/register.js';
import { rejectRegistration } from '../registration/reject/reject.js';
import { requestApproval } from '../registration/request-approval/request-approval.js';
import { resubmit } from '../registration/resubmit/resubmit.js';
import { returnForMore } from '../registration/return-for-more/return-for-more.js';
import { caseId, registrationId } from './past.js';
import { on, programId, secret, userStream } from './rehearsal.js';

/**
 * Who asks, when, and about which registration; everything else is plain. `occurred`: when it happened, as the caller
 * says.
 */
export interface Ask {
  readonly by?: string;
  readonly for?: string;
  readonly at?: string;
  readonly occurred?: string;
  readonly n?: number;
  readonly dossier?: string;
  readonly program?: string;
}

/** When a case says nothing: five hours after the claims that say nothing. */
const soon = '2026-03-02 15:00';

export const base = ({ by, for: onBehalfOf, at = soon, occurred }: Ask, commandId: CommandId): CommandBase => ({
  commandId,
  by: by as PartyId,
  receivedAt: on(at),
  receivedBy: 'system' as Code,
  ...(onBehalfOf === undefined ? {} : { onBehalfOf: onBehalfOf as PartyId }),
  ...(occurred === undefined ? {} : { occurredAt: on(occurred) }),
});

/** One command of any kind, as the given-when-then language takes it. */
export const asked = <State, E extends AnyEvent>(
  name: string,
  ask: Ask,
  handling: (commandId: CommandId, clock: Clock) => Handling<State, E, Rejection>,
  again: Asked['again'] = 'nothing',
): Asked => ({ name, at: on(ask.at ?? soon), again, handling: handling as unknown as Asked['handling'] });

/** One command of a slice, as the given-when-then language takes it. */
export const asking = <C extends CommandBase, E extends AnyEvent>(
  slice: Slice<C, E>,
  ask: Ask,
  rest: (commandId: CommandId) => Omit<C, keyof CommandBase>,
  again?: Asked['again'],
): Asked =>
  asked(
    slice.name,
    ask,
    (commandId, clock) =>
      slice.handling({ ...base(ask, commandId), ...rest(commandId) } as unknown as C, givenAt(commandId, clock)),
    again,
  );
/** A dossier that a case opens is named after the command that opened it. */
const givenAt = (commandId: CommandId, clock: Clock): Given => ({
  clock,
  secret,
  newDossierId: () => `new-${commandId}`,
  userStream,
});

const onDossier = <C extends DossierCommand>(
  slice: Slice<C, WrittenEvent>,
  ask: Ask,
  rest: Omit<C, keyof DossierCommand>,
  again?: Asked['again'],
): Asked => asking(slice, ask, () => ({ programId: ask.program ?? programId, ...rest }) as never, again);

export interface SubjectAsk extends Ask {
  readonly class?: string;
  readonly phone?: string;
  readonly account?: string;
  readonly form?: Readonly<Record<string, string | number | boolean>>;
}
const onSubject = <C extends SubjectCommand, E extends AnyEvent>(
  slice: Slice<Naming<C>, E>,
  ask: SubjectAsk,
  rest: Omit<C, keyof SubjectCommand>,
  again?: Asked['again'],
): Asked => asking(slice, ask, () => ({ ...subjectOf(ask), ...rest }) as never, again);
const subjectOf = ({
  class: name = 'walkIn',
  phone = '138 0000 0001',
  account,
  form,
  program,
}: SubjectAsk): Omit<SubjectCommand, keyof CommandBase | 'newDossierId'> => ({
  programId: (program ?? programId) as SubjectCommand['programId'],
  class: name,
  form: form ?? { name: '王芳', phone, ...(account === undefined ? {} : { account }) },
});

const one = (ask: Ask): { readonly registrationId: RegistrationId } => ({ registrationId: registrationId(ask) });
const byHolder = <A extends Ask>(ask: A): A => ({ by: 'dealer-a', ...ask });
const byReviewer = <A extends Ask>(ask: A): A => ({ by: 'reviewer', ...ask });

export const registering = (
  ask: SubjectAsk & {
    readonly channel?: string;
    readonly attachments?: readonly Attachment[];
    readonly attested?: readonly string[];
    readonly receiptAttested?: boolean;
  } = {},
): Asked =>
  onSubject(register, byHolder(ask), {
    channel: ask.channel ?? 'system',
    attachments: ask.attachments ?? [],
    ...(ask.attested === undefined ? {} : { attested: ask.attested }),
    ...(ask.receiptAttested === undefined ? {} : { receiptAttested: ask.receiptAttested }),
  });
export const askingPermission = (ask: SubjectAsk = {}): Asked => onSubject(askPermission, byHolder(ask), {}, 'records');
export const grantingPermission = (ask: SubjectAsk & { readonly to?: string } = {}): Asked =>
  onSubject(grantPermission, byReviewer(ask), { partyId: (ask.to ?? 'dealer-a') as PartyId }, 'records');
export const exempting = (
  ask: SubjectAsk & { readonly to?: string; readonly until?: string; readonly flag?: string } = {},
): Asked =>
  onSubject(
    exempt,
    byReviewer(ask),
    {
      partyId: (ask.to ?? 'dealer-a') as PartyId,
      grounds: '系统停机',
      ...(ask.until === undefined ? {} : { until: on(ask.until) }),
      ...(ask.flag === undefined ? {} : { flag: ask.flag as Code }),
    },
    // A flag is lifted once.
    ask.flag === undefined ? 'records' : undefined,
  );
export const askingAvailability = (ask: SubjectAsk = {}): Asked =>
  onSubject(askAvailability, { by: 'dealer-b', ...ask }, {}, 'records');

export const approving = (ask: Ask & { readonly chosen?: Duration } = {}): Asked =>
  onDossier(approve, byReviewer(ask), { ...one(ask), ...(ask.chosen === undefined ? {} : { chosen: ask.chosen }) });
export const rejecting = (ask: Ask = {}): Asked =>
  onDossier(rejectRegistration, byReviewer(ask), { ...one(ask), grounds: '不符' });
export const returning = (ask: Ask = {}): Asked =>
  onDossier(returnForMore, byReviewer(ask), { ...one(ask), wanted: '名片' });
export const recalling = (ask: Ask = {}): Asked => onDossier(recall, byHolder(ask), one(ask));
export const resubmitting = (
  ask: Ask & { readonly phone?: string; readonly form?: Readonly<Record<string, string>> } = {},
): Asked =>
  onDossier(resubmit, byHolder(ask), {
    ...one(ask),
    form: ask.form ?? { name: '王芳', phone: ask.phone ?? '13800000001' },
    attachments: [{ kind: 'card' as Code, sha256: 'c0ffee' as Code }],
  });
export const meetingDeadlines = (ask: Ask = {}): Asked =>
  onDossier(meetDeadlines, { by: 'baobei-clock', ...ask }, { dossierId: (ask.dossier ?? 'd1') as DossierId });
/** On the host, by whoever may open its folder. */
export const repairingClock = (ask: Ask & { readonly channel?: string } = {}): Asked =>
  asking(
    repairClock,
    { by: 'host', ...ask },
    () =>
      ({
        programId,
        granted: ['administrator'],
        receivedBy: ask.channel ?? 'system',
        dossierId: (ask.dossier ?? 'd1') as DossierId,
        grounds: '时钟曾错',
      }) as never,
  );

export const requestingExtension = (ask: Ask & { readonly evidence?: readonly string[] } = {}): Asked =>
  onDossier(requestExtension, byHolder(ask), { ...one(ask), evidence: ask.evidence ?? ['followUps'] });
export const decidingExtension = (ask: Ask & { readonly grant?: boolean; readonly chosen?: Duration } = {}): Asked =>
  onDossier(decideExtension, byReviewer(ask), {
    ...one(ask),
    grant: ask.grant ?? true,
    ...(ask.chosen === undefined ? {} : { chosen: ask.chosen }),
  });
export const recordingVisit = (ask: Ask = {}): Asked => onDossier(recordVisit, byHolder(ask), one(ask), 'records');
export const recordingActivity = (
  ask: Ask & { readonly activity?: string; readonly form?: Readonly<Record<string, string | number | boolean>> } = {},
): Asked =>
  onDossier(
    recordActivity,
    byHolder(ask),
    { ...one(ask), activity: ask.activity ?? 'sample', form: ask.form ?? { what: '面料', pieces: 3 }, attachments: [] },
    'records',
  );
export const amending = (
  ask: Ask & { readonly form?: Readonly<Record<string, string | number | boolean>> } = {},
): Asked =>
  onDossier(
    amendRegistration,
    byHolder(ask),
    { ...one(ask), form: ask.form ?? { budget: '2000.00', name: '王方' } },
    'records',
  );
export const assigning = (ask: Ask & { readonly part?: string; readonly to?: string | null } = {}): Asked =>
  onDossier(assign, byReviewer(ask), {
    ...one(ask),
    part: ask.part ?? 'helper',
    ...(ask.to === null ? {} : { to: (ask.to ?? 'dealer-b') as PartyId }),
  });
export const requesting = (
  ask: Ask & { readonly request?: string; readonly form?: Readonly<Record<string, string | number | boolean>> } = {},
): Asked =>
  onDossier(requestApproval, byHolder(ask), {
    ...one(ask),
    request: ask.request ?? 'specialPrice',
    form: ask.form ?? { why: '竞争', price: '900.00' },
    attachments: [],
  });
/** About the request that was made last. */
export const decidingRequest = (ask: Ask & { readonly grant?: boolean; readonly opinion?: string } = {}): Asked =>
  aboutTheLast(
    'Requested',
    byReviewer(ask),
    asking(decideRequest, byReviewer(ask), () => ({
      programId,
      ...one(ask),
      requestId: 'not looked up' as EventId,
      grant: ask.grant ?? true,
      ...(ask.opinion === undefined ? {} : { opinion: ask.opinion }),
    })),
    'requestId',
  );
export const recordingFollowUp = (ask: Ask = {}): Asked =>
  onDossier(recordFollowUp, byHolder(ask), one(ask), 'records');
export const recordingDeposit = (ask: Ask & { readonly amount?: string } = {}): Asked =>
  onDossier(recordDeposit, byHolder(ask), { ...one(ask), amount: (ask.amount ?? '100000') as Fen }, 'records');
export const releasing = (ask: Ask = {}): Asked => onDossier(release, byHolder(ask), one(ask));
export const terminating = (
  ask: Ask & { readonly cause?: string; readonly discovered?: string | undefined } = {},
): Asked =>
  onDossier(terminate, byReviewer(ask), {
    ...one(ask),
    cause: ask.cause ?? 'falseInformation',
    grounds: '查实',
    ...(ask.discovered === undefined ? {} : { discoveredAt: on(ask.discovered) }),
  });
export const transferring = (ask: Ask & { readonly to?: string } = {}): Asked =>
  onDossier(transfer, byReviewer(ask), { ...one(ask), to: (ask.to ?? 'dealer-b') as PartyId, grounds: '离职' });
/** `ruling`: the type of the last ruling about the registration, which stands in the log under an id of its own. */
export const rescinding = (ask: Ask & { readonly ruling: string }): Asked => {
  const plain = asking(rescindRuling, byReviewer(ask), () => ({
    programId,
    ...one(ask),
    ruling: 'not looked up' as EventId,
    grounds: '点错',
  }));
  return aboutTheLast(ask.ruling, ask, plain, 'ruling');
};
/** The id of the last event of a type about the registration, put into the command when it is decided. */
const aboutTheLast = (type: string, ask: Ask, plain: Asked, field: 'ruling' | 'requestId'): Asked => ({
  ...plain,
  handling: (commandId, clock) => {
    const handling = plain.handling(commandId, clock);
    return {
      ...handling,
      load: async (reader) => {
        const state = (await handling.load(reader)) as { readonly command: object };
        return { ...state, command: { ...state.command, [field]: await last(reader, type, ask) } };
      },
    };
  },
});
const last = async (reader: Reader, type: string, ask: Ask): Promise<EventId> => {
  const folding: Folding<EventId, DossierEvent> = {
    name: `last ${type} of ${ask.n ?? 1}`,
    initial: 'none' as EventId,
    apply: (found, { event, id }) =>
      event.type === type && 'registrationId' in event && event.registrationId === one(ask).registrationId
        ? id!
        : found,
  };
  return reader.fold(dossierStream((ask.dossier ?? 'd1') as DossierId), folding);
};

export const arbitrating = (
  ask: Ask & {
    readonly outcome?: Arbitrate['outcome'];
    readonly winner?: number;
    readonly winnerId?: string;
    readonly shares?: readonly Share[];
  } = {},
): Asked =>
  onDossier(
    arbitrate,
    { by: 'arbiter', ...ask },
    {
      caseId: caseId(ask.dossier, ask.n),
      outcome: ask.outcome ?? 'assign',
      reasons: '先到',
      ...(ask.winner === undefined ? {} : { winner: registrationId({ ...ask, n: ask.winner }) }),
      ...(ask.winnerId === undefined ? {} : { winner: ask.winnerId as RegistrationId }),
      ...(ask.shares === undefined ? {} : { shares: ask.shares }),
    },
  );
/** By whoever may take rulings back: the merge of this dossier into another. */
export const separating = (ask: Ask = {}): Asked =>
  onDossier(separate, byReviewer(ask), { dossierId: (ask.dossier ?? 'd2') as DossierId, grounds: '并错' });
export const rescindingVerdict = (ask: Ask = {}): Asked =>
  onDossier(rescindVerdict, byReviewer(ask), { caseId: caseId(ask.dossier, ask.n), grounds: '误判' });
/** That these are two is taken back. */
export const rejoining = (ask: Ask & { readonly other?: string } = {}): Asked =>
  onDossier(rejoin, byReviewer(ask), {
    dossierId: (ask.dossier ?? 'd1') as DossierId,
    otherId: (ask.other ?? 'd2') as DossierId,
    grounds: '原是一人',
  });
export const objecting = (ask: Ask & { readonly evidence?: readonly string[] } = {}): Asked =>
  onDossier(
    object,
    { by: 'dealer-b', n: 2, ...ask },
    { ...one({ n: 2, ...ask }), evidence: ask.evidence ?? ['calls'], grounds: '先到' },
  );
export const agreeingSplit = (
  ask: Ask & { readonly shares?: readonly Share[]; readonly agreedBy?: readonly string[] } = {},
): Asked => {
  const shares = ask.shares ?? [
    { partyId: 'dealer-a' as PartyId, weight: 2 },
    { partyId: 'dealer-b' as PartyId, weight: 1 },
  ];
  return onDossier(
    agreeSplit,
    { by: 'finance', ...ask },
    { ...one(ask), shares, agreedBy: (ask.agreedBy ?? ['dealer-a', 'dealer-b']) as readonly PartyId[] },
    'records',
  );
};
export const recordingDeal = (
  ask: Ask & {
    readonly amount?: string;
    readonly signed?: string;
    readonly closedBy?: string;
    readonly assistants?: readonly string[];
    readonly number?: string;
    readonly fees?: readonly (readonly [party: string, amount: string])[];
  } = {},
): Asked =>
  onDossier(
    recordDeal,
    { by: 'finance', ...ask },
    {
      dossierId: (ask.dossier ?? 'd1') as DossierId,
      amount: (ask.amount ?? '1000000') as Fen,
      signedAt: on(ask.signed ?? ask.at ?? soon),
      closedBy: (ask.closedBy ?? 'dealer-a') as PartyId,
      assistants: (ask.assistants ?? []) as readonly PartyId[],
      ...(ask.fees === undefined
        ? {}
        : { fees: ask.fees.map(([party, amount]) => ({ partyId: party as PartyId, amount: amount as Fen })) }),
      ...(ask.number === undefined ? {} : { contractNumber: ask.number }),
    },
    // Of one number there is no second.
    ask.number === undefined ? 'records' : 'nothing',
  );
export const rescindingDeal = (ask: Ask = {}): Asked =>
  onDossier(rescindDeal, byReviewer(ask), {
    dealId: `${ask.dossier ?? 'd1'}.d${ask.n ?? 1}` as DealId,
    grounds: '登错',
  });
/** A deal of a customer whom the form names. */
export const recordingDealOf = (ask: SubjectAsk & { readonly number?: string } = {}): Asked =>
  onSubject(
    recordDealOf,
    { by: 'finance', ...ask },
    {
      amount: '1000000' as Fen,
      signedAt: on(soon),
      closedBy: 'dealer-a' as PartyId,
      assistants: [],
      ...(ask.number === undefined ? {} : { contractNumber: ask.number }),
    },
    ask.number === undefined ? 'records' : 'nothing',
  );
