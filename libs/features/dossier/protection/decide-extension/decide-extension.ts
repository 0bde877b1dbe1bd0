import { accept } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { extendedEnd, judgeExtensionLength } from '#policy/clauses/extension.js';
import type { Duration } from '#time/clock.js';
import type { RegistrationId } from '../../events.js';
import { deny, dossierOf, mayAct, permissionOf, refuseWith, type DossierCommand, onDossier } from '../../on-dossier.js';
import { about, inDossier } from '../../placed.js';

/** Grants or refuses what the holder asked for. */
export interface DecideExtension extends DossierCommand {
  readonly registrationId: RegistrationId;
  readonly grant: boolean;
  readonly chosen?: Duration;
  readonly grounds?: string;
}

export const decideExtension = onDossier<DecideExtension>({
  name: 'DecideExtension',
  dossierId: ({ registrationId }) => dossierOf(registrationId),
  decide: ({ facts, dossier }, { registrationId, grant, chosen, grounds }) => {
    const registration = dossier.registrations.get(registrationId);
    const refused = refuseWith(mayAct(facts, 'decideExtension', registration));
    if (refused !== undefined) return refused;
    if (registration === undefined) return deny({ reason: 'RegistrationUnknown', field: 'registrationId' });
    if (registration.protection.state === 'suspended')
      return deny({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (registration.protection.state !== 'live')
      return deny({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    if (!registration.extension.requested) return deny({ reason: 'NothingAsked' });
    if (!grant)
      return accept(
        ...inDossier(dossier, facts, {
          type: 'ExtensionRefused',
          registrationId,
          ...(grounds === undefined ? {} : { grounds: personal(grounds) }),
          because: permissionOf(facts, 'decideExtension', registration),
        }),
      );
    const { window } = registration.protection;
    const length = judgeExtensionLength(facts.under(registration.policy), { class: registration.class, chosen });
    if (!length.allowed) return deny(...length.rejections);
    const { endsAt, lastDay, because } = extendedEnd(facts.under(registration.policy), {
      class: registration.class,
      protection: window,
      decidedAt: facts.now,
      ...(chosen === undefined ? {} : { chosen }),
    });
    return accept(
      ...about(registration, {
        type: 'Extended',
        registrationId,
        protection: { startsAt: window.startsAt, endsAt, lastDay },
        count: registration.extension.count + 1,
        because: [because],
      }),
    );
  },
});
