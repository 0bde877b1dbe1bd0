import { accept, refuse } from '#event-sourcing/decision.js';
import { personal } from '#event-sourcing/event.js';
import { seenByTwo, inOwnCause } from '../../own-cause.js';
import type { DealId } from '../../events.js';
import { dossierOf, mayAct, onDossier, permissionOf, refuseWith, type DossierCommand } from '../../on-dossier.js';
import { inDossier, type PlacedWithContract } from '../../placed.js';
import { freed, lookedUp, type Looked } from '../contract.js';
import { partiesOf } from '../deal.js';
import { reversing } from '../reversing.js';

/**
 * A deal that was recorded by mistake is taken back. It stays in the history; its attribution is met by its mirror, so
 * that both sum to nothing, and the number of its contract is free for the right one.
 */
export interface RescindDeal extends DossierCommand {
  readonly dealId: DealId;
  /** Read by whoever was credited. */
  readonly grounds: string;
  /** Looked up: the contract's number, which the deal holds. */
  readonly contract?: Looked;
}

export const rescindDeal = onDossier<RescindDeal>({
  name: 'RescindDeal',
  dossierId: ({ dealId }) => dossierOf(dealId),
  look: async (reader, command, { dossier }) => ({
    ...command,
    contract: await lookedUp(reader, command.programId, dossier.deals.get(command.dealId)?.contractNumber),
  }),
  decide: ({ facts, dossier }, { dealId, grounds, contract }) => {
    const barred = refuseWith(mayAct(facts, 'rescindRuling'));
    if (barred !== undefined) return barred;
    const deal = dossier.deals.get(dealId);
    if (deal === undefined) return refuse({ reason: 'DealUnknown', field: 'dealId' });
    const registration =
      deal.credited?.registrationId === undefined ? undefined : dossier.registrations.get(deal.credited.registrationId);
    const kept = refuseWith([
      ...inOwnCause(
        facts,
        dossier,
        partiesOf(deal).map((holder) => ({ holder })),
      ),
      ...seenByTwo(facts, 'rescindRuling', registration === undefined ? [] : [registration]),
    ]);
    if (kept !== undefined) return kept;
    if (deal.rescinded === true) return refuse({ reason: 'AlreadyRescinded', field: 'dealId' });
    const because = permissionOf(facts, 'rescindRuling');
    return accept<PlacedWithContract>(
      ...freed(contract, dealId, facts),
      ...inDossier(dossier, facts, ...reversing(deal, because), {
        type: 'DealRescinded',
        dealId,
        ...(deal.credited?.registrationId === undefined ? {} : { registrationId: deal.credited.registrationId }),
        grounds: personal(grounds),
        because,
      }),
    );
  },
});
