import { accept, refuse, type Rejection } from '#event-sourcing/decision.js';
import type { Reader } from '#event-sourcing/command/handle-command.js';
import { personal } from '#event-sourcing/event.js';
import type { Instant, Reasons } from '#event-sourcing/vocabulary.js';
import { isBefore } from '#time/instant.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import type { DecidedCase } from '../../case.js';
import { resumed } from '../../deadlines.js';
import {
  dossierFolding,
  liveClaims,
  openCase,
  pending,
  protecting,
  type Dossier,
  type MergedDossier,
} from '../../dossier.js';
import type { DossierId, DossierSeparated, RulingRescinded } from '../../events.js';
import { dossierStream, mayAct, onDossier, permissionOf, refuseWith, type DossierCommand } from '../../on-dossier.js';
import { inOwnCause, seenByTwo } from '../../own-cause.js';
import { inDossier, type DossierDecision } from '../../placed.js';
import { rescinded, restoredBy } from '../../protection/rescind-ruling/restoring.js';
import type { Found, Registration, RulingMade } from '../../registration.js';
import { settle } from '../../settle.js';
import { absorbedBy, followMerges } from '../../subject.js';

/**
 * A merge was wrong, by whatever road it came: a form whose keys were crossed, or a verdict that two customers are one.
 * They are two again. The histories stay where they are; each claim that the merge ended stands as it would had the two
 * never been one, unless somebody is protected in its place by now. It is one append over both dossiers.
 */
export interface Separate extends DossierCommand {
  /** The dossier that was merged away. */
  readonly dossierId: DossierId;
  readonly grounds: string;
  /** Looked up. */
  readonly merged?: MergedParts;
}
interface MergedParts {
  /** What it was merged into; merged away itself by now, perhaps. */
  readonly into: Dossier;
  /** Where the claims of both stand today. */
  readonly today: Dossier;
  /** Itself and all that was merged into it before: what it takes with it. */
  readonly own: readonly DossierId[];
}

export const separate = onDossier<Separate>({
  name: 'Separate',
  dossierId: ({ dossierId }) => dossierId,
  look: async (reader, command, { dossier }) =>
    dossier.state === 'merged' ? { ...command, merged: await partsOf(reader, dossier) } : command,
  decide: ({ facts, dossier }, { grounds, merged }) => {
    const barred = refuseWith(mayAct(facts, 'rescindRuling'));
    if (barred !== undefined) return barred;
    if (dossier.state !== 'merged' || merged === undefined)
      return dossier.state === 'none' || dossier.distinctFrom.length > 0
        ? accept()
        : refuse({ reason: 'NotMerged', field: 'dossierId' });
    return takeApart(facts, dossier, merged, grounds);
  },
});

const partsOf = async (reader: Reader, dossier: MergedDossier): Promise<MergedParts> => ({
  into: await reader.fold(dossierStream(dossier.mergedInto), dossierFolding),
  today: await followMerges(reader, dossier.mergedInto),
  own: [dossier.id, ...(await absorbedBy(reader, [dossier])).flatMap(({ id }) => id ?? [])],
});

const takeApart = (
  facts: FactsInForce,
  from: MergedDossier,
  { into, today, own }: MergedParts,
  grounds: string,
): DossierDecision => {
  const settled = settle(today, facts);
  const lost = [
    ...lostByMerge(from),
    // Where the other was itself merged away since, its claims are that merge's to give back.
    ...(into.id === today.id ? lostByVerdict(settled.dossier, from) : []),
  ];
  const claims = lost.map(({ claim }) => claim);
  const refused = refuseWith([
    ...inOwnCause(facts, from, claims),
    ...inOwnCause(facts, settled.dossier),
    ...seenByTwo(facts, 'rescindRuling', claims),
    ...filedSince(settled.dossier, own, facts),
    // A verdict that is still to come hears what stands there now.
    ...(openCase(settled.dossier) === undefined ? [] : [{ reason: 'InCase' as const }]),
  ]);
  if (refused !== undefined) return refused;
  const because = permissionOf(facts, 'rescindRuling');
  const taken = lost.filter((each) => isTaken(each, facts));
  const revived = lost.filter((each) => !taken.includes(each));
  const separated: DossierSeparated = {
    type: 'DossierSeparated',
    from: from.id,
    into: into.id!,
    revived: revived.map(({ claim }) => claim.id),
    leftEnded: taken.map(({ claim }) => claim.id),
    grounds: personal(grounds),
    because,
  };
  return accept(
    ...settled.due,
    ...[from, into, ...(into.id === today.id ? [] : [today])].flatMap((each) => inDossier(each, facts, separated)),
    ...revived.flatMap((each) => inDossier(each.dossier, facts, livesAgain(each, grounds, facts, because))),
  );
};

