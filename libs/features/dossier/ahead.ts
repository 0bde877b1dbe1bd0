import { actorOf, type DecisionFacts } from '../deciding/decision-facts.js';
import { applyDossier, type Dossier } from './dossier.js';
import type { PlacedEvent } from './placed.js';

/** Folds events of this dossier that are about to be written, so that later steps of the same decision see them. */
export const foldUnrecorded = (
  dossier: Dossier,
  placed: readonly PlacedEvent[],
  { now, command }: Pick<DecisionFacts, 'now' | 'command'>,
): Dossier =>
  placed.reduce(
    (next, { event, policy, source }) =>
      applyDossier(next, {
        event,
        policy,
        at: now,
        occurredAt: source?.occurredAt ?? command.occurredAt ?? command.receivedAt,
        by: source?.actor ?? actorOf(command),
      }),
    dossier,
  );
