import type { Decision, Placed } from '#event-sourcing/decision.js';
import type { Code, Instant, StreamName } from '#event-sourcing/vocabulary.js';
import type { FactsInForce } from '../deciding/decision-facts.js';
import { clockParty } from '../deciding/system-parties.js';
import type { WorkCounted } from '../work/events.js';
import type { Dossier } from './dossier.js';
import type { Registration } from './registration.js';
import type { CaseId, ContractEvent, DealId, DossierEvent, DossierId, RegistrationId } from './events.js';

export type PlacedEvent = Placed<DossierEvent>;
/** What a command about a subject writes: in its dossier, and in the streams of contracts' numbers and of work. */
export type PlacedWithContract = PlacedEvent | Placed<ContractEvent> | Placed<WorkCounted>;
export type DossierDecision = Decision<PlacedWithContract>;

export const dossierStream = (dossier: DossierId): StreamName => `dossier-${dossier}` as StreamName;
/** The dossier that a registration, case or deal id names. */
export const dossierOf = (id: RegistrationId | CaseId | DealId): DossierId => id.slice(0, id.indexOf('.')) as DossierId;

/** Ruled on one registration, under the version that it was filed under (decision 4). */
export const about = (
  { id, policy }: Pick<Registration, 'id' | 'policy'>,
  ...events: readonly DossierEvent[]
): readonly PlacedEvent[] => events.map((event) => ({ stream: dossierStream(dossierOf(id)), event, policy }));

/** About a subject, under the version in force: who may do a thing is always asked of that one. */
export const inDossier = (
  { id }: Pick<Dossier, 'id'>,
  { inForce }: Pick<FactsInForce, 'inForce'>,
  ...events: readonly DossierEvent[]
): readonly PlacedEvent[] =>
  events.map((event) => ({ stream: dossierStream(id!), event, policy: inForce.policy.reference }));

/** What time alone has decided at `at` is time's own, whoever's command it is recorded in front of. */
export const byTime = (
  placed: readonly PlacedEvent[],
  at: Instant,
  { now }: Pick<FactsInForce, 'now'>,
): readonly PlacedEvent[] =>
  placed.map((each) => ({
    ...each,
    source: { actor: { party: clockParty }, occurredAt: at, receivedAt: now, receivedBy: 'clock' as Code },
  }));
