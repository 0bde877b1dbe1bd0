import { accept, refuse } from '#event-sourcing/decision.js';
import type { Code } from '#event-sourcing/vocabulary.js';
import { onRegistration } from '../../on-registration.js';
import { about } from '../../placed.js';

/** Takes a claim back before it is decided. */
export const recall = onRegistration({
  name: 'Recall',
  operation: 'recall',
  who: 'party',
  says: 'Takes a claim back before it is decided. / 撤回未决报备。',
  input: {},
  decide: ({ registration }, { registrationId }) => {
    if (registration.state === 'recalled') return accept();
    if (registration.state !== 'underReview' && registration.state !== 'returned')
      return refuse({ reason: 'AlreadyDecided', inputs: { state: registration.state as Code } });
    return accept(...about(registration, { type: 'Recalled', registrationId }));
  },
});
