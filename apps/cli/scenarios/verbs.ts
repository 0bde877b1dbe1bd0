import type { ICommand } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Code, EventId, PartyId } from '#event-sourcing/vocabulary.js';
import { AgreeSplitCommand } from '#features/dossier/deal/agree-split/agree-split.handler.js';
import { RecordDealCommand, RecordDealOfCommand } from '#features/dossier/deal/record-deal/record-deal.handler.js';
import { ArbitrateCommand } from '#features/dossier/collision/arbitrate/arbitrate.handler.js';
import { ObjectCommand } from '#features/dossier/collision/object/object.handler.js';
import { DecideExtensionCommand } from '#features/dossier/protection/decide-extension/decide-extension.handler.js';
import { RecordDepositCommand } from '#features/dossier/protection/record-deposit/record-deposit.handler.js';
import { RecordFollowUpCommand } from '#features/dossier/protection/record-follow-up/record-follow-up.handler.js';
import { RecordVisitCommand } from '#features/dossier/protection/record-visit/record-visit.handler.js';
import { ReleaseCommand } from '#features/dossier/protection/release/release.handler.js';
import { RequestExtensionCommand } from '#features/dossier/protection/request-extension/request-extension.handler.js';
import { RescindRulingCommand } from '#features/dossier/protection/rescind-ruling/rescind-ruling.handler.js';
import { TerminateCommand } from '#features/dossier/protection/terminate/terminate.handler.js';
import { TransferCommand } from '#features/dossier/protection/transfer/transfer.handler.js';
import { ApproveCommand } from '#features/dossier/registration/approve/approve.handler.js';
import { AskAvailabilityCommand } from '#features/dossier/registration/ask-availability/ask-availability.handler.js';
import { AskPermissionCommand } from '#features/dossier/registration/ask-permission/ask-permission.handler.js';
import { ExemptCommand } from '#features/dossier/registration/exempt/exempt.handler.js';
import { GrantPermissionCommand } from '#features/dossier/registration/grant-permission/grant-permission.handler.js';
import { RecallCommand } from '#features/dossier/registration/recall/recall.handler.js';
import { RegisterCommand } from '#features/dossier/registration/register/register.handler.js';
import { RejectCommand } from '#features/dossier/registration/reject/reject.handler.js';
import { ResubmitCommand } from '#features/dossier/registration/resubmit/resubmit.handler.js';
import { ReturnForMoreCommand } from '#features/dossier/registration/return-for-more/return-for-more.handler.js';
import { ChangeMembershipCommand } from '#features/party/change-membership/change-membership.handler.js';
import { GrantRoleCommand } from '#features/party/grant-role/grant-role.handler.js';
import { RevokeRoleCommand } from '#features/party/revoke-role/revoke-role.handler.js';
import { PublishPolicyCommand } from '#features/program/publish-policy/publish-policy.handler.js';
import { FindOffenceCommand } from '#features/standing/find-offence/find-offence.handler.js';
import { RescindPenaltyCommand } from '#features/standing/rescind-penalty/rescind-penalty.handler.js';
import { durationSchema } from '#policy/lengths.js';
import { valueSchema } from './customers.js';
import { roleSchema } from './parties.js';
import { penaltySchema } from './penalties.js';
import { sharesSchema } from './shares.js';
import { codeSchema, momentSchema, nameSchema, oneOrMore, textSchema, yuanSchema } from './words.js';
import type { World } from './world.js';

/** What every step may say: when, who, for whom, and under which name later steps speak of what it made. */
export const common = {
  at: momentSchema.optional(),
  who: nameSchema.optional(),
  does: z.string().optional(),
  for: nameSchema.optional(),
  as: nameSchema.optional(),
  happened: momentSchema.optional(),
  received: momentSchema.optional(),
  via: codeSchema.optional(),
  refused: z.union([z.literal(true), oneOrMore(codeSchema)]).optional(),
};
/** Which customer; and, where several claim it, whose registration or the one that was named with `as`. */
const customer = { customer: textSchema.optional(), class: codeSchema.optional() };
const registration = {
  customer: textSchema.optional(),
  of: nameSchema.optional(),
  registration: nameSchema.optional(),
};
const because = { because: textSchema.optional() };
const form = {
  form: z.record(z.string(), valueSchema).optional(),
  attachments: z.array(codeSchema).optional(),
  without: oneOrMore(codeSchema).optional(),
};
const party = nameSchema.transform((name) => name as PartyId);

