import { accept, refuse, type Rejection } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import { caseDeadline } from '#policy/clauses/collision.js';
import { suspensionRule } from '#policy/clauses/suspension.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import { foldUnrecorded } from '../../ahead.js';
import type { DecidedCase } from '../../case.js';
import { dealsAnew } from '../../deal/crediting.js';
import type { Deal } from '../../deal/deal.js';
import { openCase, type Dossier, type VerdictMade } from '../../dossier.js';
import type { CaseId, ConflictRaised, RulingRescinded, VerdictRescinded } from '../../events.js';
import { dossierOf, mayAct, onDossier, permissionOf, refuseWith, type DossierCommand } from '../../on-dossier.js';
import { inOwnCause, inOwnFavour, seenByTwo } from '../../own-cause.js';
import { about, inDossier, type DossierDecision, type PlacedEvent } from '../../placed.js';
import { freeFrom } from '../../registration.js';
import { settle } from '../../settle.js';
import { absorbedBy } from '../../subject.js';
import {
  asFound,
  inItsPlace,
  ruledOn,
  rulingOf,
  staysAsItIs,
  withoutItsClock,
  type AsFound,
  type RuledOn,
} from './as-found.js';

/**
 * A verdict was wrong, and is taken back whole: its claims stand as it found them, the case is raised again, and deals
 * that were credited under it are credited anew, all in one append.
 */
export interface RescindVerdict extends DossierCommand {
  readonly caseId: CaseId;
  readonly grounds: string;
  /** Looked up: the dossiers that were merged into this one; a deal may be credited to a claim there. */
  readonly absorbed?: readonly Dossier[];
}

export const rescindVerdict = onDossier<RescindVerdict>({
  name: 'RescindVerdict',
  dossierId: ({ caseId }) => dossierOf(caseId),
  look: async (reader, command, { dossier }) => ({ ...command, absorbed: await absorbedBy(reader, [dossier]) }),
  decide: ({ facts, dossier }, { caseId, grounds, absorbed = [] }) => {
    const barred = refuseWith(mayAct(facts, 'rescindRuling'));
    if (barred !== undefined) return barred;
    const found = dossier.cases.get(caseId);
    if (found === undefined) return refuse({ reason: 'CaseUnknown', field: 'caseId' });
    const claims = found.claims.map((id) => dossier.registrations.get(id)!);
    const kept = refuseWith([...inOwnCause(facts, dossier, claims), ...seenByTwo(facts, 'rescindRuling', claims)]);
    if (kept !== undefined) return kept;
    const made = dossier.verdicts.get(caseId);
    if (found.state === 'open' || made === undefined)
      return made?.rescinded === true ? accept() : refuse({ reason: 'NotDecided', field: 'caseId' });
    const stopped = refuseWith(comesFirst(dossier, found));
    return stopped ?? takenBack({ facts, dossier, absorbed, found, made, grounds });
  },
});

/** What else has been ruled, or is being asked, that must be settled before. */
const comesFirst = (dossier: Dossier, found: DecidedCase): readonly Rejection[] => {
  // Whether two customers are one is taken back over both their dossiers.
  if (found.cause === 'possibleSameSubject')
    return [{ reason: 'RuledOnSubjects', inputs: { outcome: found.verdict as Code } }];
  const open = openCase(dossier);
  if (open !== undefined) return [{ reason: 'InCase', inputs: { caseId: open.id } }];
  const given = [...dossier.verdicts.keys()];
  const later = given.slice(given.indexOf(found.id) + 1).find((id) => {
    const other = dossier.cases.get(id)!;
    return other.state === 'decided' && other.claims.some((claim) => found.claims.includes(claim));
  });
  return later === undefined ? [] : [{ reason: 'LaterVerdict', inputs: { caseId: later } }];
};

