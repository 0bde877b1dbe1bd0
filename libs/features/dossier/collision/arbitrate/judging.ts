import type { Code, Reasons } from '#event-sourcing/vocabulary.js';
import type { FactsInForce } from '../../../deciding/decision-facts.js';
import { approval } from '../../approval.js';
import { resumed } from '../../deadlines.js';
import type { Dossier } from '../../dossier.js';
import { isPending, type Registration } from '../../registration.js';
import type { CaseId, DossierEvent, RegistrationId, Share, VerdictOutcome } from '../../events.js';
import { endOf } from '../../merge.js';
import { about, type PlacedEvent } from '../../placed.js';

/** What an arbiter says. */
export interface Verdict {
  readonly outcome: VerdictOutcome;
  /** assign and split: the claim that goes on. */
  readonly winner?: RegistrationId;
  /** split: integer weights of the claims' holders. */
  readonly shares?: readonly Share[];
  readonly reasons: string;
}

/** One dossier's part in what is judged, with every due deadline met. */
export interface Side {
  readonly dossier: Dossier;
  readonly caseId: CaseId;
  readonly claims: readonly Registration[];
  /** The claim whose keys led to several dossiers, where it was filed here. */
  readonly crossed?: RegistrationId;
}
export interface Judging {
  readonly facts: FactsInForce;
  readonly sides: readonly Side[];
  readonly because: Reasons;
}

/** The winner's clock goes on, or starts. */
export const goingOn = (
  dossier: Dossier,
  winner: RegistrationId,
  facts: FactsInForce,
  shares: readonly Share[] | undefined,
  because: Reasons,
): readonly PlacedEvent[] => {
  const registration = dossier.registrations.get(winner)!;
  if (registration.protection.state === 'suspended')
    return about(registration, resumed(registration, facts.now, facts, because));
  if (registration.protection.state === 'live') return [];
  // Its clock, too, has not run while the case was open: counted from its filing, a long case would leave the winner
  // nothing.
  return approval(dossier, registration, {
    facts,
    at: facts.now,
    event: 'registered',
    because,
    ...(shares === undefined ? {} : { shares }),
  });
};

/** Of what is still alive; a claim that its holder recalled meanwhile has ended already. */
export const losing = (claim: Registration, facts: FactsInForce, because: Reasons): readonly DossierEvent[] =>
  claim.state === 'protected' || isPending(claim) ? [endOf(claim, 'verdict' as Code, facts.now, because)] : [];
