import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { judgeTermination } from '#policy/clauses/ends.js';
import type { RegistrationId, RefilingBan } from '../../events.js';
import { deny, dossierOf, mayAct, refuseWith, relationsTo, type DossierCommand, onDossier } from '../../on-dossier.js';
import { stands } from '../../registration.js';
import { about } from '../../placed.js';

/**
 * Ends a protection for a cause the policy names; false information may bring a ban on filing the customer again:
 * R06.15–17, R09.08, R09.10.
 */
export interface Terminate extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly cause: string;
  readonly grounds: string;
}

export const terminate = onDossier<Terminate>({
  name: 'Terminate',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, cause, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'terminate', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (registration.state === 'terminated' || registration.state === 'void') return accept();
    if (registration.protection.state === 'suspended')
      return deny({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    const waiting = registration.state === 'underReview' || registration.state === 'returned';
    if (!waiting && !stands(registration, facts.now))
      return deny({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    const { verdict, ban, effect } = judgeTermination(facts.under(registration.policy), {
      cause,
      roles: facts.roles,
      relations: relationsTo(facts, registration),
      at: facts.now,
    });
    if (!verdict.allowed) return deny(...verdict.rejections);
    const refilingBan: RefilingBan | undefined =
      ban === undefined
        ? undefined
        : {
            scope: ban.scope,
            ...(ban.scope === 'customer' ? {} : { partyId: registration.holder }),
            ...(ban.until === undefined ? {} : { until: ban.until }),
          };
    return accept(
      ...about(registration, {
        type: 'Terminated',
        registrationId,
        cause: cause as Code,
        effect,
        endedAt: facts.now,
        grounds: personal(grounds),
        ...(refilingBan === undefined ? {} : { ban: refilingBan }),
        because: [...verdict.because, ...(ban === undefined ? [] : [ban.because])],
      }),
    );
  },
});
