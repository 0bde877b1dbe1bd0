import type { Random } from '#event-sourcing/testing/scheduler.js';
import type { Code, CommandId, EventId, Fen, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { Outcome } from '#event-sourcing/command/handle-command.js';
import type { CommandBase } from '#features/deciding/decision-facts.js';
import type { Commands } from '#features/edge/commands.js';
import { arbitrate } from '#features/dossier/collision/arbitrate/arbitrate.js';
import { rejoin } from '#features/dossier/collision/rejoin/rejoin.js';
import { rescindVerdict } from '#features/dossier/collision/rescind-verdict/rescind-verdict.js';
import { separate } from '#features/dossier/collision/separate/separate.js';
import { object } from '#features/dossier/collision/object/object.js';
import { agreeSplit } from '#features/dossier/deal/agree-split/agree-split.js';
import { recordDeal } from '#features/dossier/deal/record-deal/record-deal.js';
import { rescindDeal } from '#features/dossier/deal/rescind-deal/rescind-deal.js';
import type { CaseId, DealId, DossierId, RegistrationId } from '#features/dossier/events.js';
import type { Slice } from '#features/deciding/slice.js';
import type { WrittenEvent } from '#features/dossier/events.js';
import type { DossierCommand } from '#features/dossier/on-dossier.js';
import { decideExtension } from '#features/dossier/protection/decide-extension/decide-extension.js';
import { recordDeposit } from '#features/dossier/protection/record-deposit/record-deposit.js';
import { recordFollowUp } from '#features/dossier/protection/record-follow-up/record-follow-up.js';
import { recordVisit } from '#features/dossier/protection/record-visit/record-visit.js';
import { release } from '#features/dossier/protection/release/release.js';
import { requestExtension } from '#features/dossier/protection/request-extension/request-extension.js';
import { rescindRuling } from '#features/dossier/protection/rescind-ruling/rescind-ruling.js';
import { terminate } from '#features/dossier/protection/terminate/terminate.js';
import { transfer } from '#features/dossier/protection/transfer/transfer.js';
import { approve } from '#features/dossier/registration/approve/approve.js';
import { meetDeadlines } from '#features/dossier/registration/meet-deadlines/meet-deadlines.js';
import { recall } from '#features/dossier/registration/recall/recall.js';
import { register } from '#features/dossier/registration/register/register.js';
import { rejectRegistration } from '#features/dossier/registration/reject/reject.js';
import { resubmit } from '#features/dossier/registration/resubmit/resubmit.js';
import { returnForMore } from '#features/dossier/registration/return-for-more/return-for-more.js';
import { openEpoch, programId } from '#features/dossier/testing/rehearsal.js';
import { isLive, type Claim } from './folders.js';
import type { Reference } from './reference.js';

/** One thing that somebody wants done. The same intent sent again carries the same command id. */
export interface Intent {
  readonly id: CommandId;
  readonly name: string;
  readonly by: string;
  readonly registrationId?: string;
  /** The form of a filing, for the checks of its identity keys. */
  readonly form?: Readonly<Record<string, string>>;
  readonly send: (desk: Commands, id: CommandId) => Promise<Outcome>;
}

const dealers = ['dealer-a', 'dealer-b', 'dealer-c'];
/** One number in several spellings. */
const phones = [
  ['13800000001', '138 0000 0001', '+86 138-0000-0001'],
  ['13800000002', '(86)13800000002'],
] as const;
const accounts = ['wang_fang', 'fang2026'];
const classes = ['walkIn', 'walkIn', 'walkIn', 'reviewed', 'reviewed', 'appointment'];

export interface Scene {
  readonly random: Random;
  readonly log: Reference;
  readonly now: Instant;
  readonly id: CommandId;
}
const baseOf = ({ id, now }: Scene, by: string): CommandBase => ({
  commandId: id,
  by: by as PartyId,
  receivedAt: now,
  receivedBy: 'system' as Code,
});
const onDossier = <C extends DossierCommand>(
  scene: Scene,
  slice: Slice<C, WrittenEvent>,
  by: string,
  rest: Omit<C, keyof DossierCommand>,
): Intent => ({
  id: scene.id,
  name: slice.name,
  by,
  ...('registrationId' in rest ? { registrationId: String(rest.registrationId) } : {}),
  ...('form' in rest ? { form: rest.form as Readonly<Record<string, string>> } : {}),
  send: (desk, commandId) => desk.send(slice, { ...baseOf(scene, by), ...rest, programId, commandId } as unknown as C),
});

const filing = (scene: Scene): Intent => {
  const { random, now } = scene;
  const by = random.pick(dealers);
  const named = random.below(4);
  const form: Record<string, string> = {
    name: '王芳',
    ...(named === 1 ? {} : { phone: random.pick(random.pick(phones)) }),
    ...(named === 0 || named === 3 ? {} : { account: random.pick(accounts) }),
  };
  const name = random.pick(classes);
  // What was sent an hour ago may arrive only now.
  const receivedAt = (
    random.chance(0.2) ? new Date(Date.parse(now) - random.below(7_200_000)).toISOString() : now
  ) as Instant;
  return {
    id: scene.id,
    name: 'Register',
    by,
    form,
    send: (desk, commandId) =>
      desk.send(register, {
        ...baseOf(scene, by),
        receivedAt,
        commandId,
        programId,
        class: name,
        channel: 'system',
        form,
        attachments: [],
      }),
  };
};

const about = (claim: Claim): { readonly registrationId: RegistrationId } => ({
  registrationId: claim.id as RegistrationId,
});
type Plot = (scene: Scene, claim: Claim) => Intent;
const byHolder = ({ random }: Scene, claim: Claim): string =>
  random.chance(0.9) ? claim.holder : random.pick(dealers);

/** What may happen to a claim, and how often. Most is sensible, some is refused: both must be right. */
const plots: readonly (readonly [weight: number, plot: Plot])[] = [
  [8, (scene, claim) => onDossier(scene, approve, 'reviewer', about(claim))],
  [2, (scene, claim) => onDossier(scene, rejectRegistration, 'reviewer', { ...about(claim), grounds: '不符' })],
  [3, (scene, claim) => onDossier(scene, returnForMore, 'reviewer', { ...about(claim), wanted: '名片' })],
  [2, (scene, claim) => onDossier(scene, recall, byHolder(scene, claim), about(claim))],
  [
    4,
    (scene, claim) =>
      onDossier(scene, resubmit, claim.holder, {
        ...about(claim),
        form: {
          name: '王芳',
          phone: scene.random.pick(phones)[0],
          ...(scene.random.chance(0.5) ? { account: scene.random.pick(accounts) } : {}),
        },
        attachments: [],
      }),
  ],
  [5, (scene, claim) => onDossier(scene, release, byHolder(scene, claim), about(claim))],
  [
    5,
    (scene, claim) =>
      onDossier(scene, transfer, 'reviewer', {
        ...about(claim),
        to: scene.random.pick(dealers) as PartyId,
        grounds: '离职',
      }),
  ],
  [
    4,
    (scene, claim) =>
      onDossier(scene, terminate, 'reviewer', { ...about(claim), cause: 'falseInformation', grounds: '查实' }),
  ],
  [4, (scene, claim) => onDossier(scene, requestExtension, claim.holder, { ...about(claim), evidence: ['followUps'] })],
  [
    4,
    (scene, claim) =>
      onDossier(scene, decideExtension, 'reviewer', { ...about(claim), grant: scene.random.chance(0.8) }),
  ],
  [4, (scene, claim) => onDossier(scene, recordDeposit, claim.holder, { ...about(claim), amount: '100000' as Fen })],
  [3, (scene, claim) => onDossier(scene, recordVisit, claim.holder, about(claim))],
  [3, (scene, claim) => onDossier(scene, recordFollowUp, claim.holder, about(claim))],
  [
    2,
    (scene, claim) =>
      onDossier(scene, agreeSplit, 'finance', {
        ...about(claim),
        shares: [claim.holder, 'finance'].map((party, index) => ({
          partyId: party as PartyId,
          weight: index + 1 + scene.random.below(5),
        })),
        agreedBy: [claim.holder, 'finance'] as PartyId[],
      }),
  ],
  [
    3,
    (scene, claim) =>
      onDossier(scene, recordDeal, 'finance', {
        dossierId: claim.dossier as DossierId,
        amount: String(1 + scene.random.below(1_000_000)) as Fen,
        signedAt: scene.now,
        closedBy: scene.random.pick(dealers) as PartyId,
        assistants: [],
        // One number in two spellings, which several deals want at once.
        ...(scene.random.chance(0.5) ? { contractNumber: scene.random.pick(['HT-1', 'ｈｔ－１', 'HT-2']) } : {}),
      }),
  ],
  [2, (scene, claim) => takingDealBack(scene, claim)],
  [
    3,
    (scene, claim) => onDossier(scene, object, claim.holder, { ...about(claim), evidence: ['calls'], grounds: '先到' }),
  ],
  [6, (scene, claim) => rescinding(scene, claim)],
  [6, (scene, claim) => onDossier(scene, meetDeadlines, 'baobei-clock', { dossierId: claim.dossier as DossierId })],
];
const weights = plots.reduce((sum, [weight]) => sum + weight, 0);

/** Of dossiers that were made one, or ruled to be two: the other way round, right or wrong. */
const rejudged = (scene: Scene): Intent => {
  const { random, log } = scene;
  const merged = [...log.folders.values()].filter(({ mergedInto }) => mergedInto !== undefined);
  const { dossierId, otherId } = random.pick([
    ...merged.map(({ id }) => ({ dossierId: id as DossierId, otherId: undefined })),
    ...log.apart.map(([one, other]) => ({ dossierId: one as DossierId, otherId: other as DossierId })),
  ]);
  return otherId === undefined
    ? onDossier(scene, separate, 'reviewer', { dossierId, grounds: '并错' })
    : onDossier(scene, rejoin, 'reviewer', { dossierId, otherId, grounds: '原是一人' });
};

const rescinding = (scene: Scene, claim: Claim): Intent => {
  const rulings = scene.log.folders.get(claim.dossier)!.rulings;
  return onDossier(scene, rescindRuling, 'reviewer', {
    ...about(claim),
    ruling: (rulings.length === 0 ? 'none' : scene.random.pick(rulings)) as EventId,
    grounds: '点错',
  });
};

const takingDealBack = (scene: Scene, claim: Claim): Intent => {
  const deals = [...scene.log.folders.get(claim.dossier)!.deals.keys()];
  return onDossier(scene, rescindDeal, 'reviewer', {
    dealId: (deals.length === 0 ? `${claim.dossier}.d1` : scene.random.pick(deals)) as DealId,
    grounds: '登错',
  });
};

const verdict = (scene: Scene): Intent => {
  const { random, log } = scene;
  const found = random.pick(log.openCases);
  const outcome = random.pick(
    found.elsewhere.length > 0
      ? (['sameSubject', 'distinct', 'assign', 'release'] as const)
      : (['assign', 'assign', 'split', 'release'] as const),
  );
  const elsewhere = log.openCases.filter(({ id }) => found.elsewhere.includes(id)).flatMap(({ claims }) => claims);
  const shares = [...new Set(found.claims.map((id) => found.folder.claims.get(id)!.holder))].map((party) => ({
    partyId: party as PartyId,
    weight: 1 + random.below(3),
  }));
  return onDossier(scene, arbitrate, 'arbiter', {
    caseId: found.id as CaseId,
    outcome,
    winner: random.pick([...found.claims, ...elsewhere]) as RegistrationId,
    shares,
    reasons: '先到',
  });
};

/** The verdict on one of the cases that were decided. */
const takingVerdictBack = (scene: Scene): Intent => {
  const decided = [...scene.log.folders.values()].flatMap(({ cases }) =>
    [...cases.values()].filter(({ open }) => !open),
  );
  const { id } = scene.random.pick(decided);
  return onDossier(scene, rescindVerdict, 'reviewer', { caseId: id as CaseId, grounds: '误判' });
};

const newEpoch = ({ id, now }: Scene): Intent => ({
  id,
  name: 'OpenKeyring',
  by: 'baobei',
  send: (desk) => openEpoch(desk.engine, 'e2', now) as Promise<Outcome>,
});

/** What somebody does next, knowing the log as it stands. */
export const nextIntent = (scene: Scene): Intent => {
  const { random, log, now } = scene;
  const { claims } = log;
  if (claims.length === 0 || random.chance(0.34)) return filing(scene);
  if (random.chance(0.03) && log.epochs.length === 1 && !log.commands.has('epoch-e2'))
    return newEpoch({ ...scene, id: 'epoch-e2' as CommandId });
  if (log.openCases.length > 0 && random.chance(0.25)) return verdict(scene);
  const decided = [...log.folders.values()].some(({ cases }) => [...cases.values()].some(({ open }) => !open));
  if (decided && random.chance(0.3)) return takingVerdictBack(scene);
  const joined = [...log.folders.values()].some(({ mergedInto }) => mergedInto !== undefined);
  if ((joined || log.apart.length > 0) && random.chance(0.5)) return rejudged(scene);
  // Mostly about what stands; sometimes about what is over.
  const standing = claims.filter((claim) => isLive(claim, now) || claim.state !== 'over');
  const claim = random.pick(standing.length > 0 && random.chance(0.75) ? standing : claims);
  let place = random.below(weights);
  for (const [weight, plot] of plots) {
    place -= weight;
    if (place < 0) return plot(scene, claim);
  }
  return filing(scene);
};
