import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { possibleSameSubjectRule } from '#policy/clauses/collision.js';
import { foldUnrecorded } from '../../ahead.js';
import { dossierFolding, liveClaims, openCase, type Dossier } from '../../dossier.js';
import type { DistinctRescinded, DossierId } from '../../events.js';
import { mergeInto } from '../../merge.js';
import {
  dossierStream,
  mayAct,
  onDossier,
  permissionOf,
  refuseWith,
  type DossierCommand,
  type OnDossier,
} from '../../on-dossier.js';
import { inOwnCause, seenByTwo } from '../../own-cause.js';
import { inDossier, type DossierDecision } from '../../placed.js';
import { settle } from '../../settle.js';
import { followMerges } from '../../subject.js';
import { inOtherCase, kinshipOf, raisePossibleSameSubject } from '../possible-same-subject.js';

/**
 * That two dossiers are two subjects was wrong, whether a verdict or a separation said so. Where nobody loses by it,
 * they are one in the same append; where somebody would, whoever arbitrates is asked anew.
 */
export interface Rejoin extends DossierCommand {
  readonly dossierId: DossierId;
  /** The other one. */
  readonly otherId: DossierId;
  readonly grounds: string;
  /** Looked up: where the claims of each stand today. */
  readonly today?: Dossier;
  readonly other?: Dossier;
}

export const rejoin = onDossier<Rejoin>({
  name: 'Rejoin',
  dossierId: ({ dossierId }) => dossierId,
  look: async (reader, command, { dossier }) => {
    const named = await reader.fold(dossierStream(command.otherId), dossierFolding);
    return {
      ...command,
      today: await followMerges(reader, dossier.id!),
      ...(named.state === 'none' ? {} : { other: await followMerges(reader, named.id) }),
    };
  },
  decide: ({ facts, dossier }, { today, other, grounds }) => {
    const barred = refuseWith(mayAct(facts, 'rescindRuling'));
    if (barred !== undefined) return barred;
    if (dossier.state === 'none') return accept();
    if (other === undefined || other.programId !== dossier.programId)
      return refuse({ reason: 'SubjectUnknown', field: 'otherId' });
    // They are one already, or that is being asked.
    if (today?.id === other.id || isAsked(dossier, other)) return accept();
    return together({ facts, dossier }, other, grounds);
  },
});

const isAsked = (dossier: Dossier, other: Dossier): boolean =>
  openCase(dossier)?.elsewhere.some((id) => other.cases.has(id)) === true;

const together = (
  { facts, dossier }: Pick<OnDossier, 'facts' | 'dossier'>,
  named: Dossier,
  grounds: string,
): DossierDecision => {
  const { dossier: other, due } = settle(named, facts);
  if (kinshipOf([dossier, other], facts) !== 'two') return refuse({ reason: 'NotDistinct', field: 'otherId' });
  const claims = [dossier, other].flatMap((each) => liveClaims(each, facts.now));
  const refused = refuseWith([
    ...inOwnCause(facts, dossier, claims),
    ...seenByTwo(facts, 'rescindRuling', claims),
    ...(inOtherCase([dossier, other]) ? [{ reason: 'InCase' as const }] : []),
  ]);
  if (refused !== undefined) return refused;
  const because = permissionOf(facts, 'rescindRuling');
  const rescinded: DistinctRescinded = {
    type: 'DistinctRescinded',
    one: dossier.id!,
    other: other.id!,
    grounds: personal(grounds),
    because,
  };
  const taken = [dossier, other].map((each) => inDossier(each, facts, rescinded));
  const sides = [dossier, other].map((each, index) => foldUnrecorded(each, taken[index]!, facts));
  if (kinshipOf(sides, facts) === 'one') return accept(...due, ...taken.flat(), ...mergeInto(sides, because, facts));
  const rule = possibleSameSubjectRule(facts.inForce);
  return rule.outcome === 'case'
    ? accept(...due, ...taken.flat(), ...raisePossibleSameSubject(sides, [...because, rule.because], facts))
    : refuse({ reason: 'ClaimsOnBoth', because: [rule.because], accepted: { claims: claims.map(({ id }) => id) } });
};