interface Taking {
  readonly facts: FactsInForce;
  readonly dossier: Dossier;
  readonly absorbed: readonly Dossier[];
  readonly found: DecidedCase;
  readonly made: VerdictMade;
  readonly grounds: string;
}
const takenBack = (taking: Taking): DossierDecision => {
  const { facts, dossier, absorbed, found, made, grounds } = taking;
  const ruled = ruledOn(dossier, found, made);
  const left = ruled.filter((each) => staysAsItIs(dossier, each, ruled, facts));
  const because = permissionOf(facts, 'rescindRuling');
  const revived = ruled.filter((each) => !left.includes(each)).map((each) => ({ each, ...asFound(each, facts) }));
  if (revived.length === 0) return nothingToGiveBack(taking, ruled);
  const rescinded: VerdictRescinded = {
    type: 'VerdictRescinded',
    caseId: found.id,
    verdict: made.id!,
    revived: revived.map(({ each }) => each.claim.id),
    leftEnded: left.map(({ claim }) => claim.id),
    hangingOnIt: ruled.flatMap((each) => hangingOn(each, made)),
    grounds: personal(grounds),
    because,
  };
  const back = (each: RuledOn, restored: RulingRescinded['restored']): RulingRescinded => ({
    type: 'RulingRescinded',
    ...rulingOf(each, made),
    registrationId: each.claim.id,
    holder: each.claim.holder,
    restored,
    hangingOnIt: [],
    grounds: personal(grounds),
    because,
  });
  const events: readonly PlacedEvent[] = [
    ...inDossier(
      dossier,
      facts,
      rescinded,
      ...revived.map(({ each, restored }) => back(each, restored)),
      ...left.filter(ranByVerdict).map((each) => back(each, withoutItsClock(each))),
    ),
    ...raisedAgain(taking, revived, because),
  ];
  // A clock that would have gone on without a verdict by now has gone on, and run out where it has.
  const settled = settle(foldUnrecorded(dossier, events, facts), facts);
  const after = [settled.dossier, ...absorbed] as const;
  const anew = dealsAnew(facts, after, creditedUnder(dossier, ruled, made), because);
  const barred = refuseWith([...inOwnFavour(facts, events), ...anew.refused]);
  return barred ?? accept(...events, ...settled.due, ...anew.lines);
};

/** Everybody whose claim it was has lost it otherwise since; whoever is protected in their place comes first. */
const nothingToGiveBack = ({ dossier, facts }: Taking, ruled: readonly RuledOn[]): DossierDecision => {
  const rival = ruled.map((each) => inItsPlace(dossier, each, ruled, facts)).find((each) => each !== undefined);
  return refuse(
    rival === undefined ? { reason: 'AlreadyOver' } : { reason: 'ProtectedByAnother', accepted: freeFrom(rival) },
  );
};

/** Its clock began by the verdict alone, and somebody has ended it since. */
const ranByVerdict = ({ ruling, stood }: RuledOn): boolean => ruling?.type === 'Approved' && stood.state === 'inCase';

const hangingOn = ({ claim, ruling }: RuledOn, made: VerdictMade): VerdictRescinded['hangingOnIt'] =>
  claim.rulings
    .filter((each) => each !== ruling && each.rescinded !== true && each.at >= made.at && each.command !== made.command)
    .map(({ id }) => id);

/** The same case, with the claims that stand in it again; each clock stands still with what was left of it before. */
const raisedAgain = (
  { facts, dossier, found }: Taking,
  revived: readonly ({ readonly each: RuledOn } & AsFound)[],
  because: Reasons,
): readonly PlacedEvent[] => {
  const back = new Set(revived.map(({ each }) => each.claim.id));
  const claims = found.claims.filter((id) => back.has(id) || dossier.registrations.get(id)!.state !== 'rejected');
  const first = dossier.registrations.get(claims[0]!)!;
  const evaluation = facts.under(first.policy);
  const deadline = caseDeadline(evaluation, facts.now);
  const suspended = revived.find((each) => each.suspended !== undefined)?.suspended;
  const raised: ConflictRaised = {
    type: 'ConflictRaised',
    caseId: found.id,
    cause: found.cause,
    claims,
    arbiters: found.arbiters,
    ...(deadline.at === undefined ? {} : { dueAt: deadline.at }),
    ...(suspended === undefined ? {} : { suspended }),
    because: [...because, deadline.because, suspensionRule(evaluation).because],
  };
  return about(first, raised);
};

/** Deals that were credited since the verdict, to a claim that it ruled on or to nobody's. */
const creditedUnder = ({ deals }: Dossier, ruled: readonly RuledOn[], made: VerdictMade): readonly Deal[] =>
  [...deals.values()].filter(
    ({ credited }) =>
      credited !== undefined &&
      credited.at >= made.at &&
      (credited.registrationId === undefined || ruled.some(({ claim }) => claim.id === credited.registrationId)),
  );
