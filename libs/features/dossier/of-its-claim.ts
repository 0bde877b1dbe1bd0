import { openly } from '#event-sourcing/event.js';

/** Tells of one claim and of nobody else: whoever holds it reads it whole, each of these fields. */
export const ofItsClaim = <const Fields extends readonly string[]>(...fields: Fields) =>
  ({ personal: {}, whose: 'registration', toParty: { registrationId: 'ifOwn', ...openly(...fields) } }) as const;
