import { isKnownRole } from '#policy/roles.js';
import type { ICommand } from '@nestjs/cqrs';
import { z } from 'zod';
import type { Code, EventId, PartyId } from '#event-sourcing/vocabulary.js';
import type { Field, Fields } from '#features/deciding/input.js';
import type { AnyOnRegistration } from '#features/dossier/on-registration.js';
import { slices } from '#features/dossier/slices.js';
import { durationSchema } from '#policy/lengths.js';
import { valueSchema } from './customers.js';
import { roleSchema } from './parties.js';
import { penaltySchema } from './penalties.js';
import { sharesSchema } from './shares.js';
import { publishesTable, tableWords } from './tables.js';
import { codeSchema, momentSchema, nameSchema, oneOrMore, textSchema, yuanSchema } from './words.js';
import { attached, type World } from './world.js';
import { agreeSplit } from '#features/dossier/deal/agree-split/agree-split.js';
import { recordDeal, recordDealOf } from '#features/dossier/deal/record-deal/record-deal.js';
import { rescindDeal } from '#features/dossier/deal/rescind-deal/rescind-deal.js';
import { arbitrate } from '#features/dossier/collision/arbitrate/arbitrate.js';
import { rejoin } from '#features/dossier/collision/rejoin/rejoin.js';
import { rescindVerdict } from '#features/dossier/collision/rescind-verdict/rescind-verdict.js';
import { separate } from '#features/dossier/collision/separate/separate.js';
import { dossierOf } from '#features/dossier/placed.js';
import { object } from '#features/dossier/collision/object/object.js';
import { decideExtension } from '#features/dossier/protection/decide-extension/decide-extension.js';
import { recordDeposit } from '#features/dossier/protection/record-deposit/record-deposit.js';
import { recordFollowUp } from '#features/dossier/protection/record-follow-up/record-follow-up.js';
import { requestExtension } from '#features/dossier/protection/request-extension/request-extension.js';
import { rescindRuling } from '#features/dossier/protection/rescind-ruling/rescind-ruling.js';
import { askAvailability } from '#features/dossier/registration/ask-availability/ask-availability.js';
import { askPermission } from '#features/dossier/registration/ask-permission/ask-permission.js';
import { exempt } from '#features/dossier/registration/exempt/exempt.js';
import { grantPermission } from '#features/dossier/registration/grant-permission/grant-permission.js';
import { amendRegistration } from '#features/dossier/registration/amend-registration/amend-registration.js';
import { decideRequest } from '#features/dossier/registration/decide-request/decide-request.js';
import { recordActivity } from '#features/dossier/registration/record-activity/record-activity.js';
import { register } from '#features/dossier/registration/register/register.js';
import { requestApproval } from '#features/dossier/registration/request-approval/request-approval.js';
import { resubmit } from '#features/dossier/registration/resubmit/resubmit.js';
import { changeMembership } from '#features/party/change-membership/change-membership.js';
import { grantRole } from '#features/party/grant-role/grant-role.js';
import { revokeRole } from '#features/party/revoke-role/revoke-role.js';
import { publishPolicy } from '#features/program/publish-policy/publish-policy.js';
import { findOffence } from '#features/standing/find-offence/find-offence.js';
import { rescindPenalty } from '#features/standing/rescind-penalty/rescind-penalty.js';
import { recordWork } from '#features/work/record-work/record-work.js';
import { recordableWork } from '#policy/clauses/activities.js';
import { commandTo } from '#features/edge/command-bus.js';

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
const ofCase = { ...because, customer: textSchema.optional(), case: nameSchema.optional() };
const form = {
  form: z.record(z.string(), valueSchema).optional(),
  attachments: z.array(codeSchema).optional(),
  without: oneOrMore(codeSchema).optional(),
};
/** `fees: { helper: 50 }`: a fixed sum in yuan for each who helped. */
const feesSchema = z
  .record(nameSchema, yuanSchema)
  .transform((fees) => Object.entries(fees).map(([name, amount]) => ({ partyId: name as PartyId, amount })));
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

