import { accept } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { optional } from '../../../deciding/input.js';
import { onRegistration } from '../../on-registration.js';
import { rollOn } from '../roll-on.js';
import { about } from '../../placed.js';

/** The holder worked the customer: proof that the claim is alive (R04.09). */
export const recordFollowUp = onRegistration({
  name: 'RecordFollowUp',
  operation: 'recordFollowUp',
  who: 'party',
  says: 'The holder worked the customer. / 登记跟进。',
  input: { note: optional('text') },
  hasHappened: true,
  decide: ({ facts, registration }, { registrationId, note }) => {
    return accept(
      ...about(registration, {
        type: 'FollowUpRecorded',
        registrationId,
        by: facts.command.by,
        ...(note === undefined ? {} : { note: personal(note) }),
      }),
      ...rollOn(registration, 'followUp', facts),
    );
  },
});
