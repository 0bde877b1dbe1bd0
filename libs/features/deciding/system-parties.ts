import type { PartyId } from '#event-sourcing/vocabulary.js';

/** The installation itself: what it opens before anybody can act. */
export const systemParty = 'baobei' as PartyId;
/** The party in whose name time itself acts. */
export const clockParty = 'baobei-clock' as PartyId;
/** The party in whose name notices are issued. */
export const noticeParty = 'baobei-notices' as PartyId;

/** Vouches for whoever works on the server's own machine, in place of a token's issuer. */
export const hostIssuer = 'baobei:host';

/** Kept for the system: no token speaks for such a party, nobody acts on its behalf, nobody is enrolled as it. */
export const isSystemParty = (party: string): boolean => party === systemParty || party.startsWith(`${systemParty}-`);
