import type { PartyId } from '#event-sourcing/vocabulary.js';

/** Who has a claim by now, and who filed it for whom. */
export interface Whose {
  readonly holder: PartyId;
  readonly filedBy: PartyId;
  /** Absent: nobody else has held it since. */
  readonly filedFor?: PartyId | undefined;
}
/** A claim as it is read: beside its holder, whoever works on it. */
export interface WhoseWork extends Whose {
  readonly parts?: Readonly<Record<string, PartyId>> | undefined;
  /** Its end ends the parts. */
  readonly endedAt?: string | undefined;
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

/** Who reads a claim as their own: its present holder, whose hand that holder acts by, and whoever has a part in it. */
export const isOwn = (claim: WhoseWork, party: PartyId, actsForOthers: boolean): boolean =>
  claim.holder === party || isFilerOf(claim, party, actsForOthers) || hasPart(claim, party);
const hasPart = ({ parts = {}, endedAt }: WhoseWork, party: PartyId): boolean =>
  endedAt === undefined && Object.values(parts).includes(party);
