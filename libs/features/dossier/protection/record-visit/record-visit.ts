import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { optional } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/**
 * The customer came, or was called on. Recorded by whoever the policy lets; it rolls the clock where the policy says
 * so.
 */
export const recordVisit = onRegistration({
  name: 'RecordVisit',
  operation: 'recordVisit',
  who: 'party',
  says: 'The customer came, or was called on. / 登记到访。',
  input: { note: optional('text') },
  hasHappened: true,
  decide: ({ facts, registration }, { registrationId, note }) => {
    return accept(
      ...about(registration, {
        type: 'VisitRecorded',
        registrationId,
        by: facts.command.by,
        ...(note === undefined ? {} : { note: personal(note) }),
      }),
      ...rollOn(registration, 'visit', facts),
    );
  },
});
