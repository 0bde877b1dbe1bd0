import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { personal } from '#event-sourcing/event.js';
import { field } from '../../../deciding/input.js';
import { permissionOf } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { stands } from '../../registration.js';
import { inDossier } from '../../placed.js';

/** Hands a protected customer to another party; the clock runs on as it stands. */
export const transfer = onRegistration({
  name: 'Transfer',
  operation: 'transfer',
  who: 'authority',
  says: 'Hands a protected customer to another party; the clock runs on. / 转移客户，计时不变。',
  input: { to: field('party'), grounds: field('text', { says: 'Read by the filer. / 报备人可见。' }) },
  decide: ({ facts, dossier, registration }, { registrationId, to, grounds }) => {
    if (registration.holder === to) return accept();
    if (registration.protection.state === 'suspended')
      return refuse({ reason: 'InCase', inputs: { caseId: registration.protection.caseId } });
    if (!stands(registration, facts.now))
      return refuse({ reason: 'NotProtected', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Transferred',
        registrationId,
        from: registration.holder,
        to,
        grounds: personal(grounds),
        because: permissionOf(facts, 'transfer', registration),
      }),
    );
  },
});
