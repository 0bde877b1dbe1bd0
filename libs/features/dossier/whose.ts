import type { PartyId } from '#event-sourcing/vocabulary.js';

/** Who has a claim by now, and who filed it for whom. */
export interface Whose {
  readonly holder: PartyId;
  readonly filedBy: PartyId;
  /** Absent: nobody else has held it since. */
  readonly filedFor?: PartyId | undefined;
}

/**
 * Whoever filed a claim acts for its holder as long as that is who they filed it for, and they may still act for
 * others: a transfer ends it, and so does the end of a role.
 */
export const isFilerOf = (
  { holder, filedBy, filedFor = holder }: Whose,
  party: PartyId,
  actsForOthers: boolean,
): boolean => filedBy === party && filedFor === holder && (holder === party || actsForOthers);

/** Whose a claim is, for commands and for reading alike: its present holder's, and whose hand that holder acts by. */
export const isOwn = (claim: Whose, party: PartyId, actsForOthers: boolean): boolean =>
  claim.holder === party || isFilerOf(claim, party, actsForOthers);
