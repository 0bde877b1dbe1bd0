import type { AsRecorded, Recorded } from '#event-sourcing/event.js';
import type { Code, StreamName } from '#event-sourcing/vocabulary.js';
import type { DecisionFacts } from '../deciding/decision-facts.js';
import { applyDossier, type Dossier } from './dossier.js';
import type { DossierEvent } from './events.js';

/** Folds events that are about to be written, so that later steps of the same decision see them. */
export const foldUnrecorded = (
  dossier: Dossier,
  events: readonly DossierEvent[],
  facts: Pick<DecisionFacts, 'now' | 'command' | 'inForce'>,
): Dossier => events.reduce((next, event) => applyDossier(next, ahead(event, facts)), dossier);

const ahead = (
  event: DossierEvent,
  { now, command, inForce }: Pick<DecisionFacts, 'now' | 'command' | 'inForce'>,
): Recorded<DossierEvent> => ({
  event: event as unknown as AsRecorded<DossierEvent>,
  kind: 'ruling',
  id: 'ahead' as Recorded['id'],
  stream: '' as StreamName,
  revision: -1,
  position: -1,
  organisation: '' as Recorded['organisation'],
  command: { id: command.commandId, name: '' as Code, step: 0, of: 0 },
  actor: { party: command.by },
  times: { occurredAt: now, receivedAt: now, receivedBy: command.receivedBy, recordedAt: now },
  boxes: {},
  ...(inForce === undefined ? {} : { policy: inForce.policy.reference }),
});
