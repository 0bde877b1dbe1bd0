/** Tells of one claim and of nobody else: whoever holds it reads it whole. */
export const ofItsClaim = { personal: {}, whose: 'registration', toParty: { registrationId: 'ifOwn' } } as const;
