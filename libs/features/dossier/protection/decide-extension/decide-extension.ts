import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { extendedEnd, judgeExtensionLength } from '#policy/clauses/extension.js';
import { field, optional } from '../../../deciding/input.js';
import { permissionOf } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { about, inDossier } from '../../placed.js';

/** Grants or refuses what the holder asked for. */
export const decideExtension = onRegistration({
  name: 'DecideExtension',
  operation: 'decideExtension',
  who: 'authority',
  says: 'Grants or refuses what the holder asked for. / 审批延期。',
  input: {
    grant: field('flag'),
    chosen: optional('length', { says: 'Where the policy leaves a range. / 制度允许选择时。' }),
    grounds: optional('text'),
  },
  decide: ({ facts, dossier, registration }, { registrationId, grant, chosen, grounds }) => {
    if (registration.protection.state === 'suspended')
      return refuse({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (registration.protection.state !== 'live')
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    if (!registration.extension.requested) return refuse({ reason: 'NothingAsked' });
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
    if (!length.allowed) return refuse(...length.rejections);
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
