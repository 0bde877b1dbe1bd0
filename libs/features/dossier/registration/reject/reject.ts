import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { field } from '../../../deciding/input.js';
import { permissionOf, refuseWith } from '../../on-dossier.js';
import { onRegistration } from '../../on-registration.js';
import { notAtThisStep } from '../approve/approve.js';
import { inDossier } from '../../placed.js';

/** Says no, with the reason that the filer will read: R06.13. */
export const rejectRegistration = onRegistration({
  name: 'Reject',
  operation: 'reject',
  who: 'authority',
  says: 'Says no, with the reason that the filer will read. / 驳回，并说明理由。',
  input: { grounds: field('text', { says: 'Read by the filer. / 报备人可见。' }) },
  decide: ({ facts, dossier, registration }, { registrationId, grounds }) => {
    const notMine = refuseWith(notAtThisStep(facts.roles, registration.review?.roles));
    if (notMine !== undefined) return notMine;
    if (registration.state === 'rejected') return accept();
    if (registration.state !== 'underReview' && registration.state !== 'returned')
      return refuse({ reason: 'NotUnderReview', inputs: { state: registration.state as Code } });
    return accept(
      ...inDossier(dossier, facts, {
        type: 'Rejected',
        registrationId,
        cause: 'byReviewer' as Code,
        grounds: personal(grounds),
        because: permissionOf(facts, 'reject', registration),
      }),
    );
  },
});