/** A claim that the merge ended, by which ruling, and how it stood before. */
interface Lost {
  readonly dossier: Dossier;
  readonly claim: Registration;
  readonly ruling: RulingMade;
}

/** What was alive when its dossier was merged away, and ended with that. */
const lostByMerge = (from: MergedDossier): readonly Lost[] => [
  ...lostOf(from, from.mergedAt, ({ closedFor }) => closedFor === 'sameSubject'),
  ...lastOf(casesDecided(from, from.mergedAt)).flatMap((each) => lostInCase(from, each)),
];

/** What the same verdict ended in the dossier that went on: there, too, a claim lost only by who came first of one. */
const lostByVerdict = (into: Dossier, from: MergedDossier): readonly Lost[] =>
  lastOf(
    casesDecided(into, from.mergedAt).filter(({ elsewhere }) => elsewhere.some((id) => from.cases.has(id))),
  ).flatMap((each) => lostInCase(into, each));

/** Two verdicts may bear one time, where a clock stands still: the merge is the later one's. */
const lastOf = <Each>(found: readonly Each[]): readonly Each[] => found.slice(-1);

const casesDecided = ({ cases }: Dossier, at: Instant): readonly DecidedCase[] =>
  [...cases.values()].filter(
    (each): each is DecidedCase => each.state === 'decided' && each.decidedAt === at && each.elsewhere.length > 0,
  );
/** The claim that named both customers is answered, whatever they are. */
const lostInCase = (dossier: Dossier, { claims, crossed, decidedAt }: DecidedCase): readonly Lost[] =>
  lostOf(dossier, decidedAt, ({ id, closedFor }) => closedFor === 'verdict' && claims.includes(id) && id !== crossed);
const lostOf = (dossier: Dossier, at: Instant, which: (claim: Registration) => boolean): readonly Lost[] =>
  [...dossier.registrations.values()].filter(which).flatMap((claim) => {
    const ruling = claim.rulings.at(-1);
    return ruling !== undefined && ruling.at === at && ruling.rescinded !== true && wasAlive(ruling.found)
      ? [{ dossier, claim, ruling }]
      : [];
  });
/** An objection brings into a case what was over before. */
const wasAlive = (found: Found): boolean => found.state !== 'inCase' || found.before.closedAt === undefined;

/** Somebody is protected in its place by now, or its holder has claimed anew meanwhile. */
const isTaken = ({ dossier, claim }: Lost, { now }: FactsInForce): boolean =>
  protecting(dossier, now, claim) !== undefined ||
  pending(dossier, claim).some(({ holder }) => holder === claim.holder);

/**
 * Whoever filed since by this customer's keys alone stands in the other's dossier: taken apart, his customer would be
 * free for anybody. His claim is settled first.
 */
const filedSince = (today: Dossier, own: readonly DossierId[], { now }: FactsInForce): readonly Rejection[] => {
  const claims = liveClaims(today, now).filter(
    ({ keysOf }) => keysOf.length > 0 && keysOf.every((id) => own.includes(id)),
  );
  return claims.length === 0 ? [] : [{ reason: 'FiledSinceMerge', accepted: { claims: claims.map(({ id }) => id) } }];
};

const livesAgain = ({ claim, ruling }: Lost, grounds: string, facts: FactsInForce, because: Reasons): RulingRescinded =>
  rescinded(claim, ruling, {
    holder: claim.holder,
    restored: asItStood(claim, ruling.found, facts, because),
    hangingOnIt: [],
    grounds: personal(grounds),
    because,
  });

/** A clock that stood still for the case goes on with what was left of it, a claim waits where it waited before. */
const asItStood = (
  claim: Registration,
  found: Found,
  facts: FactsInForce,
  because: Reasons,
): RulingRescinded['restored'] => {
  if (found.state === 'inCase') return restoredBy({ ...found, ...found.before } as Found, facts);
  const { protection } = found;
  if (protection.state !== 'suspended') return restoredBy(found, facts);
  const at = protection.until !== undefined && isBefore(protection.until, facts.now) ? protection.until : facts.now;
  const { protection: window } = resumed({ ...claim, ...found } as Registration, at, facts, because);
  return restoredBy({ ...found, protection: { state: 'live', window } } as Found, facts);
};
