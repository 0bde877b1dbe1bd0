import { accept } from '#event-sourcing/decision.js';
import type { DossierId } from '../../events.js';
import { type DossierCommand, onDossier } from '../../on-dossier.js';

/**
 * Asked by the deadline tick. What is due is recorded before any decision, so there is nothing left to decide; safe to
 * ask again.
 */
export interface MeetDeadlines extends DossierCommand {
  readonly dossierId: DossierId;
}

export const meetDeadlines = onDossier<MeetDeadlines>({
  name: 'MeetDeadlines',
  dossierId: ({ dossierId }) => dossierId,
  decide: ({ heldUp }) => {
    // Not refused: a tick that was answered once would never ask again.
    if (heldUp !== undefined) throw heldUp;
    return accept();
  },
});