interface Verb<S extends z.ZodType> {
  readonly schema: S;
  readonly command?: (step: z.output<S>, world: World) => Promise<ICommand>;
}
const exactly = <S extends z.ZodRawShape>(
  shape: S,
  command: (step: z.output<z.ZodObject<typeof common & S>>, world: World) => Promise<ICommand>,
): Verb<z.ZodObject<typeof common & S>> => ({
  schema: z.strictObject({ ...common, ...shape }) as unknown as z.ZodObject<typeof common & S>,
  command,
});
/** A key that is no word of the step is a field of the policy's form. */
const withForm = <S extends z.ZodRawShape>(
  shape: S,
  command: (step: z.output<z.ZodObject<typeof common & S>>, world: World) => Promise<ICommand>,
): Verb<z.ZodObject<typeof common & S>> => ({
  schema: z.object({ ...common, ...customer, ...form, ...shape }).catchall(valueSchema) as unknown as z.ZodObject<
    typeof common & S
  >,
  command,
});

const grounds = (step: { readonly because?: string | undefined }): string => step.because ?? '（未写明）';

/** Every act a scenario can play. Each is one command of the product, sent over the same bus as everybody else's. */
export const verbs = {
  wait: { schema: z.strictObject(common) },
  register: withForm(
    {},
    async (step, world) =>
      new RegisterCommand({
        ...world.base(step),
        ...world.subject(step),
        channel: world.channel(step),
        attachments: world.attachments(step),
      }),
  ),
  resubmit: withForm(
    registration,
    async (step, world) =>
      new ResubmitCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        form: world.subject(step).form,
        attachments: world.attachments(step),
      }),
  ),
  ask: withForm({}, async (step, world) => new AskAvailabilityCommand({ ...world.base(step), ...world.subject(step) })),
  'ask permission': withForm(
    {},
    async (step, world) => new AskPermissionCommand({ ...world.base(step), ...world.subject(step) }),
  ),
  'grant permission': withForm(
    { to: party },
    async (step, world) =>
      new GrantPermissionCommand({ ...world.base(step), ...world.subject(step), partyId: step.to }),
  ),
  exempt: withForm(
    { to: party, until: momentSchema.optional(), ...because },
    async (step, world) =>
      new ExemptCommand({
        ...world.base(step),
        ...world.subject(step),
        partyId: step.to,
        grounds: grounds(step),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  recall: exactly(
    registration,
    async (step, world) => new RecallCommand({ ...world.base(step), registrationId: await world.registration(step) }),
  ),
  approve: exactly(
    { ...registration, lasts: durationSchema.optional() },
    async (step, world) =>
      new ApproveCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        ...(step.lasts === undefined ? {} : { chosen: step.lasts }),
      }),
  ),
  reject: exactly(
    { ...registration, ...because },
    async (step, world) =>
      new RejectCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        grounds: grounds(step),
      }),
  ),
  'return for more': exactly(
    { ...registration, wanted: textSchema.optional() },
    async (step, world) =>
      new ReturnForMoreCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        wanted: step.wanted ?? '（未写明）',
      }),
  ),
  'request extension': exactly(
    { ...registration, ...because, evidence: z.array(codeSchema).optional() },
    async (step, world) =>
      new RequestExtensionCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        evidence: step.evidence ?? world.extensionEvidence(),
        grounds: grounds(step),
      }),
  ),
  'grant extension': exactly(
    { ...registration, lasts: durationSchema.optional() },
    async (step, world) =>
      new DecideExtensionCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        grant: true,
        ...(step.lasts === undefined ? {} : { chosen: step.lasts }),
      }),
  ),
  'refuse extension': exactly(
    { ...registration, ...because },
    async (step, world) =>
      new DecideExtensionCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        grant: false,
        grounds: grounds(step),
      }),
  ),
  'record visit': exactly(
    { ...registration, note: textSchema.optional() },
    async (step, world) =>
      new RecordVisitCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        ...(step.note === undefined ? {} : { note: step.note }),
      }),
  ),
  'record follow-up': exactly(
    { ...registration, note: textSchema.optional() },
    async (step, world) =>
      new RecordFollowUpCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        ...(step.note === undefined ? {} : { note: step.note }),
      }),
  ),
  'record deposit': exactly(
    { ...registration, amount: yuanSchema.optional() },
    async (step, world) =>
      new RecordDepositCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        amount: step.amount ?? world.yuan('5000'),
      }),
  ),
  release: exactly(
    { ...registration, ...because },
    async (step, world) =>
      new ReleaseCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        grounds: grounds(step),
      }),
  ),
  terminate: exactly(
    { ...registration, ...because, cause: codeSchema },
    async (step, world) =>
      new TerminateCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        cause: step.cause,
        grounds: grounds(step),
      }),
  ),
  transfer: exactly(
    { ...registration, ...because, to: party },
    async (step, world) =>
      new TransferCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        to: step.to,
        grounds: grounds(step),
      }),
  ),
  'rescind ruling': exactly({ ...registration, ...because, ruling: codeSchema }, async (step, world) => {
    const registrationId = await world.registration(step);
    return new RescindRulingCommand({
      ...world.base(step),
      registrationId,
      ruling: (await world.latestRuling(registrationId, step.ruling)) ?? ('none' as EventId),
      grounds: grounds(step),
    });
  }),
  arbitrate: exactly(
    {
      ...because,
      customer: textSchema.optional(),
      case: nameSchema.optional(),
      outcome: codeSchema,
      winner: nameSchema.optional(),
      shares: sharesSchema.optional(),
    },
    async (step, world) => {
      const caseId = await world.caseOf(step);
      return new ArbitrateCommand({
        ...world.base(step),
        caseId,
        outcome: step.outcome as 'assign',
        reasons: grounds(step),
        ...(step.winner === undefined ? {} : { winner: await world.claimOf(caseId, step.winner) }),
        ...(step.shares === undefined ? {} : { shares: step.shares }),
      });
    },
  ),
  object: exactly(
    { ...registration, ...because, evidence: z.array(codeSchema).optional() },
    async (step, world) =>
      new ObjectCommand({
        ...world.base(step),
        registrationId: await world.registration(step),
        evidence: step.evidence ?? world.objectionEvidence(),
        grounds: grounds(step),
      }),
  ),
  'find offence': exactly(
    {
      ...because,
      of: party,
      offence: codeSchema,
      customers: z.int().optional(),
      customer: textSchema.optional(),
      penalty: penaltySchema.optional(),
    },
    async (step, world) =>
      new FindOffenceCommand({
        ...world.base(step),
        partyId: step.of,
        offenceId: world.newOffenceId(),
        offence: step.offence,
        customers: step.customers ?? 1,
        finding: grounds(step),
        ...(step.customer === undefined ? {} : { subject: world.dossier(step) as unknown as Code }),
        ...(step.penalty === undefined ? {} : { chosen: world.penalty(step.penalty) }),
      }),
  ),
  'rescind penalty': exactly(
    { ...because, of: party, offence: codeSchema.optional() },
    async (step, world) =>
      new RescindPenaltyCommand({
        ...world.base(step),
        partyId: step.of,
        offenceId: await world.offenceOf(step),
        grounds: grounds(step),
      }),
  ),
  'record deal': exactly(
    {
      ...customer,
      amount: yuanSchema,
      signed: momentSchema.optional(),
      closedBy: party.optional(),
      assistants: oneOrMore(party).optional(),
    },
    async (step, world) => {
      const dossierId = world.knownDossier(step);
      const signedAt = step.signed === undefined ? world.now() : world.moment(step.signed);
      const owner = dossierId === undefined ? undefined : await world.ownerNow(dossierId);
      const deal = {
        amount: step.amount,
        signedAt,
        closedBy: step.closedBy ?? owner ?? (step.who as PartyId),
        assistants: step.assistants ?? [],
      };
      // A customer whom nobody ever named to the product is named as a form would.
      return dossierId === undefined
        ? new RecordDealOfCommand({
            ...world.base(step),
            ...world.subject({ customer: step.customer, class: step.class }),
            ...deal,
          })
        : new RecordDealCommand({ ...world.base(step), dossierId, ...deal });
    },
  ),
  'agree split': exactly(
    { ...registration, shares: sharesSchema, agreedBy: oneOrMore(party).optional() },
    async (step, world) => {
      const registrationId = await world.registration(step);
      return new AgreeSplitCommand({
        ...world.base(step),
        registrationId,
        shares: step.shares,
        agreedBy: step.agreedBy ?? [
          ...new Set([...step.shares.map(({ partyId }) => partyId), ...(await world.holderOf(registrationId))]),
        ],
      });
    },
  ),
  'grant role': exactly(
    { to: party, role: roleSchema, from: momentSchema.optional(), until: momentSchema.optional() },
    async (step, world) =>
      new GrantRoleCommand({
        ...world.base(step),
        partyId: step.to,
        role: step.role,
        from: step.from === undefined ? world.now() : world.moment(step.from),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  'revoke role': exactly({ of: party, role: roleSchema }, async (step, world) => {
    const { programId: _, ...base } = world.base(step);
    return new RevokeRoleCommand({ ...base, partyId: step.of, role: step.role });
  }),
  join: exactly(
    { member: party, team: party, from: momentSchema.optional(), until: momentSchema.optional() },
    async (step, world) =>
      new ChangeMembershipCommand({
        ...world.base(step),
        partyId: step.member,
        memberOf: step.team,
        from: step.from === undefined ? world.now() : world.moment(step.from),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  'publish policy': exactly(
    {
      policy: textSchema.optional(),
      version: textSchema,
      reading: z.record(z.string(), z.unknown()).optional(),
      from: momentSchema.optional(),
      by: textSchema.optional(),
    },
    async (step, world) =>
      new PublishPolicyCommand({
        ...world.base(step),
        text: world.policyText(step),
        effectiveFrom: step.from === undefined ? world.now() : world.moment(step.from),
        authority: step.by ?? '总经理',
      }),
  ),
} as const;

export type VerbName = keyof typeof verbs;
export const verbNames = Object.keys(verbs) as readonly VerbName[];
export type StepOf<V extends VerbName> = z.output<(typeof verbs)[V]['schema']>;
