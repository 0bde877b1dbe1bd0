import { decodeEvent } from '#event-sourcing/envelope.js';
import type { Recorded } from '#event-sourcing/event.js';
import { catalogue } from '#features/edge/catalogue.js';
import { commandTo } from '#features/edge/command-bus.js';
import type { DossierEvent, DossierId, RegistrationId } from '#features/dossier/events.js';
import { repairClock } from '#features/dossier/protection/repair-clock/repair-clock.js';
import type { ProgramId } from '#event-sourcing/vocabulary.js';
import type { Installation } from '#installation/installation.js';
import { onHost } from './on-host.js';

/** What was given back, and what was not: another is protected by now, or a case is open. */
export interface Repaired {
  readonly back: readonly RegistrationId[];
  readonly left: readonly RegistrationId[];
}

/** Asks every dossier in which time ended something at a moment that is still to come; safe to ask again. */
export const repairAll = async (installation: Installation, grounds: string): Promise<Repaired> => {
  const early = await endedEarly(installation);
  const back: RegistrationId[] = [];
  for (const [dossierId, { programId }] of early) {
    const sent = await installation.bus.execute(
      commandTo(repairClock, { ...onHost(installation), programId, dossierId, grounds }),
    );
    if (sent.outcome === 'indeterminate') throw new Error(`It is not known whether ${sent.commandId} was recorded`);
    if (sent.outcome === 'refused') continue;
    for (const { event } of sent.events as readonly Recorded<DossierEvent>[])
      if (event.type === 'RulingRescinded') back.push(event.registrationId);
  }
  const ended = [...early.values()].flatMap(({ registrations }) => [...registrations]);
  return { back, left: ended.filter((id) => !back.includes(id)) };
};

interface Early {
  readonly programId: ProgramId;
  readonly registrations: Set<RegistrationId>;
}
const endedEarly = async ({ parts: { log }, clock }: Installation): Promise<ReadonlyMap<DossierId, Early>> => {
  const found = new Map<DossierId, Early>();
  for (let from = 0, head = await log.head(); from < head;) {
    const { events, next } = await log.readAll(from, { types: ['Expired', 'Abandoned', 'RulingRescinded'] });
    for (const stored of events) {
      const { event, program } = decodeEvent(stored, catalogue) as Recorded<DossierEvent>;
      if (event.type !== 'Expired' && event.type !== 'Abandoned' && event.type !== 'RulingRescinded') continue;
      const dossierId = event.registrationId.slice(0, event.registrationId.indexOf('.')) as DossierId;
      const early = found.get(dossierId) ?? { programId: program!, registrations: new Set() };
      if (event.type === 'RulingRescinded') early.registrations.delete(event.registrationId);
      else if (event.endedAt > clock.now()) early.registrations.add(event.registrationId);
      if (early.registrations.size > 0) found.set(dossierId, early);
      else found.delete(dossierId);
    }
    from = next;
  }
  return found;
};