/** What a step says in a field of the product, and what stands there when it says nothing. */
interface Spoken {
  readonly word?: string;
  readonly schema: z.ZodType;
  readonly otherwise?: unknown;
}
const unsaid = '（未写明）';
const reasonsGiven: ReadonlySet<string> = new Set(['grounds', 'reasons', 'finding']);
const spoken = (name: string, { kind, optional }: Field): Spoken => {
  const schema: z.ZodType = wordSchemas[kind];
  if (kind === 'text' && reasonsGiven.has(name))
    return { word: 'because', schema: schema.optional(), otherwise: unsaid };
  if (kind === 'text') return { schema: schema.optional(), ...(optional ? {} : { otherwise: unsaid }) };
  if (kind === 'words' || kind === 'attachments') return { schema: schema.optional(), otherwise: [] };
  return { ...(kind === 'length' ? { word: 'lasts' } : {}), schema: optional ? schema.optional() : schema };
};
const wordSchemas: Readonly<Record<Field['kind'], z.ZodType>> = {
  text: textSchema,
  word: codeSchema,
  words: z.array(codeSchema),
  event: codeSchema,
  party,
  partyOnRecord: party,
  parties: oneOrMore(party),
  shares: sharesSchema,
  fen: yuanSchema,
  instant: momentSchema,
  length: durationSchema,
  flag: z.boolean(),
  form: z.record(z.string(), valueSchema),
  attachments: z.array(z.strictObject({ kind: codeSchema, sha256: codeSchema })),
};

/** The verb of a slice about one registration: its words are the slice's fields. */
const verbOf = (slice: AnyOnRegistration): Verb<z.ZodType> => {
  const fields = Object.entries(slice.input as Fields).map(([name, field]) => ({
    name,
    kind: field.kind,
    ...spoken(name, field),
  }));
  return exactly(
    { ...registration, ...Object.fromEntries(fields.map(({ name, word = name, schema }) => [word, schema])) },
    async (step, world) => {
      const said = step as Readonly<Record<string, unknown>>;
      const given = fields.flatMap(({ name, word = name, kind, otherwise }) => {
        const value = said[word] ?? otherwise;
        if (value === undefined) return [];
        return [[name, kind === 'instant' ? world.moment(value as string) : value]];
      });
      return commandTo(slice, {
        ...world.base(step),
        registrationId: await world.registration(step),
        ...Object.fromEntries(given),
      });
    },
  ) as unknown as Verb<z.ZodType>;
};
/** `recordVisit` is played as `record visit`. */
const wordsOf = (name: string): string => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
/** Slices that people say in two ways, or with a hyphen. */
const spokenOtherwise: ReadonlySet<unknown> = new Set([
  decideExtension,
  recordFollowUp,
  recordActivity,
  requestApproval,
  decideRequest,
  amendRegistration,
]);
const ofSlices = Object.fromEntries(
  slices.flatMap((slice) =>
    'about' in slice && !spokenOtherwise.has(slice)
      ? [[wordsOf(slice.name), verbOf(slice as unknown as AnyOnRegistration)]]
      : [],
  ),
);

const grounds = (step: { readonly because?: string | undefined }): string => step.because ?? unsaid;

/** Says yes or no to the latest request of a registration, or the latest of that name. */
const deciding = (grant: boolean) =>
  exactly({ ...registration, request: codeSchema.optional(), opinion: textSchema.optional() }, async (step, world) => {
    const registrationId = await world.registration(step);
    return commandTo(decideRequest, {
      ...world.base(step),
      registrationId,
      requestId: await world.requestOf(registrationId, step.request),
      grant,
      ...(step.opinion === undefined ? {} : { opinion: step.opinion }),
    });
  });

