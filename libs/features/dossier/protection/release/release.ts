import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { optional } from '../../../deciding/input.js';
import { permissionOf } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { stands } from '../../registration.js';
import { inDossier } from '../../placed.js';

/** Gives a protected customer back: the holder, or a manager where the policy lets one. */
export const release = onRegistration({
  name: 'Release',
  operation: 'release',
  who: 'party',
  says: 'Gives a protected customer back. / 释放客户。',
  input: { grounds: optional('text') },
  decide: ({ facts, dossier, registration }, { registrationId, grounds }) => {
    if (registration.state === 'released') return accept();
    if (registration.protection.state === 'suspended')
      return refuse({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (!stands(registration, facts.now))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Released',
        registrationId,
        endedAt: facts.now,
        ...(grounds === undefined ? {} : { grounds: personal(grounds) }),
        because: permissionOf(facts, 'release', registration),
      }),
    );
  },
});
