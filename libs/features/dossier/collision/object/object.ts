import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { judgeObjection } from '#policy/clauses/objections.js';
import { openCase, protecting } from '../../dossier.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { raiseConflict } from '../raise-conflict.js';
import { about } from '../../placed.js';

/**
 * A rival objects to another's approval: R06.12. The window starts with the answer to its own claim, which is the
 * notice it received.
 */
export interface RaiseObjection extends DossierCommand {
  /** The claim of the one who objects. */
  readonly registrationId: RegistrationId;
  readonly evidence: readonly string[];
  readonly grounds: string;
}

/** The claim lost to another: by an approval, or by a verdict among several filers. One objection, then it is final. */
const answeredForAnother: ReadonlySet<string> = new Set(['anotherClaimApproved', 'verdict']);

export const object = onDossier<RaiseObjection>({
  name: 'Object',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, evidence, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    if (registration === undefined || registration.holder !== facts.claimant)
      return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    const refused = refuseWith(mayAct(facts, 'object', registration));
    if (refused !== undefined) return refused;
    if (registration.state === 'inCase') return accept();
    const holder = protecting(dossier, facts.now, registration);
    if (
      [...dossier.cases.values()].some(({ cause, claims }) => cause === 'objection' && claims.includes(registrationId))
    )
      return deny({ reason: 'ObjectionDecided' });
    if (
      registration.state !== 'rejected' ||
      !answeredForAnother.has(registration.closedFor ?? '') ||
      registration.closedAt === undefined ||
      holder === undefined ||
      openCase(dossier) !== undefined
    ) {
      return deny({ reason: 'NothingToObjectTo', inputs: { state: registration.state as Code } });
    }
    const verdict = judgeObjection(facts.under(registration.policy), {
      noticedAt: registration.closedAt,
      now: facts.now,
      evidence,
    });
    if (!verdict.allowed) return deny(...verdict.rejections);
    return accept(
      ...about(registration, {
        type: 'Objected',
        registrationId,
        evidence: evidence as readonly Code[],
        grounds: personal(grounds),
      }),
      ...raiseConflict(dossier, registrationId, {
        cause: 'objection',
        against: holder,
        because: verdict.because,
        facts,
      }),
    );
  },
});