/** Acts whose words are not the fields of one slice. */
const ownVerbs = {
  wait: { schema: z.strictObject(common) },
  'record activity': withForm({ ...registration, ...form, activity: codeSchema }, async (step, world) => {
    const recorded = {
      ...world.base(step),
      activity: step.activity,
      form: world.recorded(step, step.activity),
      attachments: attached(step.attachments ?? []),
    };
    const { document } = world.evaluation.policy;
    // Of the program, or of the party that `of` names.
    return recordableWork(document).some(({ name }) => name === step.activity)
      ? commandTo(recordWork, { ...recorded, ...(step.of === undefined ? {} : { partyId: step.of as PartyId }) })
      : commandTo(recordActivity, { ...recorded, registrationId: await world.registration(step) });
  }),
  request: withForm({ ...registration, ...form, request: codeSchema }, async (step, world) =>
    commandTo(requestApproval, {
      ...world.base(step),
      registrationId: await world.registration(step),
      request: step.request,
      form: world.recorded(step, step.request),
      attachments: attached(step.attachments ?? []),
    }),
  ),
  amend: withForm({ ...registration, ...form }, async (step, world) => {
    const registrationId = await world.registration(step);
    return commandTo(amendRegistration, {
      ...world.base(step),
      registrationId,
      form: await world.changed(registrationId, step),
    });
  }),
  'grant request': deciding(true),
  'refuse request': deciding(false),
  register: withForm({}, async (step, world) =>
    commandTo(register, {
      ...world.base(step),
      ...world.subject(step),
      channel: world.channel(step),
      attachments: world.attachments(step),
    }),
  ),
  resubmit: withForm(registration, async (step, world) =>
    commandTo(resubmit, {
      ...world.base(step),
      registrationId: await world.registration(step),
      form: world.subject(step).form,
      attachments: world.attachments(step),
    }),
  ),
  ask: withForm({}, async (step, world) => commandTo(askAvailability, { ...world.base(step), ...world.subject(step) })),
  'ask permission': withForm({}, async (step, world) =>
    commandTo(askPermission, { ...world.base(step), ...world.subject(step) }),
  ),
  'grant permission': withForm({ to: party }, async (step, world) =>
    commandTo(grantPermission, { ...world.base(step), ...world.subject(step), partyId: step.to }),
  ),
  exempt: withForm(
    { to: party, until: momentSchema.optional(), flag: nameSchema.optional(), ...because },
    async (step, world) =>
      commandTo(exempt, {
        ...world.base(step),
        ...world.subject(step),
        partyId: step.to,
        grounds: grounds(step),
        ...(step.flag === undefined ? {} : { flag: step.flag as Code }),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  'request extension': exactly(
    { ...registration, ...because, evidence: z.array(codeSchema).optional() },
    async (step, world) =>
      commandTo(requestExtension, {
        ...world.base(step),
        registrationId: await world.registration(step),
        evidence: step.evidence ?? world.extensionEvidence(),
        grounds: grounds(step),
      }),
  ),
  'grant extension': exactly({ ...registration, lasts: durationSchema.optional() }, async (step, world) =>
    commandTo(decideExtension, {
      ...world.base(step),
      registrationId: await world.registration(step),
      grant: true,
      ...(step.lasts === undefined ? {} : { chosen: step.lasts }),
    }),
  ),
  'refuse extension': exactly({ ...registration, ...because }, async (step, world) =>
    commandTo(decideExtension, {
      ...world.base(step),
      registrationId: await world.registration(step),
      grant: false,
      grounds: grounds(step),
    }),
  ),
  'record follow-up': verbOf(recordFollowUp),
  'record deposit': exactly({ ...registration, amount: yuanSchema.optional() }, async (step, world) =>
    commandTo(recordDeposit, {
      ...world.base(step),
      registrationId: await world.registration(step),
      amount: step.amount ?? world.yuan('5000'),
    }),
  ),
  'rescind ruling': exactly({ ...registration, ...because, ruling: codeSchema }, async (step, world) => {
    const registrationId = await world.registration(step);
    return commandTo(rescindRuling, {
      ...world.base(step),
      registrationId,
      ruling: (await world.latestRuling(registrationId, step.ruling)) ?? ('none' as EventId),
      grounds: grounds(step),
    });
  }),
  arbitrate: exactly(
    { ...ofCase, outcome: codeSchema, winner: nameSchema.optional(), shares: sharesSchema.optional() },
    async (step, world) => {
      const caseId = await world.caseOf(step);
      return commandTo(arbitrate, {
        ...world.base(step),
        caseId,
        outcome: step.outcome as 'assign',
        reasons: grounds(step),
        ...(step.winner === undefined ? {} : { winner: await world.claimOf(caseId, step.winner) }),
        ...(step.shares === undefined ? {} : { shares: step.shares }),
      });
    },
  ),
  'rescind verdict': exactly(ofCase, async (step, world) =>
    commandTo(rescindVerdict, { ...world.base(step), caseId: await world.caseOf(step), grounds: grounds(step) }),
  ),
  // The merge of the dossier in which this claim was filed.
  separate: exactly({ ...registration, ...because }, async (step, world) =>
    commandTo(separate, {
      ...world.base(step),
      dossierId: dossierOf(await world.registration(step)),
      grounds: grounds(step),
    }),
  ),
  rejoin: exactly({ ...registration, ...because, with: nameSchema }, async (step, world) =>
    commandTo(rejoin, {
      ...world.base(step),
      dossierId: dossierOf(await world.registration(step)),
      otherId: dossierOf(await world.registration({ ...step, registration: step.with })),
      grounds: grounds(step),
    }),
  ),
  object: exactly({ ...registration, ...because, evidence: z.array(codeSchema).optional() }, async (step, world) =>
    commandTo(object, {
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
      commandTo(findOffence, {
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
  'rescind penalty': exactly({ ...because, of: party, offence: codeSchema.optional() }, async (step, world) =>
    commandTo(rescindPenalty, {
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
      fees: feesSchema.optional(),
      number: textSchema.optional(),
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
        ...(step.fees === undefined ? {} : { fees: step.fees }),
        ...(step.number === undefined ? {} : { contractNumber: step.number }),
      };
      // A customer whom nobody ever named to the product is named as a form would.
      return dossierId === undefined
        ? commandTo(recordDealOf, {
            ...world.base(step),
            ...world.subject({ customer: step.customer, class: step.class }),
            ...deal,
          })
        : commandTo(recordDeal, { ...world.base(step), dossierId, ...deal });
    },
  ),
  'rescind deal': exactly(
    { customer: textSchema.optional(), deal: nameSchema.optional(), ...because },
    async (step, world) =>
      commandTo(rescindDeal, { ...world.base(step), dealId: await world.dealOf(step), grounds: grounds(step) }),
  ),
  'agree split': exactly(
    { ...registration, shares: sharesSchema, agreedBy: oneOrMore(party).optional() },
    async (step, world) => {
      const registrationId = await world.registration(step);
      return commandTo(agreeSplit, {
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
      commandTo(grantRole, {
        ...world.base(step),
        partyId: step.to,
        role: step.role,
        from: step.from === undefined ? world.now() : world.moment(step.from),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  'revoke role': exactly({ of: party, role: roleSchema }, async (step, world) => {
    const { programId, ...base } = world.base(step);
    const where = isKnownRole(step.role) ? {} : { programId };
    return commandTo(revokeRole, { ...base, ...where, partyId: step.of, role: step.role });
  }),
  join: exactly(
    { member: party, team: party, from: momentSchema.optional(), until: momentSchema.optional() },
    async (step, world) =>
      commandTo(changeMembership, {
        ...world.base(step),
        partyId: step.member,
        memberOf: step.team,
        from: step.from === undefined ? world.now() : world.moment(step.from),
        ...(step.until === undefined ? {} : { until: world.moment(step.until) }),
      }),
  ),
  'publish table': exactly(tableWords, publishesTable),
  'publish policy': exactly(
    {
      policy: textSchema.optional(),
      version: textSchema,
      reading: z.record(z.string(), z.unknown()).optional(),
      from: momentSchema.optional(),
      by: textSchema.optional(),
    },
    async (step, world) =>
      commandTo(publishPolicy, {
        ...world.base(step),
        text: world.policyText(step),
        effectiveFrom: step.from === undefined ? world.now() : world.moment(step.from),
        authority: step.by ?? '总经理',
      }),
  ),
};
/** Every act a scenario can play. Each is one command of the product, sent over the same bus as everybody else's. */
export const verbs = { ...ownVerbs, ...ofSlices, ...ownVerbs } as object as Readonly<Record<string, Verb<z.ZodType>>>;

export const verbNames = Object.keys(verbs);
