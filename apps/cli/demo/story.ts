import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { Code, Fen, PartyId } from '#event-sourcing/vocabulary.js';
import type { CaseId, DossierEvent, DossierId, RegistrationId } from '#features/dossier/events.js';
import type { OffenceId } from '#features/standing/events.js';
import { wall, type Stage } from './stage.js';
import { projects, walkIns } from './world.js';
import { arbitrate } from '#features/dossier/collision/arbitrate/arbitrate.js';
import { recordDeal } from '#features/dossier/deal/record-deal/record-deal.js';
import { decideExtension } from '#features/dossier/protection/decide-extension/decide-extension.js';
import { requestExtension } from '#features/dossier/protection/request-extension/request-extension.js';
import { terminate } from '#features/dossier/protection/terminate/terminate.js';
import { approve } from '#features/dossier/registration/approve/approve.js';
import { grantPermission } from '#features/dossier/registration/grant-permission/grant-permission.js';
import { register } from '#features/dossier/registration/register/register.js';
import { findOffence } from '#features/standing/find-offence/find-offence.js';

/** One chapter: what is shown in the history afterwards. */
export interface Chapter {
  readonly title: { readonly zh: string; readonly en: string };
  readonly subjects: readonly string[];
  readonly refusals: readonly Outcome[];
}

const card = [{ kind: 'businessCard' as Code, sha256: '0'.repeat(64) as Code }];
const company = (customerName: string) => ({
  customerName,
  project: '三期厂房',
  keyPerson: '王芳',
  keyPersonPhone: '13800001111',
  expectedAmount: '200000',
  expectedUnitPrice: '1200',
  expectedSigning: '2026-09-01',
  feedback: '已面谈',
});
const filing = (customerName: string) => ({
  programId: projects,
  class: 'project',
  channel: 'system',
  form: company(customerName),
  attachments: card,
});

const eventsOf = (outcome: Outcome): readonly DossierEvent[] => {
  if (outcome.outcome !== 'accepted') throw new Error(`The story met ${JSON.stringify(outcome).slice(0, 400)}`);
  return outcome.events.map(({ event }) => event) as unknown as readonly DossierEvent[];
};
const registrationIn = (outcome: Outcome): RegistrationId =>
  eventsOf(outcome).find((event) => event.type === 'Registered')!.registrationId;
const caseIn = (outcome: Outcome): CaseId => eventsOf(outcome).find((event) => event.type === 'ConflictRaised')!.caseId;
const dossierOf = (id: RegistrationId): DossierId => id.split('.')[0] as DossierId;

/**
 * Protected for one, then an earlier form turns up late: the clock stands still until somebody decides, and goes on
 * with what was left.
 */
export const collision = async ({ send, until }: Stage): Promise<Chapter> => {
  await until(wall('2026-04-13 09:00'));
  const first = registrationIn(await send(register, 'li-jun', filing('重庆江畔建设有限公司')));
  await until(wall('2026-04-15 10:00'));
  await send(approve, 'reviewer', { programId: projects, registrationId: first });
  await until(wall('2026-04-17 16:00'));
  // The same company, written otherwise; the fax lay on the desk since before the first filing.
  const late = await send(
    register,
    'front-desk',
    { ...filing('重慶江畔建設 有限公司'), channel: 'fax' },
    { onBehalfOf: 'zhao-qian' as PartyId, occurredAt: wall('2026-04-12 17:30'), receivedAt: wall('2026-04-12 17:30') },
  );
  await until(wall('2026-05-06 11:00'));
  await send(arbitrate, 'arbiter', {
    programId: projects,
    caseId: caseIn(late),
    outcome: 'assign',
    winner: first,
    reasons: '传真虽早到一天，但未附名片，且客户确认由李军接洽。',
  });
  return {
    title: {
      zh: '撞单与裁决：保护期中止，裁决后按剩余天数继续',
      en: 'A collision and its verdict: the clock stood still and went on with what was left',
    },
    subjects: [dossierOf(first)],
    refusals: [],
  };
};

/** Asked in time, granted, and in the end run out all the same; a deal in between is attributed. */
export const extension = async ({ send, until }: Stage): Promise<Chapter> => {
  await until(wall('2026-05-11 09:00'));
  const registration = registrationIn(await send(register, 'sun-hao', filing('成都望江实业有限责任公司')));
  await until(wall('2026-05-12 15:00'));
  await send(approve, 'reviewer', { programId: projects, registrationId: registration });
  await until(wall('2026-07-20 09:30'));
  await send(requestExtension, 'sun-hao', {
    programId: projects,
    registrationId: registration,
    evidence: ['latestInformation'],
    grounds: '客户推迟开标',
  });
  await until(wall('2026-07-21 10:00'));
  await send(decideExtension, 'reviewer', { programId: projects, registrationId: registration, grant: true });
  await until(wall('2026-08-18 14:00'));
  await send(recordDeal, 'finance', {
    programId: projects,
    dossierId: dossierOf(registration),
    amount: '1999999900' as Fen,
    signedAt: wall('2026-08-17 15:00'),
    closedBy: 'sun-hao' as PartyId,
    assistants: [],
  });
  await until(wall('2026-11-13 00:00'));
  return {
    title: { zh: '延期、成交归属与到期', en: 'An extension, a deal and its attribution, and the end' },
    subjects: [dossierOf(registration)],
    refusals: [],
  };
};

/** False information ends a protection and bars the customer for three months; a third false filing costs the post. */
export const penalty = async ({ send, until }: Stage): Promise<Chapter> => {
  await until(wall('2026-11-13 09:00'));
  const registration = registrationIn(await send(register, 'wu-lei', filing('贵阳南明置业有限公司')));
  await until(wall('2026-11-16 09:00'));
  await send(approve, 'reviewer', { programId: projects, registrationId: registration });
  await send(terminate, 'reviewer', {
    programId: projects,
    registrationId: registration,
    cause: 'falseInformation',
    grounds: '预计金额系编造',
  });
  await until(wall('2026-11-17 09:00'));
  const barred = await send(register, 'wu-lei', filing('贵阳南明置业有限公司'));
  for (const time of [1, 2, 3]) {
    await send(findOffence, 'reviewer', {
      programId: walkIns,
      partyId: 'wu-lei' as PartyId,
      offenceId: `false-filing-${time}` as OffenceId,
      offence: 'falseFiling',
      customers: 1,
      finding: `第 ${time} 次虚假报备`,
    });
  }
  await send(grantPermission, 'office', {
    programId: walkIns,
    class: 'walkIn',
    form: { phone: '13900002222' },
    partyId: 'wu-lei' as PartyId,
  });
  const dismissed = await send(register, 'wu-lei', {
    programId: walkIns,
    class: 'walkIn',
    channel: 'paper',
    form: { customerName: '赵六', phone: '13900002222', address: '重庆市渝中区民权路1号' },
    attachments: [],
  });
  return {
    title: { zh: '处罚与禁报：之后的报备被拒', en: 'Penalties and a ban: what is filed afterwards is refused' },
    subjects: [dossierOf(registration), 'party:wu-lei'],
    refusals: [barred, dismissed],
  };
};
