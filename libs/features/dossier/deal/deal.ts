import type { Happening } from '#event-sourcing/event.js';
import type { EventId, Instant, PartyId } from '#event-sourcing/vocabulary.js';
import type { Attributed, DealId, DealRecorded } from '../events.js';

/** Who was credited for a deal, by which event. */
export type Credited = Pick<Attributed, 'basis' | 'registrationId' | 'lines' | 'commission' | 'currency'> & {
  readonly id?: EventId | undefined;
  readonly at: Instant;
};
/** One contract that was signed. */
export interface Deal extends Pick<
  DealRecorded,
  'amount' | 'signedAt' | 'closedBy' | 'assistants' | 'contractNumber' | 'currency'
> {
  readonly id: DealId;
  /** Absent: it is not attributed, or was and the attribution is reversed. */
  readonly credited?: Credited;
  readonly rescinded?: true;
}
/** Everybody who had a part in it, or was credited for it. */
export const partiesOf = ({ closedBy, assistants, credited }: Deal): readonly PartyId[] => [
  ...new Set([closedBy, ...assistants, ...(credited?.lines ?? []).map(({ partyId }) => partyId)]),
];
type Known = Deal | undefined;

export const signed = ({ event }: Happening<DealRecorded>): Deal => ({
  id: event.dealId,
  amount: event.amount,
  signedAt: event.signedAt,
  closedBy: event.closedBy,
  assistants: event.assistants,
  contractNumber: event.contractNumber,
  currency: event.currency,
});
export const credited = (deal: Known, { id, at, event }: Happening<Attributed>): Known =>
  deal && {
    ...deal,
    credited: {
      id,
      at,
      basis: event.basis,
      registrationId: event.registrationId,
      lines: event.lines,
      commission: event.commission,
      currency: event.currency,
    },
  };
export const reversed = (deal: Known): Known => {
  if (deal === undefined) return undefined;
  const { credited: _, ...uncredited } = deal;
  return uncredited;
};
export const takenBack = (deal: Known): Known => deal && { ...deal, rescinded: true };
